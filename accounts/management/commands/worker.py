import signal
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.autoreload import run_with_reloader
from django.utils.module_loading import autodiscover_modules

from accounts.background import SILENCE, Worker
from accounts.processes import end_with_parent
from accounts.trail import log_uncaught


class Command(BaseCommand):
    """Runs background jobs until it is told to end; any number may run at once."""

    help = "Run background jobs: mails, reports and what is swept regularly."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--silence",
            type=float,
            default=SILENCE.total_seconds(),
            metavar="SECONDS",
            help="Take up the jobs of a worker silent for so long (%(default)s).",
        )
        parser.add_argument("--reload", action="store_true", help="Start anew when code changes.")

    def handle(self, *, silence: float, reload: bool, **options: Any) -> None:
        autodiscover_modules("sweeps")
        worker = Worker(silence=timedelta(seconds=silence))
        if reload:
            run_with_reloader(worker.run)
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, worker.stop)
        end_with_parent()
        log_uncaught()
        worker.run()
