"""PostgreSQL servers and a PgBouncer of the test's own, which it may set up and stop."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.servers import free_port

PATIENCE = 30
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
IS_ROOT = os.geteuid() == 0
# Neither server runs as root.
AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if IS_ROOT else []
PGBOUNCER = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")

needs_servers = pytest.mark.skipif(
    not BINARIES, reason="no PostgreSQL server is installed in /usr/lib/postgresql"
)
needs_pgbouncer = pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed")


def run(*command: str) -> None:
    # Servers that are started would hold a pipe open.
    done = subprocess.run(
        [*AS_POSTGRES, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/tmp",  # noqa: S108
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, command


@contextmanager
def folder() -> Iterator[Path]:
    """A folder in which servers that are not root can write."""
    path = Path(tempfile.mkdtemp(prefix="todo-servers-"))
    if IS_ROOT:
        shutil.chown(path, "postgres")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@dataclass
class Cluster:
    data: Path
    port: int = field(default_factory=free_port)

    def url(self, name: str = "postgres", *, query: str = "") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}{query}"

    def initialise(self) -> None:
        run(binary("initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "--no-sync")

    def start(self, **settings: str) -> None:
        # What a test stops is its own to lose.
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off"
        options += " -c unix_socket_directories= "
        options += " ".join(f"-c {name}={value}" for name, value in settings.items())
        log = str(self.data / "log.txt")
        run(binary("pg_ctl"), "-D", str(self.data), "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """As if the machine had lost its power."""
        run(binary("pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop")

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        yield
        self.start()

    def execute(self, *statements: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """The rows of the last of `statements`."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def binary(name: str) -> str:
    return str(BINARIES[-1].parent / name)


@contextmanager
def own_cluster(**settings: str) -> Iterator[Cluster]:
    with folder() as path:
        cluster = Cluster(path / "data")
        cluster.initialise()
        cluster.start(**settings)
        try:
            yield cluster
        finally:
            with suppress(AssertionError):
                cluster.stop()


@contextmanager
def own_pgbouncer(cluster: Cluster) -> Iterator[int]:
    """The port of a PgBouncer in transaction mode, with fewer connections than clients."""
    with folder() as path:
        port, settings = free_port(), path / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host=127.0.0.1 port={cluster.port} user=postgres\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            "auth_type = any\npool_mode = transaction\ndefault_pool_size = 4\n"
        )
        assert PGBOUNCER is not None
        process = subprocess.Popen(
            [*AS_POSTGRES, PGBOUNCER, str(settings)], stderr=subprocess.DEVNULL
        )
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait_for(port: int) -> None:
    for _ in range(PATIENCE * 20):
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"postgres://postgres@127.0.0.1:{port}/postgres").close()
            return
        time.sleep(0.05)
    raise AssertionError(f"Nothing answers at port {port}.")
