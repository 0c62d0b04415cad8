"""Databases of the benchmark's own, and the processor time that PostgreSQL spends on them.

A data set is filled once and kept under its name, todo_bench_…; each run works on a copy of it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
PREFIX = "todo_bench"
# Brings a database at an address up to date, and fills it if it is new.
Prepare = Callable[[str, bool], None]


@dataclass(frozen=True)
class PostgreSQL:
    """A server where we may make databases; the one that `url` names is left alone."""

    url: str

    def address(self, database: str) -> str:
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(scheme="postgres", path=f"/{database}"))

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.address("postgres"), autocommit=True, connect_timeout=5)

    @contextmanager
    def copy(self, name: str, version: str, prepare: Prepare) -> Iterator[str]:
        """The address of a copy of the data set `name`, which is made unless it is there."""
        kept, used = f"{PREFIX}_{name}", f"{PREFIX}_{name}_run"
        with self.connect() as server:
            is_new = comment_on(server, kept) != version
            if is_new:
                drop(server, kept)
                create(server, kept)
            prepare(self.address(kept), is_new)
            if is_new:
                comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
                server.execute(comment.format(sql.Identifier(kept), sql.Literal(version)))
            drop(server, used)
            create(server, used, template=kept)
            try:
                yield self.address(used)
            finally:
                drop(server, used)

    def drop_all(self) -> list[str]:
        with self.connect() as server:
            rows = server.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{PREFIX}_"]
            )
            names = [name for (name,) in rows]
            for name in names:
                drop(server, name)
        return names

    @property
    def is_here(self) -> bool:
        """Whether its processes are of this machine, so that their time can be told."""
        with self.connect() as server:
            pid = server.info.backend_pid
        return psutil.pid_exists(pid) and psutil.Process(pid).name().startswith("postgres")

    @property
    def title(self) -> str:
        with self.connect() as server:
            number = server.info.server_version
        return f"PostgreSQL {number // 10_000}"


@dataclass(frozen=True)
class SQLite:
    """A file of its own for each run."""

    is_here = False
    title = "SQLite"

    @contextmanager
    def copy(self, name: str, version: str, prepare: Prepare) -> Iterator[str]:
        with tempfile.TemporaryDirectory(prefix=f"{PREFIX}-") as folder:
            address = f"sqlite:///{folder}/{name}.sqlite3"
            prepare(address, True)
            yield address


def server_of(url: str) -> PostgreSQL | SQLite:
    """Where `url`, a DATABASE_URL or nothing, leads: the local PostgreSQL if it answers."""
    if url.startswith("sqlite"):
        return SQLite()
    server = PostgreSQL(url or LOCAL)
    try:
        server.connect().close()
    except psycopg.OperationalError as problem:
        if url:
            raise SystemExit(f"PostgreSQL at {urlsplit(url).hostname}: {problem}") from None
        print(f"No PostgreSQL answers at {LOCAL}: this runs on SQLite.")  # noqa: T201
        return SQLite()
    return server


def create(server: psycopg.Connection, name: str, *, template: str = "template1") -> None:
    statement = "CREATE DATABASE {} TEMPLATE {}"
    if server.info.server_version >= 150_000 and template != "template1":
        statement += " STRATEGY FILE_COPY"
    server.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))


def drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def comment_on(server: psycopg.Connection, name: str) -> str | None:
    row = server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return row[0] if row else None


def version_of(*modules: str) -> str:
    """What changes with the modules that a data set follows from."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update((ROOT / module).read_bytes())
    return digest.hexdigest()[:16]


class Backends:
    """The processor time of the backends that serve one database, ended ones included.

    What PostgreSQL does later for all of them, as checkpoints and vacuum, is not in it.
    """

    def __init__(self, server: PostgreSQL, database: str) -> None:
        self.connection = server.connect()
        self.database = database
        self.seconds: dict[int, float] = {}

    def spent(self) -> float:
        """Seconds until now. Ask often: of one that ended, what was seen last counts."""
        rows = self.connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s", [self.database]
        )
        for (pid,) in rows.fetchall():
            try:
                times = psutil.Process(pid).cpu_times()
            except psutil.NoSuchProcess:
                continue
            self.seconds[pid] = times.user + times.system
        return sum(self.seconds.values())
