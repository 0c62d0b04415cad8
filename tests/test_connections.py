"""What the application does with its connections to PostgreSQL."""

from __future__ import annotations

import select
from datetime import UTC, datetime

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.postgresql.psycopg_any import register_tzloader

from todo_project.environment import postgresql_options
from todo_project.postgresql.base import DatabaseWrapper

on_postgresql = pytest.mark.skipif(settings.IS_SQLITE, reason="SQLite is a file, not a server.")
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::int + 1%'"


def test_statements_are_prepared_unless_the_url_says_off() -> None:
    assert postgresql_options({"OPTIONS": {"sslmode": "require"}}) == {
        "sslmode": "require",
        "server_side_binding": True,
        "prepare_threshold": 5,
    }
    assert postgresql_options({"OPTIONS": {"prepared_statements": "off"}}) == {}
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        postgresql_options({"OPTIONS": {"prepared_statements": "perhaps"}})


@on_postgresql
@pytest.mark.django_db
def test_what_is_asked_often_is_prepared() -> None:
    with connection.cursor() as cursor:
        for number in range(7):
            cursor.execute("SELECT %s::int + 1", [number])
        assert cursor.execute(PREPARED).fetchone() == (1,)


def begin_another_request() -> None:
    """What Django does between two requests of a thread."""
    connection.close_if_unusable_or_obsolete()


def ask() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("SELECT pg_backend_pid()").fetchone()[0])


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced() -> None:
    before = ask()
    begin_another_request()
    parameters = connection.get_connection_params()
    address = {name: parameters[name] for name in ("host", "port", "user", "dbname")}
    with psycopg.connect(**address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [before])
    assert select.select([connection.connection.fileno()], [], [], 60)[0]
    assert ask() != before


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_to_keep_a_connection_asks_the_server_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask()
    begin_another_request()
    monkeypatch.setattr(DatabaseWrapper, "is_usable", lambda _self: pytest.fail("It asked."))
    assert ask() == before


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 10:00:00+00",
        "2026-03-29 02:30:00.000001+05:45",
        "1970-01-01 00:00:00-12",
        "2200-12-31 23:59:59.999999+14",
    ],
)
def test_moments_are_read_as_django_reads_them(text: str) -> None:
    with connection.cursor() as cursor:
        [ours] = cursor.execute("SELECT %s::timestamptz", [text]).fetchone()
        register_tzloader(connection.timezone, cursor.cursor)
        [djangos] = cursor.execute("SELECT %s::timestamptz", [text]).fetchone()
    assert (ours, ours.tzinfo) == (djangos, djangos.tzinfo) == (datetime.fromisoformat(text), UTC)
