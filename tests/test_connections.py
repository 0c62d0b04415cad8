"""What the application does with its connections to PostgreSQL."""

from __future__ import annotations

import select
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.postgresql.psycopg_any import register_tzloader

from todo_project.environment import Environment
from todo_project.postgresql.base import DatabaseWrapper
from todo_project.postgresql.options import limit_statements, postgresql

on_postgresql = pytest.mark.skipif(settings.IS_SQLITE, reason="SQLite is a file, not a server.")
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::int + 1%'"


def options_of(url: str) -> dict[str, Any]:
    database: dict[str, Any] = postgresql(Environment().db_url_config(url))
    return database["OPTIONS"]


def test_the_url_says_otherwise() -> None:
    usual = options_of("postgres://localhost/todo")
    assert usual["connect_timeout"] == 4
    assert usual["prepare_threshold"] == 5
    assert usual["options"].split() == [
        "-c",
        "lock_timeout=2s",
        "-c",
        "idle_in_transaction_session_timeout=10s",
    ]
    other = options_of(
        "postgres://localhost/todo?connect_timeout=9&sslmode=require&prepared_statements=off"
        "&options=-c%20lock_timeout%3D1min"
    )
    assert (other["connect_timeout"], other["sslmode"]) == (9, "require")
    assert "prepare_threshold" not in other
    assert other["options"] == f"{usual['options']} -c lock_timeout=1min"


def test_behind_pgbouncer_no_time_out_is_sent_and_no_cursor_stays_open() -> None:
    database = postgresql(Environment().db_url_config("postgres://localhost/todo?pgbouncer=on"))
    assert "options" not in database["OPTIONS"]
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    limit_statements(database)
    assert "options" not in database["OPTIONS"]


@pytest.mark.parametrize("name", ["prepared_statements", "pgbouncer"])
def test_a_switch_in_the_url_is_on_or_off(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name} in DATABASE_URL"):
        options_of(f"postgres://localhost/todo?{name}=perhaps")


def test_several_hosts_share_the_patience() -> None:
    database = postgresql(
        Environment().db_url_config(
            "postgres://todo@[::1]:5432,b:5433/todo?target_session_attrs=any"
        )
    )
    assert (database["HOST"], database["PORT"]) == ("::1,b", "5432,5433")
    assert database["OPTIONS"]["connect_timeout"] == 2
    assert database["OPTIONS"]["target_session_attrs"] == "any"


def shown(options: dict[str, Any], *names: str) -> list[str]:
    """What the server of this test says of settings to who connects with `options`."""
    parameters = connection.get_connection_params()
    address = {
        name: parameters[name]
        for name in ("host", "port", "user", "password", "dbname")
        if name in parameters
    }
    with psycopg.connect(**address, options=options["options"]) as other:
        rows = [other.execute(f"SHOW {name}").fetchone() for name in names]
    return [row[0] for row in rows if row]


@on_postgresql
@pytest.mark.django_db
def test_time_outs_are_agreed_and_that_of_statements_by_who_serves_requests() -> None:
    names = ["lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout"]
    database = postgresql(Environment().db_url_config("postgres://localhost/todo"))
    assert shown(database["OPTIONS"], *names) == ["2s", "10s", "0"]
    limit_statements(database)
    assert shown(database["OPTIONS"], *names) == ["2s", "10s", "5s"]


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
