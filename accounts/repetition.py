"""A request that came to nothing through no fault of its own is done again, unseen.

PostgreSQL takes a transaction back that crossed another one, and a server that goes away takes
with it what was not committed. The request, which is outside every transaction, is the place to
begin anew: everything is read again. It is repeated only while it cannot have kept anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

ATTEMPTS = 3
PAUSE_SECONDS = 0.02
# No attempt begins later than this after the first.
LATEST_SECONDS = 2.0
# PostgreSQL's serialization_failure and deadlock_detected.
TAKEN_BACK = {"40001", "40P01"}
# Its admin_shutdown, crash_shutdown and cannot_connect_now.
GOING = {"57P01", "57P02", "57P03"}


@dataclass
class Attempts:
    """What is left of the attempts at one request."""

    left: int = ATTEMPTS
    commits: int = 0
    is_repeated: bool = False
    began: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        """Begin one, `PAUSE_SECONDS` after one that came to nothing."""
        if self.is_repeated:
            time.sleep(PAUSE_SECONDS * (ATTEMPTS - self.left))
            connection.close_if_unusable_or_obsolete()
        self.left -= 1
        self.is_repeated = False
        self.commits = kept()

    def may_follow(self, problem: Exception) -> bool:
        """Whether there is one more after `problem`."""
        return (
            self.left > 0
            and time.monotonic() - self.began < LATEST_SECONDS
            and came_to_nothing(problem)
            and kept() == self.commits
        )


def kept() -> int:
    """How often this thread's connection may have kept something for good."""
    here: Any = connection
    return int(here.commits)


def came_to_nothing(problem: Exception) -> bool:
    """Whether the database took everything back, or went away."""
    if not isinstance(problem, OperationalError | InterfaceError):
        return False
    state = getattr(problem.__cause__, "sqlstate", None)
    return state is None or state in TAKEN_BACK or state in GOING or state.startswith("08")


def may_repeat(request: HttpRequest, problem: Exception) -> bool:
    """Whether `request`, which `problem` ended, will be done again: then nobody is told."""
    attempts: Attempts | None = getattr(request, "attempts", None)
    return attempts is not None and not has_files(request) and attempts.may_follow(problem)


def has_files(request: HttpRequest) -> bool:
    """Whether files came with `request`: they can be read once."""
    return bool(getattr(request, "_files", None))


def allow_again(request: HttpRequest) -> None:
    """Let all that `request` has written until now be written twice: it does no harm."""
    attempts: Attempts | None = getattr(request, "attempts", None)
    if attempts is not None:
        attempts.commits = kept()


class Repetition:
    """Do a request again, with its session and its person, as long as `may_repeat` says.

    SQLite has one writer, and waits.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if connection.vendor != "postgresql" or connection.in_atomic_block:
            return self.get_response(request)
        if request.content_type != "multipart/form-data":
            request.body  # noqa: B018  Read here, it is there for all attempts.
        attempts = request.attempts = Attempts()  # type: ignore[attr-defined]
        while True:
            attempts.begin()
            response = self.get_response(request)
            if not attempts.is_repeated:
                return response
            vars(request).pop("_cached_user", None)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not may_repeat(request, problem):
            return None
        request.attempts.is_repeated = True  # type: ignore[attr-defined]
        # Nobody gets this one; with such a status no session is stored.
        return HttpResponse(status=500)
