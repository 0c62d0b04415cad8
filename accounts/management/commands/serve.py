import errno
import hashlib
import shutil
import socket
import sys
from argparse import ArgumentParser
from inspect import getfile
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
from django.utils.module_loading import import_string

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
        shutil.rmtree(settings.METRICS_DIR, ignore_errors=True)
        # From here on requests wait in line, and no other program takes the port.
        sockets = listen_at(settings.HOST, settings.PORT)
        if not reload:
            self.collect_static_files()
        self.greet(sockets[:1] if reload else sockets)
        if reload:
            web, sockets = [development_server(sockets)], []
        else:
            web = [web_server(sockets)] * settings.WEB_PROCESSES
        worker = manage("worker", "--skip-checks", *(["--reload"] if reload else []))
        failed = supervise(
            [*web, worker],
            folder=settings.BASE_DIR,
            sockets=sockets,
            patience=settings.DRAIN_SECONDS,
        )
        if failed:
            raise CommandError("A part of the server ended again and again; see above.")

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

    def greet(self, sockets: list[socket.socket]) -> None:
        addresses = ", ".join(address_of(each) for each in sockets)
        self.stdout.write(f"Serving {settings.PUBLIC_ORIGIN} at {addresses}")
        if not get_user_model().objects.exists():
            self.stdout.write(
                f"Sign up at {settings.PUBLIC_ORIGIN}{reverse('account_signup')} to begin.\n"
                "An account for the admin: .venv/bin/python manage.py createsuperuser"
            )
        self.stdout.write("Ctrl-C ends it.")
        self.stdout.flush()
        connection.close()


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def web_server(sockets: list[socket.socket]) -> list[str]:
    """The command of one process that answers requests at `sockets`, which it inherits."""
    descriptors = [str(each.fileno()) for each in sockets]
    return [sys.executable, "-m", "todo_project.server", *descriptors]


def development_server(sockets: list[socket.socket]) -> list[str]:
    """Django's own server, which opens its one socket itself."""
    address = address_of(sockets[0])
    for each in sockets:
        each.close()
    return manage("runserver", "--skip-checks", address)


def listen_at(host: str, port: int) -> list[socket.socket]:
    """Listen; at `localhost` on both loopback addresses, where the machine has both.

    Raises CommandError if something else listens there.
    """
    hosts = ["127.0.0.1", "::1"] if host == "localhost" else [host]
    sockets = []
    for each in hosts:
        try:
            sockets.append(listen(each, port))
        except OSError as problem:
            if sockets and problem.errno in NOT_ON_THIS_MACHINE:
                continue
            raise CommandError(
                f"Cannot listen at {each}, port {port}: {problem.strerror}. "
                f"To use another port: make run PORT={port + 1}"
            ) from None
    return sockets


def listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # ::1 is listened at beside 127.0.0.1, not instead of it.
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def refuse_outdated_database() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not up to date. Run: python manage.py migrate")


def fingerprint_of_static_files() -> str:
    storage = import_string(settings.STORAGES["staticfiles"]["BACKEND"])
    sources = hashlib.sha256(Path(getfile(storage)).read_bytes())
    for finder in get_finders():
        for name, folder in finder.list(UNUSED_STATIC):
            status = Path(folder.path(name)).stat()
            sources.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return sources.hexdigest()
