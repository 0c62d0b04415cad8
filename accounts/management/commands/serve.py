import errno
import hashlib
import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from accounts.processes import supervise

UNUSED_STATIC = ["redoc"]
NOT_ON_THIS_MACHINE = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


class Command(BaseCommand):
    """Serves the application: the web server and, beside it, the worker."""

    help = "Serve the application, with the worker beside it, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reload", action="store_true", help="For development: start anew when code changes."
        )

    def handle(self, *, reload: bool, **options: Any) -> None:
        refuse_outdated_database()
        addresses = addresses_of(settings.HOST, settings.PORT)
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        if reload:
            commands = [
                [*manage, "runserver", "--skip-checks", addresses[0]],
                [*manage, "worker", "--skip-checks", "--reload"],
            ]
        else:
            self.collect_static_files()
            commands = [
                [
                    *(sys.executable, "-m", "gunicorn", "-c", "python:todo_project.gunicorn"),
                    *(f"--bind={address}" for address in addresses),
                ],
                [*manage, "worker", "--skip-checks"],
            ]
        self.greet(addresses)
        exit_code = supervise(commands, env=dict(os.environ), folder=settings.BASE_DIR)
        connection.close()
        if exit_code:
            raise CommandError("A part of the server ended by itself; see above.")

    def collect_static_files(self) -> None:
        """Collect and compress the static files, unless those there are of the same sources."""
        sources = fingerprint_of_static_files()
        mark = settings.STATIC_ROOT / ".sources"
        if mark.is_file() and mark.read_text() == sources:
            return
        self.stdout.write("Preparing style sheets and scripts …")
        self.stdout.flush()
        call_command(
            "collectstatic",
            interactive=False,
            clear=True,
            ignore_patterns=UNUSED_STATIC,
            verbosity=0,
        )
        mark.write_text(sources)

    def greet(self, addresses: list[str]) -> None:
        self.stdout.write(f"Serving {settings.PUBLIC_ORIGIN} at {', '.join(addresses)}")
        if not get_user_model().objects.exists():
            self.stdout.write(
                f"Sign up at {settings.PUBLIC_ORIGIN}{reverse('account_signup')} to begin.\n"
                "An account for the admin: .venv/bin/python manage.py createsuperuser"
            )
        self.stdout.write("Ctrl-C ends it.")
        self.stdout.flush()


def addresses_of(host: str, port: int) -> list[str]:
    """Where to listen: `localhost` is both loopback addresses, where the machine has both.

    Raises CommandError if something else listens there.
    """
    hosts = ["127.0.0.1", "::1"] if host == "localhost" else [host]
    return [
        f"[{each}]:{port}" if ":" in each else f"{each}:{port}"
        for each in hosts
        if can_listen(each, port, optional=each == "::1" and host == "localhost")
    ]


def can_listen(host: str, port: int, *, optional: bool) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as problem:
        if optional and problem.errno in NOT_ON_THIS_MACHINE:
            return False
        raise CommandError(
            f"Cannot listen at {host}, port {port}: {problem.strerror}. "
            f"Another port: make run PORT={port + 1}"
        ) from None
    return True


def refuse_outdated_database() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not up to date. Run: python manage.py migrate")


def fingerprint_of_static_files() -> str:
    sources = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(UNUSED_STATIC):
            status = Path(storage.path(name)).stat()
            sources.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return sources.hexdigest()
