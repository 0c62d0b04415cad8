"""Transactions that are not of a request: they read one moment, or take as long as they need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

PATIENT = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


@contextmanager
def reading_one_moment() -> Iterator[None]:
    """A transaction that sees everything as it was when it began, however long it takes.

    It keeps nobody from writing: PostgreSQL is asked for a snapshot, and SQLite not for its lock.
    Within another transaction it sees what that one sees.
    """
    outermost = not connection.in_atomic_block
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql" and outermost:
                execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", *PATIENT)
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]


@contextmanager
def patient() -> Iterator[None]:
    """A transaction whose statements may take as long as they need."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            execute(*PATIENT)
        yield


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
