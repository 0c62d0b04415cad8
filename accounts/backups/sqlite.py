"""Copying an SQLite file as it is at one moment, and back, while others use it or not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

from accounts.backups.errors import BackupFailed

SUFFIX = ".sqlite3"
PATIENCE = 20


def database() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def exists() -> bool:
    return database().is_file()


def copy_to(draft: Path) -> None:
    """Copy the database to `draft`: one file, without a log of its own beside it."""
    with telling(database()):
        copy(database(), draft)
        with closing(sqlite3.connect(draft)) as copied:
            copied.execute("PRAGMA journal_mode=DELETE")
            refuse_damaged(copied, database())


def migrations_in(backup: Path) -> set[tuple[str, str]]:
    with telling(backup), closing(open_read_only(backup)) as source:
        refuse_damaged(source, backup)
        return set(source.execute("SELECT app, name FROM django_migrations"))


def restore(backup: Path, *, drafts: Path) -> None:
    """Write `backup` over the database, within one transaction: others see all of it or nothing."""
    with telling(database()):
        copy(backup, database())
    database().chmod(0o600)


def copy(source: Path, target: Path) -> None:
    with (
        closing(open_read_only(source)) as from_,
        closing(sqlite3.connect(target, timeout=PATIENCE)) as to,
    ):
        from_.backup(to)


def open_read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)


def refuse_damaged(connection: sqlite3.Connection, path: Path) -> None:
    [answer] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise BackupFailed(f"{path} is damaged: {answer}")


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Say about which file SQLite complains."""
    try:
        yield
    except sqlite3.Error as problem:
        raise BackupFailed(f"{path}: {problem}") from problem
