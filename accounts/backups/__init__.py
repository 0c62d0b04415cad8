"""Backups of the whole database, in `DATA_DIR/backups`: made, kept, and put back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.backups import postgresql, sqlite
from accounts.backups.errors import BackupFailed
from accounts.signals import database_restored

KEPT = 7
STAMP = "todo-%Y%m%d-%H%M%S-%f"
ABANDONED = timedelta(days=1)

engine = sqlite if settings.IS_SQLITE else postgresql


@dataclass(frozen=True)
class Backup:
    path: Path
    taken_at: datetime

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size


def folder() -> Path:
    return Path(settings.DATA_DIR) / "backups"


def all_backups() -> list[Backup]:
    """Every backup of this kind of database, the oldest first."""
    return [
        Backup(path, datetime.strptime(path.stem, STAMP).replace(tzinfo=UTC))
        for path in sorted(folder().glob(f"todo-*-*-*{engine.SUFFIX}"))
    ]


def back_up(*, at: datetime) -> Backup | None:
    """Make a backup, and erase those that are too many by then. Otherwise as `make`."""
    backup = make(at=at)
    for each in superfluous(all_backups()):
        each.path.unlink(missing_ok=True)
    return backup


def make(*, at: datetime) -> Backup | None:
    """Copy the database as it is at one moment.

    Returns None where there is no database yet. Raises BackupFailed, and leaves nothing then.
    """
    if not engine.exists():
        return None
    folder().mkdir(mode=0o700, exist_ok=True)
    backup = Backup(folder() / f"{at:{STAMP}}{engine.SUFFIX}", at)
    with draft_of(backup.path) as draft:
        engine.copy_to(draft)
    return backup


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """A file that gets its final name once it is whole; those cut short go after a day."""
    for abandoned in folder().glob("*.part"):
        if time.time() - abandoned.stat().st_mtime > ABANDONED.total_seconds():
            abandoned.unlink(missing_ok=True)
    draft = path.with_suffix(".part")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        yield draft
        draft.rename(path)
    except OSError as problem:
        raise BackupFailed(f"{problem.strerror}: {path}") from problem
    finally:
        draft.unlink(missing_ok=True)


def superfluous(backups: list[Backup]) -> list[Backup]:
    """What need not be kept: neither one of the last seven, nor the first of one of seven days.

    The first of a day is from before whatever went wrong on it, however often that was backed up.
    """
    firsts = {backup.taken_at.date(): backup for backup in reversed(backups)}
    kept = [*backups[-KEPT:], *sorted(firsts.values(), key=lambda first: first.path)[-KEPT:]]
    return [backup for backup in backups if backup not in kept]


def restore(path: Path, *, at: datetime) -> None:
    """Put the backup at `path` in the place of the whole database, and sign everybody out.

    All or nothing. One of an older version is brought up to this one. Raises BackupFailed if it is
    none of ours, or of a newer version.
    """
    refuse_foreign(engine.migrations_in(path))
    connection.close()
    folder().mkdir(mode=0o700, exist_ok=True)
    engine.restore(path, drafts=folder())
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        database_restored.send(sender=None, at=at)


def refuse_foreign(applied: set[tuple[str, str]]) -> None:
    """Raise BackupFailed unless a database with these migrations is of this version or before."""
    if ("accounts", "0001_initial") not in applied:
        raise BackupFailed("This is not a backup of this application.")
    known = MigrationLoader(None).disk_migrations
    apps = {app for app, _ in known}
    newer = {f"{app}.{name}" for app, name in applied if app in apps and (app, name) not in known}
    if newer:
        raise BackupFailed(
            "This backup is of a newer version of the application: it has "
            f"{', '.join(sorted(newer))}. Install that version first."
        )
