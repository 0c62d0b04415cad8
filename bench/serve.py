"""Serve one of the two applications as `manage.py serve` does: the same program and settings.

    DJANGO_SETTINGS_MODULE=… python -m bench.serve PORT

The one place that knows how the application is served.
"""

from __future__ import annotations

import sys
from pathlib import Path

import django

PROGRAM = "waitress"


def main(port: int) -> int:
    django.setup()
    from django.conf import settings

    from accounts.management.commands.serve import listen, web_server
    from accounts.processes import supervise

    listener = listen("127.0.0.1", port)
    processes = [web_server([listener])] * settings.WEB_PROCESSES
    return supervise(processes, folder=Path.cwd(), sockets=[listener])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
