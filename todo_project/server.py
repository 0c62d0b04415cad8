"""The web server, one process of it: uvicorn, at sockets that are open already.

    python -m todo_project.server [DESCRIPTOR …]

`manage.py serve` opens the sockets and names their descriptors; without any it listens at HOST and
PORT itself.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")

from django.conf import settings

from accounts.management.commands.serve import listen_at
from accounts.processes import LIFELINE, end_with_parent

# The head of a request, its line and headers: how much of it, and within how many seconds.
LARGEST_HEAD = 32 * 1024
HEAD_PATIENCE = 30
# A proxy closes connections that it keeps sooner (nginx after 60 seconds), and so never sends a
# request into one that is closing.
KEEP_ALIVE = 75
# So many seconds for the requests under way when the server is told to end.
GRACE = 30
# A stopping server answers what comes within so many seconds over a connection that it kept.
LINGER = 2


class Protocol(HttpToolsProtocol):
    """uvicorn's own, which bounds neither the size of a head nor the time it takes."""

    # Runs while a head is awaited or has come in part.
    deadline: asyncio.TimerHandle | None = None
    head_size = 0
    is_stopping = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.head_size = 0
        self.await_head()

    def await_head(self) -> None:
        if self.deadline is None:
            self.deadline = self.loop.call_later(HEAD_PATIENCE, self.transport.abort)

    def forget_deadline(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def data_received(self, data: bytes) -> None:
        deadline = self.deadline
        super().data_received(data)
        if deadline is not None and deadline is self.deadline:
            self.head_size += len(data)
            if self.head_size > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("The head of this request is too large.")

    def on_headers_complete(self) -> None:
        self.forget_deadline()
        if (
            len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            > LARGEST_HEAD
        ):
            raise ValueError("The head of this request is too large.")
        super().on_headers_complete()
        if self.is_stopping:
            self.cycle.keep_alive = False

    def connection_lost(self, exc: Exception | None) -> None:
        self.forget_deadline()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Close soon: a request may be on its way over a connection that was kept."""
        self.is_stopping = True
        self.loop.call_later(LINGER, super().shutdown)


def main(descriptors: list[str]) -> None:
    if LIFELINE in os.environ:
        # Ctrl-C reaches every process of a terminal; `manage.py serve` makes it a graceful end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    sockets = [socket.socket(fileno=int(each)) for each in descriptors]
    config = uvicorn.Config(
        "todo_project.asgi:application",
        http=Protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        # Its lines would hold what people search for.
        access_log=False,
        server_header=False,
        # Whom to believe about visitors is TRUSTED_PROXY_COUNT's.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets or listen_at(settings.HOST, settings.PORT))


if __name__ == "__main__":
    main(sys.argv[1:])
