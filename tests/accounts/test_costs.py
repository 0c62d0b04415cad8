"""What signing in, refreshing and each request cost the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts import sessions
from accounts.actor import Caller
from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import NOON, OWN, PASSWORD, bearer, log_in, refresh
from tests.accounts.races import on_postgresql

ME = "/api/v1/users/me/"


def statements(work: Callable[[], Any]) -> int:
    """How often `work` asks the database for data, or to change it."""
    with CaptureQueriesContext(connection) as queries:
        response = work()
    assert response.status_code == 200, response.content
    verbs = [query["sql"].split(maxsplit=1)[0] for query in queries]
    return sum(verb in {"SELECT", "INSERT", "UPDATE", "DELETE"} for verb in verbs)


def give_past(user: User, *, devices: int, events: int) -> None:
    for _ in range(devices):
        sessions.open_session(user, client="token", caller=Caller("192.0.2.1", "curl/8"))
    AuthEvent.objects.bulk_create(
        AuthEvent(user=user, kind=AuthEvent.Kind.SIGN_IN_REFUSED) for _ in range(events)
    )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/login", {"username": "alice@example.com", "password": PASSWORD}),
        ("/api/v1/token/", {"email": "alice@example.com", "password": PASSWORD}),
    ],
)
@pytest.mark.parametrize("headers", [{}, OWN], ids=["program", "browser"])
def test_signing_in_takes_at_most_eight_whatever_happened_before(
    alice: User, path: str, body: dict[str, str], headers: dict[str, str]
) -> None:
    client = APIClient(**headers)
    for devices, events in ((0, 0), (3, 3), (60, 600)):
        give_past(alice, devices=devices, events=events)
        assert statements(lambda: client.post(path, body)) <= 8


@pytest.mark.parametrize("headers", [{}, OWN], ids=["program", "browser"])
def test_a_refresh_takes_two_and_a_retry_no_more(alice: User, headers: dict[str, str]) -> None:
    client, retrying = APIClient(**headers), APIClient(**headers)
    with time_machine.travel(NOON, tick=False):
        first = log_in(client, alice)["refresh_token"]
        retrying.cookies.update(client.cookies)
        assert statements(lambda: refresh(client, first)) == 2
    with time_machine.travel(NOON + timedelta(seconds=9), tick=False):
        assert statements(lambda: refresh(retrying, first)) <= 2
    assert ApiSession.objects.get().generation == 1


def test_a_request_takes_one_and_one_more_once_in_a_generation(alice: User) -> None:
    client = APIClient()
    body = log_in(client, alice)
    for expected in ([1, 1], [2, 1, 1], [2, 1]):
        ask = partial(client.get, ME, **bearer(body["access_token"]))
        assert [statements(ask) for _ in expected] == expected
        body = refresh(client, body["refresh_token"]).json()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_thousand_refreshes_leave_one_row_and_touch_no_index(alice: User) -> None:
    session = sessions.open_session(alice, client="token", caller=Caller(), at=NOON)
    updates, heap_only = counted_updates()
    for generation in range(1000):
        at = NOON + timedelta(minutes=5 * generation)
        found = sessions.find_session(session.pk, alice.pk)
        assert found is not None
        sessions.refresh_session(found, generation=generation, caller=Caller(), at=at)
        sessions.confirm_generation(found, generation=generation + 1, at=at)
    more_updates, more_heap_only = counted_updates()
    assert ApiSession.objects.get().generation == 1000
    assert more_updates - updates == 2000
    assert more_heap_only - heap_only >= 1900


def counted_updates() -> tuple[int, int]:
    """How many rows of sessions were ever changed, and how many of them beside every index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = %s",
            [ApiSession._meta.db_table],
        )
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_the_room_for_refreshes_can_be_given_and_taken_back() -> None:
    before, after = ("accounts", "0002_page_session"), ("accounts", "0003_api_session_fillfactor")
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([before])
        assert room_options() == []
        MigrationExecutor(connection).migrate([after])
        on_this = connection.vendor == "postgresql"
        assert room_options() == (["fillfactor=70"] if on_this else [])
    finally:
        MigrationExecutor(connection).migrate(newest)


def room_options() -> list[str]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reloptions FROM pg_class WHERE relname = %s", [ApiSession._meta.db_table]
        )
        return cursor.fetchone()[0] or []
