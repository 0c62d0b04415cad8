"""The web server, one process of it: waitress, at sockets that are open already.

    python -m todo_project.server [DESCRIPTOR …]

`manage.py serve` opens the sockets and names their descriptors; without any it listens at HOST and
PORT itself. waitress gives a thread to a request when it has arrived whole, and keeps an answer for
a client that is slow to read it, so that such clients keep nobody waiting.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from todo_project.wsgi import application  # isort: split

from accounts.management.commands.serve import listen_at
from accounts.processes import LIFELINE, end_with_parent
from accounts.trail import log_uncaught

LARGEST_HEAD = 32 * 1024
# What is larger than a request may be, and not larger than this, is refused in our words.
LARGEST_BODY = 8 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
# As many as the usual limit of 1,024 open files lets.
MOST_CONNECTIONS = 900
# A connection on which nothing has come or gone for so many seconds is closed.
IDLE = 60
# So many seconds for the requests under way when the server is told to end.
GRACE = 30
# A stopping server answers what comes within so many seconds over a connection that it kept.
LINGER = 2

Open = dict[int, Any]


def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The application's answer, without its body where HEAD asks for none (RFC 9110, 9.3.2)."""
    response: Any = application(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return response
    response.close()
    return []


def main(descriptors: list[str]) -> None:
    if LIFELINE in os.environ:
        # Ctrl-C reaches every process of a terminal; `manage.py serve` makes it a graceful end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    log_uncaught()
    # They would tell of each client that leaves, and of each request that waits for a thread.
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    sockets = [socket.socket(fileno=int(each)) for each in descriptors]
    open_: Open = {}
    create_server(
        answer,
        map=open_,
        sockets=sockets or listen_at(settings.HOST, settings.PORT),
        threads=settings.WEB_THREADS,
        ident="",
        # Whom to believe about visitors is TRUSTED_PROXY_COUNT's.
        clear_untrusted_proxy_headers=False,
        max_request_header_size=LARGEST_HEAD,
        max_request_body_size=LARGEST_BODY,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=IDLE,
        cleanup_interval=10,
        backlog=2048,
        asyncore_use_poll=True,
    )
    run(open_)


def run(open_: Open) -> None:
    """Serve until SIGTERM or Ctrl-C; then answer what is under way."""
    told: list[float] = []
    listeners = [each for each in open_.values() if isinstance(each, BaseWSGIServer)]

    def tell(*_: object) -> None:
        told.append(time.monotonic())
        listeners[0].pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, tell)
    while not told:
        turn(open_, seconds=1)
    for each in listeners:
        wasyncore.dispatcher.close(each)
    while is_wanted(open_, since=told[0]):
        turn(open_, seconds=0.1)


def turn(open_: Open, *, seconds: float) -> None:
    """Read and write what can be, after waiting for it as long as this."""
    wasyncore.loop(timeout=seconds, use_poll=True, map=open_, count=1)


def is_wanted(open_: Open, *, since: float) -> bool:
    """Whether a client is still being served, by a server that was told to end at `since`."""
    clients = [each for each in open_.values() if isinstance(each, HTTPChannel)]
    passed = time.monotonic() - since
    if passed < LINGER:
        return bool(clients)
    return passed < GRACE and any(
        each.requests or each.request or each.total_outbufs_len for each in clients
    )


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CommandError as problem:
        sys.exit(str(problem))
