"""Redis is killed, gets stuck and comes back: nothing fails, and no limit is lifted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import PASSWORD, browser_of, program_of
from tests.redis import OwnRedis, needs_redis, own_redis
from todo_project import cache as caching

pytestmark = needs_redis


@pytest.fixture(scope="module")
def server() -> Iterator[OwnRedis]:
    with own_redis() as server:
        yield server


@pytest.fixture
def redis(server: OwnRedis, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnRedis]:
    """A Redis that the application uses; it is looked for without a pause."""
    settings.CACHES = {"default": {"BACKEND": "todo_project.cache.Redis", "LOCATION": server.url}}
    # A day has room for a test, wherever its minutes end.
    settings.LIMIT_REQUESTS = 3, timedelta(days=1)
    settings.LIMIT_SIGN_INS = 5, timedelta(days=1)
    monkeypatch.setattr(caching, "PAUSE_SECONDS", 0.0)
    yield server
    server.go_on()
    server.kill()
    server.start()
    caching.Absence.is_known = False
    cache.own.clear()


def me(api: APIClient) -> int:
    return api.get("/api/v1/users/me/").status_code


def guess(email: str) -> int:
    body = {"username": email, "password": "wrong"}
    return APIClient().post("/api/v1/login", body).status_code


def test_while_it_is_gone_this_process_counts_and_when_it_is_back_all_together(
    redis: OwnRedis, alice: User
) -> None:
    api = program_of(alice)
    assert [me(api) for _number in range(4)] == [200, 200, 200, 429]
    redis.kill()
    assert [me(api) for _number in range(4)] == [200, 200, 200, 429]
    assert [guess(alice.email) for _number in range(6)] == [401] * 5 + [429]
    redis.start()
    assert [me(api) for _number in range(4)] == [200, 200, 200, 429]
    assert not cache.is_away


def test_a_restart_is_not_noticed(redis: OwnRedis, api: APIClient) -> None:
    assert me(api) == 200
    redis.kill()
    redis.start()
    assert me(api) == 200
    assert not cache.is_away


def test_when_it_is_stuck_one_request_waits_for_it_and_the_others_do_not(
    redis: OwnRedis, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "PAUSE_SECONDS", 60.0)
    redis.hold()
    began = time.monotonic()
    assert [me(api) for _number in range(4)] == [200, 200, 200, 429]
    assert 0.4 < time.monotonic() - began < 3
    redis.go_on()
    assert me(api) == 429
    caching.Absence.next_look = 0.0
    assert me(api) == 200


def test_pages_that_use_the_cache_work_without_it(redis: OwnRedis, alice: User) -> None:
    alice.set_password(PASSWORD)
    alice.save()
    redis.kill()
    visitor = Client()
    form = {"login": alice.email, "password": PASSWORD}
    assert visitor.post("/accounts/login/", form).status_code == 302
    new = {
        "oldpassword": PASSWORD,
        "password1": "quite another one",
        "password2": "quite another one",
    }
    assert visitor.post("/accounts/password/change/", new).status_code == 302
    assert visitor.get("/today").status_code == 200
    assert browser_of().post("/accounts/password/reset/", {"email": alice.email}).status_code == 302


def test_readiness_tells_that_it_is_gone(redis: OwnRedis, db: None, client: Client) -> None:
    assert client.get("/readyz").json()["checks"]["cache"] == "ok"
    redis.kill()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["cache"].startswith("does not answer")


def test_counts_are_forgotten_when_their_period_is_over(redis: OwnRedis) -> None:
    caching_now: Any = cache
    with time_machine.travel(time.time(), tick=False):
        assert [caching_now.add_up("count", 1, 50) for _number in range(3)] == [1, 2, 3]
    client = caching_now._cache.get_client(write=True)
    assert 0 < client.ttl(caching_now.make_and_validate_key("count")) <= 50
