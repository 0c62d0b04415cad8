from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import sweeps
from accounts.models import ApiSession


class Command(BaseCommand):
    """Erases sessions that ended long ago; the worker does the same every day."""

    help = "Erase the sessions that ended so long ago that nothing needs them any more."

    def handle(self, **options: Any) -> None:
        before = ApiSession.objects.count()
        sweeps.erase_ended_sessions(timezone.now())
        self.stdout.write(f"Erased {before - ApiSession.objects.count()} API sessions.")
