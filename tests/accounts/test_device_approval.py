"""Letting a device in by a code (RFC 8628): what it asks, what its person sees, what it gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import device_grant
from accounts.models import ApiSession, AuthEvent, DeviceRequest, User
from accounts.sweeps import erase_device_requests
from tests.accounts.conftest import PASSWORD, bearer, log_in_on_page
from tests.accounts.races import at_once, on_postgresql
from tests.accounts.test_second_factor import SECRET, code, log_in_with_code

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
TV = "Television/2.1 (Linux)"
NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
PAGE = "/devices/let-in"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def ask(**fields: str) -> Any:
    headers = {"HTTP_USER_AGENT": TV, "REMOTE_ADDR": "192.0.2.9"}
    response = APIClient().post("/api/v1/auth/device", fields, format="multipart", **headers)
    assert response.status_code == 200, response.content
    return response.json()


def poll(asked: Any) -> Any:
    body = {"grant_type": GRANT, "device_code": asked["device_code"]}
    return APIClient().post("/api/v1/auth/token", body, format="multipart", HTTP_USER_AGENT=TV)


def error(asked: Any) -> str:
    response = poll(asked)
    assert response.status_code == 400
    assert response.json().keys() == {"error", "error_description", "detail"}
    word: str = response.json()["error"]
    return word


def trusted(user: User) -> Client:
    """A browser in which `user` has just entered the password once more."""
    browser = log_in_on_page(user)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def approve(user: User, asked: Any) -> Any:
    return trusted(user).post(PAGE, {"user_code": asked["user_code"], "approve": ""})


def test_a_device_gets_two_codes_that_are_kept_nowhere(db: None) -> None:
    asked = ask(label="Television", client_id="x")
    assert (asked["expires_in"], asked["interval"]) == (600, 5)
    assert asked["verification_uri"] == f"http://testserver{PAGE}"
    assert asked["verification_uri_complete"].endswith(f"?user_code={asked['user_code']}")
    letters = asked["user_code"].replace("-", "")
    assert len(letters) == 8 and set(letters) <= set("BCDFGHJKLMNPQRSTVWXZ")
    row = DeviceRequest.objects.get()
    kept = [str(getattr(row, field.attname)) for field in row._meta.fields]
    assert not {asked["device_code"], asked["user_code"], letters.lower()} & set(kept)


def test_an_approved_device_is_signed_in_once(alice: User) -> None:
    asked = ask(label="Television", remember="false")
    assert error(asked) == "authorization_pending"
    response = approve(alice, asked)
    assert (response.status_code, response["Location"]) == (302, "/devices")
    body = poll(asked).json()
    assert body.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    me = APIClient().get("/api/v1/users/me/", **bearer(body["access_token"]))
    assert me.json()["email"] == alice.email
    session = ApiSession.objects.get()
    assert (session.client, session.label, session.remember) == ("token", "Television", False)
    assert (session.user_agent, session.methods) == (TV, ["device_code", "password"])
    assert AuthEvent.objects.filter(kind="signed_in", session=session.pk).exists()
    assert error(asked) == "invalid_grant"
    assert ApiSession.objects.count() == 1


def test_the_person_sees_what_asks_and_opening_the_link_approves_nothing(alice: User) -> None:
    asked, browser = ask(label="Television"), trusted(alice)
    page = browser.get(asked["verification_uri_complete"])
    assert asked["user_code"] in page.content.decode()
    assert error(asked) == "authorization_pending"
    page = browser.post(PAGE, {"user_code": asked["user_code"].lower().replace("-", " ")})
    text = page.content.decode()
    assert "192.0.2.9" in text and TV in text and "Television" in text
    assert DeviceRequest.objects.get().answered_at is None


def test_what_a_device_calls_itself_cannot_turn_the_words_around_it(db: None) -> None:
    ask(label="Tele\u202evision\n  two")
    assert DeviceRequest.objects.get().label == "Television two"


def test_a_device_may_be_sent_away(alice: User) -> None:
    asked = ask()
    trusted(alice).post(PAGE, {"user_code": asked["user_code"], "deny": ""})
    assert error(asked) == "access_denied"
    approve(alice, asked)
    assert error(asked) == "access_denied"


def test_asking_too_often_slows_down(db: None, clock: Any) -> None:
    asked = ask()
    assert error(asked) == "authorization_pending"
    assert error(asked) == "slow_down"
    clock.shift(timedelta(seconds=6))
    assert error(asked) == "slow_down"
    clock.shift(timedelta(seconds=16))
    assert error(asked) == "authorization_pending"


def test_codes_expire_after_ten_minutes_and_are_swept(alice: User, clock: Any) -> None:
    asked = ask()
    clock.shift(timedelta(minutes=10))
    assert error(asked) == "expired_token"
    approve(alice, asked)
    assert DeviceRequest.objects.get().answered_at is None
    erase_device_requests(datetime.now(UTC) + timedelta(minutes=30))
    assert DeviceRequest.objects.exists()
    erase_device_requests(datetime.now(UTC) + timedelta(hours=2))
    assert error(asked) == "invalid_grant"


@pytest.mark.parametrize("code", ["x", "é", "null", "x" * 9000])
def test_what_is_no_device_code_is_refused(db: None, code: str) -> None:
    assert error({"device_code": code}) == "invalid_grant"


def test_a_missing_device_code_is_told(db: None) -> None:
    response = APIClient().post("/api/v1/auth/token", {"grant_type": GRANT}, format="multipart")
    assert response.json()["error"] == "invalid_request"


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another"}])
def test_an_approval_ends_with_the_account_or_its_password(
    alice: User, change: dict[str, Any]
) -> None:
    asked = ask()
    approve(alice, asked)
    User.objects.update(**change)
    assert error(asked) == "access_denied"


def test_nobody_approves_without_a_fresh_password(alice: User, clock: Any) -> None:
    asked, browser = ask(), log_in_on_page(alice)
    body = {"user_code": asked["user_code"], "approve": ""}
    response = browser.post(PAGE, body)
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    clock.shift(timedelta(minutes=6))
    assert browser.post(PAGE, body).status_code == 302
    assert error(asked) == "authorization_pending"


def test_where_there_is_a_second_factor_the_password_is_not_enough(alice: User, clock: Any) -> None:
    TOTP.activate(alice, SECRET)
    asked, browser = ask(), log_in_with_code(alice)
    body = {"user_code": asked["user_code"], "approve": ""}
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert browser.post(PAGE, body)["Location"].startswith(reverse("mfa_reauthenticate"))
    assert error(asked) == "authorization_pending"
    clock.shift(timedelta(seconds=30))
    browser.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert browser.post(PAGE, body)["Location"] == "/devices"
    assert poll(asked).status_code == 200
    assert ApiSession.objects.get().methods == ["device_code", "totp"]


def test_five_wrong_codes_are_the_limit(alice: User) -> None:
    asked, browser = ask(), trusted(alice)
    for _ in range(5):
        page = browser.post(PAGE, {"user_code": "BBBB-BBBB"})
        assert "not right" in page.content.decode()
    response = browser.post(PAGE, {"user_code": asked["user_code"], "approve": ""})
    assert (response.status_code, "Retry-After" in response) == (429, True)
    assert error(asked) == "authorization_pending"


def test_ten_devices_an_hour_may_ask_from_one_address(db: None) -> None:
    for _ in range(10):
        ask()
    response = APIClient().post(
        "/api/v1/auth/device", {}, format="multipart", REMOTE_ADDR="192.0.2.9"
    )
    assert (response.status_code, "Retry-After" in response) == (429, True)


def test_visitors_are_asked_to_log_in(db: None) -> None:
    assert Client().get(PAGE).status_code == 302


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_parallel_polls_open_one_session() -> None:
    user = User.objects.create(email="alice@example.com")
    request, device_code, _ = device_grant.ask(
        remember=True, label="", caller=device_grant.Caller(), at=NOON
    )
    device_grant.approve(request, user=user, methods=["password"], at=NOON)
    statuses = at_once(lambda _: poll({"device_code": device_code}).status_code, 6)
    assert sorted(statuses) == [200, 400, 400, 400, 400, 400]
    assert ApiSession.objects.count() == 1
