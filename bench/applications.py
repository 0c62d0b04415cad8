"""An application while it is measured: its database, a process to ask, and its server."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psutil

from bench import inside
from bench.content import DRIVEN, DataSet, Drive, addresses
from bench.databases import ROOT, Backends, PostgreSQL, SQLite, version_of

PROCESSES = 2
OURS, STOCK = "ours", "stock"
SETTINGS = {OURS: "todo_project.settings", STOCK: "bench.stock.settings"}
# A page that anybody may ask for.
OPEN_PAGES = {OURS: "/livez", STOCK: "/login/"}
# What a data set follows from, beside migrations, which are applied to one that is kept.
COMMON = ("bench/content.py", "bench/multiply.py", "bench/inside.py")
SOURCES = {OURS: (*COMMON, "bench/ours.py"), STOCK: (*COMMON, "bench/stock/people.py")}
PATIENCE = 60
Found = TypeVar("Found")


@dataclass
class Application:
    """One that is being served; `database` is None where its time cannot be told apart."""

    name: str
    data: DataSet
    address: str
    server: psutil.Process
    database: Backends | None
    helper: ProcessPoolExecutor
    # The processor time of each process of the server, ended ones included.
    seconds: dict[int, float] = field(default_factory=dict)

    def ask(self, question: Callable[..., Found], *arguments: Any) -> Found:
        """What a function of `bench.inside` answers in this application's own process."""
        return self.helper.submit(question, *arguments).result()

    def drive(self, operation: str, people: list[str] | None = None) -> Drive:
        everybody = addresses(DRIVEN, self.data.driven)
        return self.ask(inside.drive, operation, people or everybody)

    def spent(self) -> tuple[float, float]:
        """Seconds of the processor until now, of the server and of the database."""
        for process in self.processes():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            self.seconds[process.pid] = times.user + times.system
        return sum(self.seconds.values()), self.database.spent() if self.database else 0.0

    def processes(self) -> list[psutil.Process]:
        return [self.server, *self.server.children(recursive=True)]

    def memory(self) -> float:
        """MiB that the largest of its processes holds: a worker, under load."""
        return max(process.memory_info().rss for process in self.processes()) / 2**20

    def get(self, path: str, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(self.address + path, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def prepared(
    name: str, data: DataSet, server: PostgreSQL | SQLite, *, with_pages: bool = True
) -> Iterator[tuple[dict[str, str], ProcessPoolExecutor]]:
    """The environment of the application on a copy of the data set, and a process that has it.

    Nothing of either is left afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="todo-bench-") as folder:
        environ = environment(name, Path(folder))

        def prepare(address: str, is_new: bool) -> None:
            with helper(environ | {"DATABASE_URL": address}) as asked:
                asked.submit(inside.migrate).result()
                if is_new:
                    print(f"Making {data.tasks:,} tasks for {name} …", flush=True)  # noqa: T201
                    asked.submit(inside.fill, data).result()

        with server.copy(f"{data.name}_{name}", version_of(*SOURCES[name]), prepare) as address:
            environ["DATABASE_URL"] = address
            with helper(environ) as asked:
                if with_pages:
                    asked.submit(inside.collect_static_files).result()
                yield environ, asked


@contextmanager
def serving(
    name: str,
    data: DataSet,
    server: PostgreSQL | SQLite,
    *,
    threads: int,
    with_pages: bool = True,
) -> Iterator[Application]:
    """The application on a copy of the data set, served by PROCESSES of so many threads."""
    with prepared(name, data, server, with_pages=with_pages) as (environ, asked):
        environ["WEB_THREADS"] = str(threads)
        database = urlsplit(environ["DATABASE_URL"]).path[1:]
        is_told = isinstance(server, PostgreSQL) and server.is_here
        backends = Backends(server, database) if is_told else None
        with started(environ, environ["PUBLIC_URL"] + OPEN_PAGES[name]) as process:
            address = f"http://127.0.0.1:{environ['PORT']}"
            yield Application(name, data, address, process, backends, asked)


def usual_threads() -> int:
    """How many threads a process of the application has unless it is told otherwise."""
    with tempfile.TemporaryDirectory() as folder, helper(environment(OURS, Path(folder))) as asked:
        return asked.submit(inside.threads).result()


def environment(name: str, folder: Path) -> dict[str, str]:
    """What the application is told, so that no .env of this machine counts."""
    port = free_port()
    return {
        "DJANGO_SETTINGS_MODULE": SETTINGS[name],
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/none.sqlite3",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        # The stock application writes no line for a request either.
        "LOG_LEVEL": "WARNING",
        "CACHE_URL": os.environ.get("CACHE_URL", "locmemcache://"),
        "EMAIL_URL": "dummymail://",
        "DEBUG": "false",
        "WEB_PROCESSES": str(PROCESSES),
        # They are counted as ever, and never too many.
        "LIMIT_REQUESTS": "999999999/m",
        "LIMIT_REQUESTS_OF_ADDRESS": "999999999/m",
    }


@contextmanager
def helper(environ: dict[str, str]) -> Iterator[ProcessPoolExecutor]:
    """A process of its own, with Django set up for one application."""
    with ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=begin, initargs=[environ]
    ) as pool:
        try:
            yield pool
        except BaseException:
            # Who ends early does not wait until it has made millions of tasks.
            for process in active_children():
                process.kill()
            raise


def begin(environ: dict[str, str]) -> None:
    # Ctrl-C is for the process that asks, which then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inside.set_up(environ)


@contextmanager
def started(environ: dict[str, str], open_page: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "bench.serve", environ["PORT"]],
        cwd=ROOT,
        env={**os.environ, **environ},
        start_new_session=True,
    )
    try:
        wait_for_answer(open_page, process)
        yield psutil.Process(process.pid)
    finally:
        end_group(process)


def wait_for_answer(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE * 10):
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()  # noqa: S310
            return
        except urllib.error.HTTPError as problem:
            raise SystemExit(f"{address} answers {problem}.") from None
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise SystemExit("The server did not begin to answer; see above.")


def end_group(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(10)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
