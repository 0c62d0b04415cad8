"""The application as it is really run, in processes of its own that a test may kill."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from itertools import count
from pathlib import Path
from queue import Queue
from typing import Any

from tests.environment import DATA_DIR

BASE_DIR = Path(__file__).resolve().parent.parent
PATIENCE = 60
# Style sheets and scripts, which the first server of a test run prepares and the others find.
PREPARED = DATA_DIR / "prepared"
# A database without rows.
MIGRATED = DATA_DIR / "migrated.sqlite3"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Application:
    """One data folder and database, and the commands that work on them."""

    data_dir: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATA_DIR": str(self.data_dir),
            "STATIC_DIR": str(PREPARED),
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://localhost:{self.port}",
            "EMAIL_URL": "consolemail://",
            "DATABASE_URL": f"sqlite:///{self.data_dir}/todo.sqlite3",
            "CACHE_URL": "locmemcache://",
            "PYTHONUNBUFFERED": "1",
            # Hardly any test reads what is printed, and a pipe that is full stops who prints.
            "LOG_LEVEL": "WARNING",
            **self.settings,
        }

    def manage(self, *arguments: str) -> str:
        """Run a command to its end and return what it printed, errors included."""
        return self.try_manage(*arguments, check=True).stdout

    def migrate(self) -> None:
        """Make the tables; an SQLite file is copied from the first one of this test run."""
        scheme, _, path = self.environment["DATABASE_URL"].partition(":///")
        if scheme == "sqlite" and MIGRATED.exists():
            shutil.copyfile(MIGRATED, path)
            return
        self.manage("migrate", "--verbosity=0")
        if scheme == "sqlite":
            with closing(sqlite3.connect(path)) as made:
                made.execute("VACUUM INTO ?", [str(MIGRATED)])

    def try_manage(self, *arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=check,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command that goes on, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[str]]:
        """The server, as soon as it takes requests; its whole group is gone afterwards."""
        with self.running("serve") as server:
            wait_for_line(server, "Serving")
            yield server

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        process = self.start(*arguments)
        try:
            yield process
        finally:
            kill_group(process)

    def get(self, path: str, *, token: str = "") -> tuple[int, Any]:
        return self.ask("GET", path, token=token)

    def post(self, path: str, body: dict[str, Any], *, token: str = "") -> tuple[int, Any]:
        return self.ask("POST", path, json.dumps(body).encode(), token=token)

    def ask(
        self, method: str, path: str, body: bytes | None = None, *, token: str = ""
    ) -> tuple[int, Any]:
        """The status and JSON of an answer. Raises OSError when there is none."""
        answer = self.exchange(method, path, body, token=token)
        if answer.status >= 400:
            raise AssertionError(f"{method} {path}: {answer.status} {answer.text!r}")
        return answer.status, json.loads(answer.text)

    def exchange(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any answer. Raises OSError when there is none."""
        headers = {**({"Content-Type": "application/json"} if body else {}), **(headers or {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        began = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except http.client.HTTPException as problem:
            raise ConnectionError(str(problem)) from problem
        finally:
            connection.close()
        return Answer(answer.status, answer.headers, text, time.monotonic() - began)

    def sign_in(self, *, is_new: bool = False) -> str:
        """An access token of Alice, whose account is made first if it `is_new`."""
        who = {"email": "alice@example.com", "password": "correct horse battery"}
        if is_new:
            self.post("/api/v1/users/", who)
        return str(self.post("/api/v1/token/", who)[1]["access"])

    def all_tasks(self, token: str) -> list[dict[str, Any]]:
        tasks: list[dict[str, Any]] = []
        for page in count(1):
            answer = self.get(f"/api/v1/tasks/?size=100&page={page}", token=token)[1]
            tasks += answer["items"]
            if page >= answer["pages"]:
                break
        return tasks


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: Message
    text: bytes
    seconds: float


def wait_for_line(process: subprocess.Popen[str], start: str) -> str:
    """Read what `process` prints up to the line that begins with `start`, and return it all."""
    assert process.stdout is not None
    read = ""
    for line in process.stdout:
        read += line
        if line.startswith(start):
            return read
    raise AssertionError(f"It ended without a line that begins with {start!r}:\n{read}")


def kill_group(process: subprocess.Popen[str]) -> None:
    """End `process` and all its children at once, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    if process.stdout is not None:
        process.stdout.close()


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail, and accepts each only once `may_accept` is set."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailConversation)
        self.received: Queue[str] = Queue()
        self.may_accept = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class MailConversation(socketserver.StreamRequestHandler):
    """One SMTP conversation, as far as a client needs it."""

    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                self.take_message()
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take_message(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                self.server.received.put(b"".join(lines).decode())
                self.server.may_accept.wait(PATIENCE)
                self.say("250 accepted")
                return
            lines.append(line)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.may_accept.set()
        server.shutdown()
