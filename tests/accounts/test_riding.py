"""A thief who repeats each refresh a moment after the victim, and a phone that changes networks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import log_in, refresh

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = {"REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "app/1"}
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.9", "HTTP_USER_AGENT": "app/1"}
OTHER_PROGRAM = {"REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "thief/1"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.mark.parametrize("thief", [ELSEWHERE, OTHER_PROGRAM], ids=["address", "program"])
def test_the_fourth_generation_in_a_row_ends_the_session(alice: User, thief: Any) -> None:
    token = log_in(APIClient(**HOME), alice)["refresh_token"]
    for _generation in range(3):
        successor = refresh(APIClient(**HOME), token).json()["refresh_token"]
        ridden = refresh(APIClient(**thief), token)
        assert (ridden.status_code, ridden.json()["refresh_token"]) == (200, successor)
        token = successor
    successor = refresh(APIClient(**HOME), token).json()["refresh_token"]
    assert refresh(APIClient(**thief), token).status_code == 401
    assert refresh(APIClient(**HOME), successor).status_code == 401
    assert ApiSession.objects.get().revoked_reason == "reuse"
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.REUSE).count() == 1


def test_a_generation_without_such_a_retry_starts_the_count_anew(alice: User) -> None:
    token = log_in(APIClient(**HOME), alice)["refresh_token"]
    for generation in range(12):
        successor = refresh(APIClient(**HOME), token).json()["refresh_token"]
        if generation % 4 != 3:
            assert refresh(APIClient(**ELSEWHERE), token).status_code == 200
        token = successor
    assert ApiSession.objects.get().revoked_at is None


def test_many_retries_of_one_generation_count_once(alice: User) -> None:
    token = log_in(APIClient(**HOME), alice)["refresh_token"]
    refresh(APIClient(**HOME), token)
    statuses = [refresh(APIClient(**ELSEWHERE), token).status_code for _number in range(6)]
    assert statuses == [200] * 6


def test_retries_from_the_same_place_never_count(alice: User, clock: Any) -> None:
    token = log_in(APIClient(**HOME), alice)["refresh_token"]
    for _generation in range(6):
        successor = refresh(APIClient(**HOME), token).json()["refresh_token"]
        assert refresh(APIClient(**HOME), token).json()["refresh_token"] == successor
        token = successor
        clock.shift(timedelta(minutes=1))
    assert ApiSession.objects.get().odd_retries == 0
