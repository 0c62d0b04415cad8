"""The web server, one process of it: waitress, at sockets that are open already.

    python -m todo_project.server [DESCRIPTOR …]

`manage.py serve` opens the sockets and names their descriptors; without any it listens at HOST and
PORT itself. waitress gives a thread to a request when it has arrived whole, and keeps an answer for
a client that is slow to read it, so that such clients keep nobody waiting.
"""

from __future__ import annotations

import ctypes
import faulthandler
import logging
import select
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ThreadedTaskDispatcher, WSGITask

from todo_project.wsgi import application  # isort: split

from accounts.management.commands.serve import listen_at
from accounts.processes import end_with_parent, ending
from accounts.trail import log_uncaught
from todo_project.bodies import Parser

LARGEST_HEAD = 32 * 1024
# What is larger than a request may be, and not larger than this, is refused in our words.
LARGEST_BODY = 8 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
# As many as the usual limit of 1,024 open files lets.
MOST_CONNECTIONS = 900
# A connection on which nothing has come or gone for so many seconds is closed: later than nginx
# does by itself, so that none is closed here while nginx sends a request over it.
IDLE = 75
# The process ends when for so many seconds no thread was free, and nothing was answered.
HANG = 30
# So many seconds for the requests under way when the server is told to end.
GRACE = 30
# A stopping server answers what comes within so many seconds over a connection that it kept.
LINGER = 2
# So long is waited for clients who had begun to connect when the door was shut.
LATECOMERS = 0.2
# Linux: a socket's packets may go through a filter. This one drops those that ask for a new
# connection: a TCP packet whose byte 13 has not the bit ACK.
SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
SHUT = [(0x30, 0, 0, 13), (0x45, 0, 1, 0x10), (0x06, 0, 0, 0xFFFFFFFF), (0x06, 0, 0, 0)]

Open = dict[int, Any]

# Something was answered since the watchdog looked; in the beginning all is well.
progress = threading.Event()
progress.set()


class Task(WSGITask):
    """One request and its answer, the last of its connection when the server is to end."""

    def build_response_header(self) -> bytes:
        if ending.is_set():
            self.request.headers["CONNECTION"] = "close"
        return super().build_response_header()


class Channel(HTTPChannel):
    """One connection."""

    task_class = Task
    parser_class = Parser


class Watchdog:
    """Ends a process that hangs, and writes to the log where each of its threads stands.

    The clock is the interpreter's own: it runs when the loop hangs, too.
    """

    def __init__(self, threads: ThreadedTaskDispatcher) -> None:
        self.threads = threads
        self.next_look = 0.0

    def look(self) -> None:
        """Start the clock anew, unless no thread is free and nothing was answered."""
        now = time.monotonic()
        if now < self.next_look:
            return
        self.next_look = now + 1
        is_free = self.threads.active_count < len(self.threads.threads)
        if is_free or progress.is_set():
            progress.clear()
            faulthandler.dump_traceback_later(HANG, exit=True)


def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The application's answer, without its body where HEAD asks for none (RFC 9110, 9.3.2)."""
    response: Any = application(environ, start_response)
    progress.set()
    if environ["REQUEST_METHOD"] != "HEAD":
        return response
    response.close()
    return []


def main(descriptors: list[str]) -> None:
    end_with_parent()
    log_uncaught()
    # They would tell of each client that leaves, and of each request that waits for a thread.
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    sockets = [socket.socket(fileno=int(each)) for each in descriptors]
    sockets = sockets or listen_at(settings.HOST, settings.PORT)
    for each in sockets:
        open_door(each)
    open_: Open = {}
    create_server(
        answer,
        map=open_,
        sockets=sockets,
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
    """Serve until SIGTERM or Ctrl-C; then answer what is under way.

    After SIGTERM requests are taken for DRAIN_SECONDS more, while /readyz says no and each answer
    is the last of its connection, so that a load balancer sends the next ones elsewhere.
    """
    told: list[int] = []
    listeners = [each for each in open_.values() if isinstance(each, BaseWSGIServer)]
    watchdog = Watchdog(listeners[0].task_dispatcher)
    for each in listeners:
        each.channel_class = Channel

    def tell(number: int, _frame: object) -> None:
        told.append(number)
        listeners[0].pull_trigger()

    def turn(*, seconds: float) -> None:
        """Read and write what can be, after waiting for it as long as this."""
        watchdog.look()
        wasyncore.loop(timeout=seconds, use_poll=True, map=open_, count=1)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    while not told:
        turn(seconds=1)
    ending.set()
    since = time.monotonic()
    while signal.SIGINT not in told and time.monotonic() - since < settings.DRAIN_SECONDS:
        turn(seconds=0.1)
    for each in listeners:
        shut_door(each.socket)
    since = time.monotonic()
    while time.monotonic() - since < LATECOMERS:
        turn(seconds=0.1)
    for each in listeners:
        take_in(each)
        wasyncore.dispatcher.close(each)
    since = time.monotonic()
    while is_wanted(open_, since=since):
        turn(seconds=0.1)
    # The interpreter takes its time to end: nobody is to write to a server that reads no more.
    wasyncore.close_all(open_, ignore_all=True)


def shut_door(listener: socket.socket) -> None:
    """Let nobody new into the line, who would be cut off when the socket is closed.

    Whoever knocks tries again after a second, and is refused then.
    """
    rules = b"".join(struct.pack("HBBI", *rule) for rule in SHUT)
    kept = ctypes.create_string_buffer(rules)
    set_filter(listener, SO_ATTACH_FILTER, struct.pack("HP", len(SHUT), ctypes.addressof(kept)))


def open_door(listener: socket.socket) -> None:
    """Let clients in, also if another process that had this socket was told to end."""
    set_filter(listener, SO_DETACH_FILTER, bytes(4))


def set_filter(listener: socket.socket, option: int, value: bytes) -> None:
    """Where the system has no filters, and where there is none to take away, all stays as it is."""
    if sys.platform == "linux":
        with suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, option, value)


def take_in(listener: BaseWSGIServer) -> None:
    """Accept who waits in line: to close a socket cuts them off."""
    line = select.poll()
    line.register(listener.socket, select.POLLIN)
    while line.poll(0):
        listener.handle_accept()


def is_wanted(open_: Open, *, since: float) -> bool:
    """Whether a client is still being served, by a server that has listened until `since`."""
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
