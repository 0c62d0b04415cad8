"""People see where they are signed in, on pages and with programs, name it and end it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import sessions
from accounts.actor import Actor, Caller
from accounts.models import ApiSession, AuthEvent, PageSession, User
from tests.accounts.conftest import NOON, PASSWORD, bearer, log_in, log_in_on_page, refresh

SESSIONS = "/api/v1/sessions/"


@pytest.fixture
def browser(alice: User) -> Client:
    return log_in_on_page(alice, HTTP_USER_AGENT="Firefox", REMOTE_ADDR="192.0.2.1")


@pytest.fixture
def program(alice: User) -> APIClient:
    client = APIClient(HTTP_USER_AGENT="curl/8")
    client.tokens = log_in(client, alice, label="Backup")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {client.tokens['access_token']}")
    return client


def page_session(browser: Client) -> uuid.UUID:
    return uuid.UUID(browser.session["page_session"])


def test_both_kinds_stand_in_one_list(browser: Client, program: APIClient, bob: User) -> None:
    log_in(APIClient(), bob)
    body = program.get(SESSIONS).json()
    assert (body["total"], body["page"], body["size"], body["pages"]) == (2, 1, 50, 1)
    by_client = {item.pop("client"): item for item in body["items"]}
    page, token = by_client["page"], by_client["token"]
    assert page.keys() == {
        "id", "label", "ip", "user_agent", "created_at", "last_used_at", "current",
    }  # fmt: skip
    assert (page["id"], page["current"]) == (str(page_session(browser)), False)
    assert (page["ip"], page["user_agent"]) == ("192.0.2.1", "Firefox")
    assert (token["label"], token["user_agent"], token["current"]) == ("Backup", "curl/8", True)
    assert token["created_at"].endswith("Z")
    page_of_devices = browser.get(reverse("accounts:devices"))
    shown = {device.client: device for device in page_of_devices.context["sessions"]}
    assert (shown["page"].current, shown["token"].current) == (True, False)
    assert str(browser.session.session_key) not in page_of_devices.content.decode()


def test_the_list_takes_as_many_queries_for_many_devices(
    alice: User, program: APIClient, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        log_in_on_page(alice)
    with django_assert_num_queries(4):
        program.get(SESSIONS)
    for _ in range(10):
        log_in_on_page(alice)
        sessions.open_session(alice, client="token", caller=Caller())
    with django_assert_num_queries(4):
        program.get(SESSIONS)


def test_what_no_longer_lets_anybody_in_is_not_listed(alice: User) -> None:
    with time_machine.travel(NOON, tick=False):
        log_in(APIClient(), alice)
        log_in_on_page(alice)
        assert len(sessions.devices_of(alice, current=None)) == 2
    idle = sessions.devices_of(alice, current=None, at=NOON + timedelta(days=15))
    assert idle == []


@pytest.mark.parametrize("client", ["page", "token"])
def test_a_device_can_be_named(browser: Client, program: APIClient, client: str) -> None:
    pk = page_session(browser) if client == "page" else ApiSession.objects.get().pk
    response = program.patch(f"{SESSIONS}{pk}", {"label": "  My \u202elaptop "})
    assert response.status_code == 200
    assert (response.json()["label"], response.json()["client"]) == ("My laptop", client)
    browser.post(reverse("accounts:rename-session", args=[pk]), {"label": "Phone"})
    assert {item["label"] for item in program.get(SESSIONS).json()["items"]} >= {"Phone"}


def test_only_the_name_can_be_changed(program: APIClient) -> None:
    path = f"{SESSIONS}{ApiSession.objects.get().pk}"
    assert program.patch(path, {}).status_code == 200
    for body, field in (
        ({"ip": "192.0.2.9"}, "ip"),
        ({"user": 1}, "user"),
        ({"label": 5}, "label"),
        ({"label": "x" * 81}, "label"),
    ):
        response = program.patch(path, body)
        assert (response.status_code, list(response.json())) == (400, [field])


def test_ending_a_page_session_signs_that_browser_out(
    browser: Client, program: APIClient, alice: User
) -> None:
    assert program.delete(f"{SESSIONS}{page_session(browser)}").status_code == 204
    assert browser.get(reverse("accounts:devices")).status_code == 302
    assert not PageSession.objects.exists()
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.SESSION_ENDED).count() == 1


def test_ending_a_program_on_the_page_stops_it_at_once(browser: Client, program: APIClient) -> None:
    path = reverse("accounts:end-session", args=[ApiSession.objects.get().pk])
    assert browser.get(path).status_code == 405
    assert browser.post(path).status_code == 302
    assert program.get(SESSIONS).status_code == 401
    assert refresh(APIClient(), program.tokens["refresh_token"]).status_code == 401
    assert browser.post(path).status_code == 404


def test_ending_the_present_page_session_signs_out(browser: Client) -> None:
    path = reverse("accounts:end-session", args=[page_session(browser)])
    answer = browser.post(path)
    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/", '"storage"')
    assert browser.get(reverse("accounts:devices")).status_code == 302


def test_all_others_end_from_a_program(browser: Client, program: APIClient, alice: User) -> None:
    other = log_in(APIClient(), alice)
    assert program.delete(SESSIONS).status_code == 204
    assert [item["current"] for item in program.get(SESSIONS).json()["items"]] == [True]
    assert browser.get(reverse("accounts:devices")).status_code == 302
    assert APIClient().get(SESSIONS, **bearer(other["access_token"])).status_code == 401


def test_all_others_end_from_a_page(browser: Client, program: APIClient, alice: User) -> None:
    other = log_in_on_page(alice)
    assert browser.post(reverse("accounts:end-other-sessions")).status_code == 302
    assert program.get(SESSIONS).status_code == 401
    assert other.get(reverse("accounts:devices")).status_code == 302
    assert browser.get(reverse("accounts:devices")).status_code == 200


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_another_persons_device_is_404(browser: Client, bob: User, method: str) -> None:
    stranger = APIClient()
    stranger.credentials(HTTP_AUTHORIZATION=f"Bearer {log_in(stranger, bob)['access_token']}")
    theirs = getattr(stranger, method)(f"{SESSIONS}{page_session(browser)}", {})
    unknown = getattr(stranger, method)(f"{SESSIONS}{uuid.uuid4()}", {})
    assert theirs.status_code == unknown.status_code == 404
    assert theirs.json() == unknown.json()
    assert browser.get(reverse("accounts:devices")).status_code == 200


def test_the_list_refuses_what_it_does_not_know(program: APIClient) -> None:
    for query in ("page=0", "size=101", "page=x", "page=1&page=2", "sort=ip", "page=\uff11"):
        assert program.get(f"{SESSIONS}?{query}").status_code == 400
    assert program.get(f"{SESSIONS}?page=9").json()["items"] == []


def test_a_page_session_keeps_its_identity_when_the_password_changes(
    browser: Client, alice: User
) -> None:
    before, key = page_session(browser), browser.session.session_key
    response = browser.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "a new passphrase", "password2": "a new passphrase"},
    )
    assert response.status_code == 302
    assert browser.session.session_key != key
    assert page_session(browser) == before
    assert [device.id for device in sessions.devices_of(alice_now(), current=None)] == [before]
    assert UserSession.objects.count() == 1


def alice_now() -> User:
    return User.objects.get(email="alice@example.com")


def test_a_page_writes_down_its_use_every_ten_minutes(alice: User) -> None:
    with time_machine.travel(NOON, tick=False):
        browser = log_in_on_page(alice)
    for minutes, seen in ((9, 0), (10, 10), (19, 10), (20, 20)):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            browser.get(reverse("accounts:settings"))
        (device,) = sessions.devices_of(alice, current=None, at=NOON)
        assert device.last_used_at == NOON + timedelta(minutes=seen)


def test_a_page_knows_who_acts_through_which_session(browser: Client, alice: User) -> None:
    request = browser.get(reverse("accounts:settings")).wsgi_request
    assert request.actor == Actor(alice, page_session(browser))


def test_a_page_that_a_new_password_signed_out_is_no_device(alice: User) -> None:
    log_in_on_page(alice)
    alice.refresh_from_db()
    alice.set_password("quite another good one")
    alice.save()
    assert sessions.devices_of(alice, current=None) == []
