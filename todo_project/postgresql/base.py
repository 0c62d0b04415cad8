"""Django's PostgreSQL, which asks the server less, and reads moments sooner."""

from __future__ import annotations

import select
from datetime import UTC
from typing import Any

from django.db.backends.postgresql import base
from psycopg import adapters, postgres
from psycopg.pq import Format

TIMESTAMPTZ = postgres.types["timestamptz"].oid
psycopgs_loader = adapters.get_loader(TIMESTAMPTZ, Format.TEXT)


class Moments:
    """Loads moments as Django's loader does, which is in Python, by psycopg's, which is in C.

    Both give them in UTC, the time zone of Django's connections.
    """

    timezone, format = UTC, Format.TEXT

    def __init__(self, oid: int, connection: Any = None) -> None:
        self.load = psycopgs_loader(oid, connection).load  # type: ignore[misc]


class DatabaseWrapper(base.DatabaseWrapper):
    health_check_done: bool

    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", Moments)
        return connection

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
