"""A PostgreSQL server of a drill's own, which it may stop."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import PATIENCE, free_port

PG_CTL = shutil.which("pg_ctl") or next(
    (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))), None
)
# PostgreSQL does not run as root.
IS_ROOT = os.geteuid() == 0
USER = "postgres" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name


@dataclass(frozen=True)
class Cluster:
    """A server with its files in `folder`, at `port` of this machine."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://{USER}@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL, as the user that the server has."""
        path = str(Path(str(PG_CTL)).resolve().with_name(program))
        subprocess.run(
            [path, *arguments],
            user=USER if IS_ROOT else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
        )

    def start(self) -> None:
        log, options = self.folder / "log", f"-p {self.port} -h 127.0.0.1 -k ''"
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-l", str(log), "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-m", how, "stop")

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        yield
        self.start()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new server, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="todo-cluster-"))
    shutil.chown(folder, USER)
    made = Cluster(folder / "data", free_port())
    try:
        made.run("initdb", "-D", str(made.folder), "-U", USER, "-A", "trust", "--no-sync")
        made.start()
        yield made
    finally:
        if (made.folder / "postmaster.pid").exists():
            made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
