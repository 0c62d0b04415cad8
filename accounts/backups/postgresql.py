"""Copying a PostgreSQL database as it is at one moment, and back, by PostgreSQL's own tools."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import psycopg
from django.db import OperationalError, connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from accounts.backups.errors import BackupFailed

SUFFIX = ".dump"
# Ours, and not what the command line must not show or these tools choose themselves.
NOT_SAID = {"password", "options", "client_encoding"}


def exists() -> bool:
    try:
        return bool(connection.introspection.table_names())
    except OperationalError as problem:
        raise BackupFailed(f"The database does not answer: {problem}") from problem


def copy_to(draft: Path) -> None:
    run("pg_dump", "--format=custom", "--no-password", f"--file={draft}", address())


def migrations_in(backup: Path) -> set[tuple[str, str]]:
    rows = run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(backup))
    columns = (line.split("\t") for line in rows.splitlines())
    return {(row[1], row[2]) for row in columns if len(row) == 4}


def restore(backup: Path, *, drafts: Path) -> None:
    """Put `backup` in the place of every table, within one transaction.

    Its statements are written to a file first, in `drafts`: a pipe that breaks would look whole.
    """
    with NamedTemporaryFile("w", dir=drafts, suffix=".part") as script:
        script.write(removal())
        script.flush()
        write_script(backup, script.file)
        run(
            *["psql", "--no-password", "--no-psqlrc", "--quiet", "--single-transaction"],
            *["--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--file={script.name}", address()],
        )


def write_script(backup: Path, script: IO[str]) -> None:
    run(
        *["pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--file=-", str(backup)],
        output=script,
    )


def removal() -> str:
    """The statements that remove every table, those that the backup does not know included."""
    tables = sql.SQL(", ").join(map(sql.Identifier, connection.introspection.table_names()))
    quiet = "SET client_min_messages = warning;\n"
    if not tables.as_string():
        return quiet
    return quiet + sql.SQL("DROP TABLE {} CASCADE;\n").format(tables).as_string()


def address() -> str:
    """Where the database is, for libpq; without the password, which every process could read."""
    known = {each.keyword.decode() for each in psycopg.pq.Conninfo.get_defaults()} - NOT_SAID
    parameters = connection.get_connection_params()
    return make_conninfo(
        **{name: value for name, value in parameters.items() if name in known and value != ""}
    )


def run(program: str, *arguments: str, output: IO[str] | None = None) -> str:
    """What `program` prints, unless it goes to `output`. Raises BackupFailed with its complaint."""
    environment = {name: value for name, value in os.environ.items() if name != "PGOPTIONS"}
    if password := connection.get_connection_params().get("password"):
        environment["PGPASSWORD"] = password
    try:
        done = subprocess.run(  # noqa: S603
            [program, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise BackupFailed(
            f"{program} is not installed here. It comes with PostgreSQL's client "
            "(postgresql-client), of the server's version or newer."
        ) from None
    if done.returncode:
        raise BackupFailed(f"{program}: {done.stderr.strip()}")
    return done.stdout or ""
