"""Django's PostgreSQL, which asks the server less, reads moments sooner, and tells what is kept."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg import adapters, postgres
from psycopg.errors import Diagnostic
from psycopg.pq import Format

from accounts.repetition import TAKEN_BACK

TIMESTAMPTZ = postgres.types["timestamptz"].oid
psycopgs_loader = adapters.get_loader(TIMESTAMPTZ, Format.TEXT)


class Moments:
    """Loads moments as Django's loader does, which is in Python, by psycopg's, which is in C.

    Both give them in UTC, the time zone of Django's connections.
    """

    timezone, format = UTC, Format.TEXT

    def __init__(self, oid: int, connection: Any = None) -> None:
        self.load = psycopgs_loader(oid, connection).load  # type: ignore[misc]


class NotConfirmed(psycopg.OperationalError):
    """A transaction is committed here alone: nobody waited for the synchronous standby."""

    sqlstate = "01000"


class Watched:
    """A cursor that tells its connection of statements that are transactions by themselves."""

    db: DatabaseWrapper

    def _execute(self, sql: Any, *arguments: Any) -> Any:
        if self.db.in_atomic_block or sql.startswith("SELECT"):
            return super()._execute(sql, *arguments)  # type: ignore[misc]
        with self.db.keeping():
            return super()._execute(sql, *arguments)  # type: ignore[misc]

    def _executemany(self, *arguments: Any) -> Any:
        if self.db.in_atomic_block:
            return super()._executemany(*arguments)  # type: ignore[misc]
        with self.db.keeping():
            return super()._executemany(*arguments)  # type: ignore[misc]


class Cursor(Watched, CursorWrapper):
    pass


class DebugCursor(Watched, base.CursorDebugWrapper):
    pass


class DatabaseWrapper(base.DatabaseWrapper):
    health_check_done: bool

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # How often something may have been kept for good: a commit that was sent may have been.
        self.commits = 0
        self.is_confirmed = True

    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", Moments)
        connection.add_notice_handler(self.notice)
        return connection

    def make_cursor(self, cursor: Any) -> Cursor:
        return Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> DebugCursor:
        return DebugCursor(cursor, self)

    def notice(self, told: Diagnostic) -> None:
        if told.sqlstate == NotConfirmed.sqlstate:
            self.is_confirmed = False

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """What is done here may be kept for good. Raises OperationalError if it is, but unsafely.

        The server calls a commit a success whose wait for a synchronous standby was cancelled, by
        a time-out or somebody's hand, and tells it by a warning.
        """
        self.commits += 1
        self.is_confirmed = True
        try:
            yield
        except OperationalError as problem:
            if getattr(problem.__cause__, "sqlstate", None) in TAKEN_BACK:
                self.commits -= 1
            raise
        if not self.is_confirmed:
            raise OperationalError("The standby has not confirmed it.") from NotConfirmed()

    def _commit(self) -> None:
        with self.keeping():
            super()._commit()  # type: ignore[misc]

    def close_if_health_check_failed(self) -> None:
        """Close a connection that the server has left, before a request uses it.

        A server that ends a connection says so on it: whatever is to be read while nothing was
        asked calls for Django's own check, `SELECT 1`. That alone would be a tenth of a small
        request.
        """
        is_open = self.connection is not None
        if is_open and not self.health_check_done and is_silent(self.connection.fileno()):
            self.health_check_done = True
        super().close_if_health_check_failed()


def is_silent(descriptor: int) -> bool:
    """Whether nothing has come, and the other end has not hung up."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return not poll.poll(0)
