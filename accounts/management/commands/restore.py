from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from accounts import backups
from accounts.backups.errors import BackupFailed


class Command(BaseCommand):
    """Puts a backup in the place of the whole database, which it backs up before."""

    help = "Restore the whole database from a backup; without one, list those that there are."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", nargs="?", help="A file, or the name of one that is listed.")
        parser.add_argument("--no-input", action="store_false", dest="interactive")

    def handle(self, *, backup: str | None, interactive: bool, **options: Any) -> None:
        if backup is None:
            self.list_backups()
            return
        path = next(
            (path for path in (backups.folder() / backup, Path(backup)) if path.is_file()), None
        )
        if path is None:
            raise CommandError(
                f"There is no file {backup}, neither here nor in {backups.folder()}."
            )
        if interactive and not self.is_sure():
            raise CommandError("Nothing was changed.")
        try:
            # Not `back_up`: this one might be too many then.
            before = backups.make(at=timezone.now())
        except BackupFailed as problem:
            raise CommandError(
                f"Nothing was restored, as what is there cannot be backed up. {problem}\n"
                "Move it away first: the SQLite file with its -wal and -shm, or name an empty "
                "database in DATABASE_URL."
            ) from problem
        try:
            backups.restore(path, at=timezone.now())
        except BackupFailed as problem:
            raise CommandError(f"Nothing was restored. {problem}") from problem
        self.stdout.write(f"Restored from {path}. Everybody has to sign in again.")
        if before:
            self.stdout.write(f"What was there before is in {before.path}")

    def list_backups(self) -> None:
        for backup in reversed(backups.all_backups()):
            size = filesizeformat(backup.size).replace("\xa0", " ")
            self.stdout.write(f"{backup.path.name}  {backup.taken_at:%Y-%m-%d %H:%M} UTC  {size}")
        if not backups.all_backups():
            self.stdout.write(f"There are no backups in {backups.folder()}")

    def is_sure(self) -> bool:
        self.stdout.write(
            "This replaces the whole database: what was written since the backup is lost.\n"
            "Stop the server first, so that nobody writes meanwhile."
        )
        try:
            return input("Restore? Type yes: ") == "yes"
        except EOFError:
            return False
