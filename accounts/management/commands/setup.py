import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Makes the data folder and the secret key. Repeated, it changes nothing."""

    help = "Make the data folder and the secret key that it holds; what exists stays as it is."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        folder = settings.DATA_DIR
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True)
            self.stdout.write(f"Made {folder}")
        if make_secret(folder / "secret_key"):
            self.stdout.write(f"Made {folder / 'secret_key'}; keep it secret, and back it up.")


def make_secret(path: Path) -> bool:
    """Write a new secret, whole or not at all, that only the owner may read; False if it exists."""
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(descriptor)
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
