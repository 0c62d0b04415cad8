"""How often something may be tried, on the pages and over the API alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from rest_framework.test import APIClient

from accounts import tasks
from accounts.models import AuthEvent, User
from tests.conftest import PASSWORD, program_of
from todo_project.cache import Absence
from todo_project.environment import Environment

NOW = datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC)
WRONG = "wrong"
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The time stands still, so that no period ends in the middle of a test."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def alice(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def guess(email: str, password: str = WRONG, ip: str = HERE) -> Any:
    body = {"username": email, "password": password}
    return APIClient().post("/api/v1/login", body, REMOTE_ADDR=ip)


def guess_on_page(email: str, password: str = WRONG, ip: str = HERE) -> Any:
    data = {"login": email, "password": password}
    return Client(REMOTE_ADDR=ip).post("/accounts/login/", data)


def test_five_wrong_guesses_and_then_429_until_the_time_is_over(alice: User, clock: Any) -> None:
    statuses = [guess(alice.email).status_code for _number in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    right = guess(alice.email, PASSWORD)
    assert right.status_code == 429
    assert right["Retry-After"] == "299"
    assert right.json()["detail"] == "Too many tries. Please wait 5 minutes, then try again."
    clock.shift(timedelta(seconds=299))
    assert guess(alice.email, PASSWORD).status_code == 200


def test_pages_and_api_count_together(alice: User) -> None:
    for ask in (guess, guess_on_page, guess, guess_on_page, guess):
        assert ask(alice.email).status_code in {200, 401}
    answer = guess_on_page(alice.email, PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "299")
    assert b"Please wait 5 minutes" in answer.content
    assert guess(alice.email, PASSWORD).status_code == 429


def test_a_right_password_costs_nothing(alice: User) -> None:
    for _number in range(4):
        guess(alice.email)
    statuses = [guess(alice.email, PASSWORD).status_code for _number in range(4)]
    assert statuses == [200] * 4


def test_nobody_else_locks_the_owner_out(alice: User) -> None:
    for _number in range(9):
        guess(alice.email, ip=THERE)
    assert guess(alice.email, PASSWORD, ip=HERE).status_code == 200


def test_an_unknown_account_is_answered_alike(alice: User) -> None:
    for email in (alice.email, "nobody@example.com"):
        answers = [guess(email) for _number in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert "detail" in answers[0].json()
    assert guess("x@example.com").json() == guess("y@example.com").json()


def test_one_address_tries_thirty_accounts_and_no_more(alice: User) -> None:
    statuses = [guess(f"{number}@example.com").status_code for number in range(31)]
    assert statuses == [401] * 30 + [429]
    assert guess(alice.email, PASSWORD).status_code == 429
    assert guess(alice.email, PASSWORD, ip=THERE).status_code == 200


def test_a_network_of_ipv6_is_one_address(alice: User) -> None:
    for number in range(5):
        guess(alice.email, ip=f"2001:db8::{number + 1}")
    assert guess(alice.email, ip="2001:db8::ffff").status_code == 429
    assert guess(alice.email, ip="2001:db8:0:1::1").status_code == 401


def test_a_client_cannot_choose_its_address(alice: User) -> None:
    for number in range(5):
        APIClient().post(
            "/api/v1/login",
            {"username": alice.email, "password": "wrong"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
    assert guess(alice.email, ip="127.0.0.1").status_code == 429


def test_behind_proxies_the_true_address_counts(alice: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2

    def through(*path: str) -> int:
        body = {"username": alice.email, "password": "wrong"}
        headers = {"X-Forwarded-For": ", ".join(path)}
        return APIClient().post("/api/v1/login", body, headers=headers).status_code

    for number in range(5):
        assert through(f"198.51.100.{number}", HERE, "10.0.0.1") == 401
    assert through("203.0.113.9", HERE, "10.0.0.1") == 429
    assert through("203.0.113.9", THERE, "10.0.0.1") == 401
    assert through("only one") == 401


def test_a_refused_try_leaves_no_event(alice: User) -> None:
    for _number in range(8):
        guess(alice.email)
    assert AuthEvent.objects.get().count == 5


def test_fifty_wrong_guesses_in_an_hour_are_told_once(alice: User, clock: Any) -> None:
    for number in range(60):
        guess(alice.email, ip=f"198.51.100.{number}")
    jobs = tasks.mail_event.module_path
    from django_tasks_db.models import DBTaskResult

    (job,) = DBTaskResult.objects.filter(task_path=jobs)
    tasks.mail_event.call(*job.args_kwargs["args"])
    assert mail.outbox[0].subject == "Somebody tries to sign in to your account"
    assert mail.outbox[0].to == [alice.email]


def test_a_wrong_password_in_the_settings_counts_too(alice: User) -> None:
    api = program_of(alice)
    for _number in range(3):
        assert api.delete("/api/v1/users/me/", {"password": "wrong"}).status_code == 400
        body = {"current": "wrong", "new": "another good one"}
        api.post("/api/v1/users/me/password", body)
    assert api.delete("/api/v1/users/me/", {"password": PASSWORD}).status_code == 429
    page = Client()
    page.force_login(alice)
    assert page.post("/close-account", {"password": PASSWORD}).status_code == 429
    assert User.objects.filter(pk=alice.pk).exists()


def test_a_session_refreshes_120_times_a_minute(alice: User) -> None:
    client = APIClient()
    body = guess(alice.email, PASSWORD).json()
    for _number in range(120):
        answer = client.post("/api/v1/refresh", {"refresh_token": body["refresh_token"]})
        assert answer.status_code == 200
    answer = client.post("/api/v1/refresh", {"refresh_token": body["refresh_token"]})
    assert (answer.status_code, answer["Retry-After"]) == (429, "59")
    other = guess(alice.email, PASSWORD).json()["refresh_token"]
    assert client.post("/api/v1/refresh", {"refresh_token": other}).status_code == 200


def test_ten_accounts_an_hour_from_one_address(db: None) -> None:
    def sign_up(number: int) -> int:
        body = {"email": f"{number}@example.com", "password": "short"}
        return APIClient().post("/api/v1/users/", body).status_code

    assert [sign_up(number) for number in range(11)] == [400] * 10 + [429]
    data = {"email": "page@example.com", "password1": PASSWORD}
    assert Client().post("/accounts/signup/", data).status_code == 429


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_three_resets_an_hour_for_an_account_known_or_not(alice: User, email: str) -> None:
    def reset(ip: str) -> int:
        data = {"email": email}
        return Client(REMOTE_ADDR=ip).post("/accounts/password/reset/", data).status_code

    assert [reset(f"192.0.2.{number}") for number in range(4)] == [302] * 3 + [429]


def test_ten_resets_an_hour_from_an_address(db: None) -> None:
    def reset(number: int) -> int:
        data = {"email": f"{number}@example.com"}
        return Client().post("/accounts/password/reset/", data).status_code

    assert [reset(number) for number in range(11)] == [302] * 10 + [429]


def test_five_reports_an_hour(alice: User, settings: Any) -> None:
    settings.MAIL_STAYS_HERE = True
    api, page = program_of(alice), Client()
    page.force_login(alice)
    assert [api.post("/api/v1/reports/").status_code for _number in range(6)] == [200] * 5 + [429]
    assert page.post("/report").status_code == 429


def test_without_the_cache_this_process_counts_for_itself(alice: User, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "todo_project.cache.Redis", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert [guess(alice.email).status_code for _number in range(6)] == [401] * 5 + [429]
    cache.clear()
    Absence.is_known = False


def test_a_reset_by_mail_lets_the_owner_in_at_once(alice: User) -> None:
    browser = Client(REMOTE_ADDR=HERE)
    for _number in range(6):
        guess(alice.email)
    browser.post("/accounts/password/reset/", {"email": alice.email})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = browser.get(link, follow=True).request["PATH_INFO"]
    new = "quite another good one"
    browser.post(form, {"password1": new, "password2": new})
    assert guess(alice.email, new).status_code == 200


def me(api: APIClient, **extra: Any) -> Any:
    return api.get("/api/v1/users/me/", **extra)


def test_an_account_may_ask_so_often_whatever_the_session_and_the_address(
    alice: User, bob: User, settings: Any
) -> None:
    settings.LIMIT_REQUESTS = 3, timedelta(minutes=1)
    first, second = program_of(alice), program_of(alice)
    assert [me(first).status_code, me(second, REMOTE_ADDR=THERE).status_code] == [200, 200]
    assert first.get("/api/v1/tasks/").status_code == 200
    answer = second.post("/api/v1/tasks/", {"title": "Milk"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "59")
    assert answer.json() == {"detail": "Too many tries. Please wait a minute, then try again."}
    assert me(program_of(bob)).status_code == 200
    assert Client().get("/accounts/login/").status_code == 200


def test_an_address_without_an_account_may_ask_so_often_and_refusals_count(
    alice: User, settings: Any
) -> None:
    settings.LIMIT_REQUESTS_OF_ADDRESS = 3, timedelta(minutes=1)
    stranger = APIClient(REMOTE_ADDR=HERE)
    assert me(stranger).status_code == 401
    assert me(stranger, HTTP_AUTHORIZATION="Bearer null").status_code == 401
    assert guess(alice.email).status_code == 401
    for answer in (me(stranger), guess(alice.email), stranger.get("/api/v1/schema/")):
        assert (answer.status_code, "Retry-After" in answer) == (429, True)
    assert me(stranger, REMOTE_ADDR=THERE).status_code == 401
    assert me(program_of(alice)).status_code == 200


def test_a_limit_that_is_off_is_none(alice: User, settings: Any) -> None:
    settings.LIMIT_SIGN_INS = None
    assert [guess(alice.email).status_code for _number in range(8)] == [401] * 8


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("5/5m", (5, timedelta(minutes=5))),
        ("600/m", (600, timedelta(minutes=1))),
        ("10/30s", (10, timedelta(seconds=30))),
        ("3/d", (3, timedelta(days=1))),
        ("off", None),
    ],
)
def test_a_limit_is_written_as_a_number_in_a_period(
    monkeypatch: pytest.MonkeyPatch, text: str, limit: Any
) -> None:
    monkeypatch.setenv("LIMIT_CODES", text)
    assert Environment().limit("LIMIT_CODES", default="5/5m") == limit


@pytest.mark.parametrize(
    "text",
    ["5", "0/m", "5/0m", "5/5", "-5/m", "5/m\n", "\N{FULLWIDTH DIGIT FIVE}/m", "5/y", "none", ""],
)
def test_what_is_no_limit_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("LIMIT_CODES", text)
    with pytest.raises(ImproperlyConfigured, match=r"LIMIT_CODES is .* such as 5/5m, or off"):
        Environment().limit("LIMIT_CODES", default="5/5m")


def test_every_limit_is_told_with_its_default() -> None:
    """In docs/settings.md and .env.example, in the words of settings.py."""
    base = settings.BASE_DIR
    limits = re.findall(
        r'^(LIMIT_\w+) = env.limit\("\1", default="(.+)"\)$',
        (base / "todo_project/settings.py").read_text(),
        re.MULTILINE,
    )
    assert len(limits) > 10
    documented = (base / "docs/settings.md").read_text()
    example = (base / ".env.example").read_text()
    for name, default in limits:
        assert f"| `{name}` | `{default}` |" in documented
        assert f"#{name}={default}\n" in example


def test_the_schema_tells_of_429_everywhere(db: None) -> None:
    schema = APIClient().get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    for path in schema.json()["paths"].values():
        for operation in path.values():
            assert "Retry-After" in operation["responses"]["429"]["headers"]
