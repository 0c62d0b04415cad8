from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import backups
from accounts.backups.errors import BackupFailed


class Command(BaseCommand):
    """Backs the database up, while the server runs or not."""

    help = (
        "Back the database up into DATA_DIR/backups, and keep the last "
        f"{backups.KEPT} and the first of each of {backups.KEPT} days."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-sqlite", action="store_true", help="Do nothing when the database is another."
        )

    def handle(self, *, if_sqlite: bool, **options: Any) -> None:
        if if_sqlite and not settings.IS_SQLITE:
            return
        try:
            backup = backups.back_up(at=timezone.now())
        except BackupFailed as problem:
            raise CommandError(str(problem)) from problem
        if backup is None:
            self.stdout.write("There is no database to back up yet.")
        else:
            self.stdout.write(f"Backed up to {backup.path}")
