"""The database, and what stands in it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from accounts.background import longest_wait
from todo_project.doctor.findings import Finding, Findings, State, ok, problem, warning
from todo_project.health import LONGEST_WAIT, NotReady, check_migrations

OLDEST_POSTGRESQL = 14
# A sweep is due every hour.
LONGEST_REST = timedelta(hours=2)
CLOCKS_APART = timedelta(seconds=5)
START_THE_WORKER = "Start it: manage.py serve does, or manage.py worker by itself."


def asked(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def look_at_database(*, seconds: float) -> Findings:
    return look_at_sqlite(seconds=seconds) if settings.IS_SQLITE else look_at_postgresql()


def look_at_sqlite(*, seconds: float) -> Findings:
    whole = quick_check(seconds=seconds)
    yield whole
    if whole.state == State.OK and asked("PRAGMA journal_mode") != "wal":
        yield warning(
            "SQLite does not write ahead (WAL): readers and writers wait for each other.",
            "Put DATA_DIR on a disk of this machine, not of a network.",
        )


def quick_check(*, seconds: float) -> Finding:
    """Have SQLite look at its file, for so long at most."""
    end = time.monotonic() + seconds
    try:
        connection.ensure_connection()
        connection.connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
        if asked("PRAGMA quick_check(1)") == "ok":
            return ok("SQLite answers, and its file is whole.")
    except DatabaseError:
        if time.monotonic() > end:
            return ok(f"SQLite answers, and {seconds:.0f} seconds of looking found no fault.")
    finally:
        if connection.connection is not None:
            connection.connection.set_progress_handler(None, 0)
    return problem(
        "The file of SQLite is damaged, or cannot be read.",
        "Stop the server, keep a copy of DATA_DIR, and restore the newest backup.",
    )


def look_at_postgresql() -> Findings:
    version = int(asked("SHOW server_version_num")) // 10_000
    if version < OLDEST_POSTGRESQL:
        yield problem(
            f"PostgreSQL is version {version}.", f"Use {OLDEST_POSTGRESQL} or a newer one."
        )
    else:
        yield ok(f"PostgreSQL {version} answers.")
    names = ("lock_timeout", "idle_in_transaction_session_timeout")
    endless = [name for name in names if asked(f"SHOW {name}") == "0"]
    if endless:
        yield warning(
            f"PostgreSQL waits without end: {', '.join(endless)} is 0.",
            "Behind PgBouncer, set it by ALTER ROLE … SET (docs/deploying.md).",
        )


def look_at_migrations() -> Findings:
    try:
        check_migrations()
    except NotReady:
        yield problem("The database is not up to date.", "Run manage.py migrate.")
    else:
        yield ok("The database is up to date.")


def look_at_clocks() -> Findings:
    if settings.IS_SQLITE:
        return
    apart = abs(asked("SELECT clock_timestamp()") - timezone.now())
    if apart > CLOCKS_APART:
        yield warning(
            f"The clocks of the database and of this machine are {apart.seconds} seconds apart.",
            "Let both machines set their clocks by NTP.",
        )
    else:
        yield ok("The clocks of the database and of this machine agree.")


def look_at_jobs() -> Findings:
    at = timezone.now()
    waiting = longest_wait(at=at)
    last = DBTaskResult.objects.aggregate(last=Max("finished_at"))["last"]
    if waiting > LONGEST_WAIT:
        minutes = waiting.total_seconds() // 60
        yield problem(
            f"A job has been due for {minutes:.0f} minutes: no worker runs, or it is too slow.",
            START_THE_WORKER,
        )
    elif last is None:
        yield warning("No background job was ever done.", START_THE_WORKER)
    elif at - last > LONGEST_REST:
        hours = (at - last).total_seconds() // 3600
        yield problem(f"The worker did its last job {hours:.0f} hours ago.", START_THE_WORKER)
    else:
        yield ok("The worker does what is due.")
    if failed := DBTaskResult.objects.filter(status=Status.FAILED).count():
        yield warning(
            f"{failed} background job(s) failed for good.",
            "The admin lists them with their errors, and can start them over.",
        )
