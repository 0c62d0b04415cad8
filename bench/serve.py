"""Serve one of the two applications as `manage.py serve` does: the same program and settings.

    DJANGO_SETTINGS_MODULE=… python -m bench.serve PORT

The one place that knows how the application is served.
"""

from __future__ import annotations

import os
import sys

import django

STOCK = "bench.stock.settings"
PROGRAM = "gunicorn"


def main(port: int) -> None:
    django.setup()
    from accounts.management.commands.serve import gunicorn, listen

    listener = listen("127.0.0.1", port)
    listener.set_inheritable(True)
    command = gunicorn([listener])
    if os.environ["DJANGO_SETTINGS_MODULE"] == STOCK:
        command.append("bench.stock.wsgi")
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(int(sys.argv[1]))
