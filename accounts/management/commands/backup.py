import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

KEPT = 7


class Command(BaseCommand):
    """Backs the SQLite file up, while the server runs or not, and keeps the last seven."""

    help = f"Back the SQLite database up into DATA_DIR/backups, and keep the last {KEPT}."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-sqlite", action="store_true", help="Do nothing when the database is another."
        )

    def handle(self, *, if_sqlite: bool, **options: Any) -> None:
        if not settings.IS_SQLITE:
            if if_sqlite:
                return
            raise CommandError(
                "This database is not SQLite; use its own tool: pg_dump for PostgreSQL."
            )
        database = Path(str(settings.DATABASES["default"]["NAME"]))
        if not database.is_file():
            self.stdout.write("There is no database to back up yet.")
            return
        folder = settings.DATA_DIR / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        backup = folder / f"todo-{timezone.now():%Y%m%d-%H%M%S-%f}.sqlite3"
        copy(database, backup)
        for old in sorted(folder.glob("todo-*.sqlite3"))[:-KEPT]:
            old.unlink()
        self.stdout.write(f"Backed up to {backup}")


def copy(database: Path, backup: Path) -> None:
    """Copy a SQLite database as it is at one moment; a copy cut short never has the final name."""
    draft = backup.with_suffix(".part")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        with (
            closing(sqlite3.connect(database)) as source,
            closing(sqlite3.connect(draft)) as target,
        ):
            source.backup(target)
        draft.rename(backup)
    finally:
        draft.unlink(missing_ok=True)
