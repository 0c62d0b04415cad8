"""A browser that never stores a rotated token: its cookie keeps the newest for it."""

from typing import Any

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import OWN, PASSWORD, bearer, log_in, refresh

NOT_VALID = "Could not validate credentials"


@pytest.fixture
def browser(alice: User) -> APIClient:
    """A browser with our own page open, whose program keeps its first refresh token for ever."""
    client = APIClient(HTTP_USER_AGENT="Firefox", **OWN)
    client.first = log_in(client, alice)["refresh_token"]
    return client


def session() -> ApiSession:
    return ApiSession.objects.latest("created_at")


def without_cookie(**headers: str) -> APIClient:
    return APIClient(HTTP_USER_AGENT="Firefox", **headers)


def test_login_from_our_own_pages_sets_the_cookie(browser: APIClient) -> None:
    assert session().client == "browser"
    cookie = browser.cookies["refresh"]
    assert cookie.value == browser.first
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert (cookie["secure"], cookie["domain"]) == ("", "")
    assert cookie["max-age"] == 30 * 24 * 3600


def test_over_https_the_cookie_is_bound_to_the_host(alice: User) -> None:
    client = APIClient(**OWN)
    with override_settings(IS_HTTPS=True):
        log_in(client, alice)
    assert client.cookies["__Host-refresh"]["secure"] is True
    assert "refresh" not in client.cookies


def test_a_session_not_to_be_remembered_has_a_cookie_for_as_long_as_the_browser_runs(
    alice: User,
) -> None:
    client = APIClient(**OWN)
    log_in(client, alice, remember=False)
    assert client.cookies["refresh"]["max-age"] == ""


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil", ""])
def test_login_from_elsewhere_is_a_program(alice: User, origin: str) -> None:
    client = APIClient(HTTP_ORIGIN=origin)
    log_in(client, alice)
    assert session().client == "token"
    assert not client.cookies


def test_the_first_token_works_for_ever_beside_the_cookie(browser: APIClient) -> None:
    for generation in range(1, 5):
        response = refresh(browser, browser.first)
        assert response.status_code == 200
        assert response.json().keys() == {"access_token", "token_type", "expires_in"}
        assert session().generation == generation
        me = APIClient().get("/api/v1/users/me/", **bearer(response.json()["access_token"]))
        assert me.status_code == 200


def test_the_cookie_alone_counts_from_our_own_pages(browser: APIClient) -> None:
    assert browser.post("/api/v1/refresh").status_code == 200
    assert browser.post("/api/v1/refresh", {}).status_code == 200
    assert browser.post("/api/v1/refresh", {"grant_type": "refresh_token"}).status_code == 200
    assert session().generation == 3


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_the_cookie_alone_does_not_count_from_elsewhere(browser: APIClient, origin: str) -> None:
    response = browser.post("/api/v1/refresh", HTTP_ORIGIN=origin)
    assert (response.status_code, response.json()["detail"]) == (401, NOT_VALID)
    assert not response.cookies
    assert session().revoked_at is None


def test_the_cookie_alone_does_not_count_beside_a_form(browser: APIClient) -> None:
    response = browser.post("/api/v1/refresh", {"a": "b"}, format="multipart")
    assert response.status_code == 401
    assert not response.cookies
    assert browser.post("/api/v1/refresh").status_code == 200


def test_a_replayed_cookie_is_reuse(browser: APIClient) -> None:
    first = browser.cookies["refresh"].value
    browser.post("/api/v1/refresh")
    browser.post("/api/v1/refresh")
    browser.cookies["refresh"] = first
    assert browser.post("/api/v1/refresh").status_code == 401
    assert session().revoked_reason == "reuse"


@pytest.mark.parametrize("value", [None, "", " ", "null", "undefined", 5, [], {"a": 1}])
def test_a_forgotten_token_signs_out(browser: APIClient, value: Any) -> None:
    response = browser.post("/api/v1/refresh", {"refresh_token": value})
    assert (response.status_code, response.json()["detail"]) == (401, NOT_VALID)
    assert response.cookies["refresh"]["max-age"] == 0
    assert session().revoked_reason == "signed_out"


def test_a_forgotten_token_from_elsewhere_changes_nothing(browser: APIClient) -> None:
    headers = {"HTTP_ORIGIN": "https://evil.example"}
    response = browser.post("/api/v1/refresh", {"refresh_token": None}, **headers)
    assert response.status_code == 401
    assert not response.cookies
    assert session().revoked_at is None


def test_a_lost_cookie_ends_the_session_quietly(browser: APIClient) -> None:
    response = refresh(without_cookie(), browser.first)
    assert response.status_code == 401
    assert session().revoked_reason == "cookie_lost"
    assert not AuthEvent.objects.filter(kind=AuthEvent.Kind.REUSE).exists()


@pytest.mark.parametrize(
    "elsewhere", [{"REMOTE_ADDR": "192.0.2.66"}, {"HTTP_USER_AGENT": "curl/8"}]
)
@pytest.mark.parametrize("rotated", [False, True])
def test_a_stolen_first_token_ends_the_session_with_a_mail(
    browser: APIClient, elsewhere: dict[str, str], rotated: bool
) -> None:
    if rotated:
        refresh(browser, browser.first)
    response = refresh(without_cookie(), browser.first, **elsewhere)
    assert response.status_code == 401
    assert session().revoked_reason == "reuse"
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.REUSE).count() == 1
    assert refresh(browser, browser.first).status_code == 401


def test_a_browsers_token_does_not_work_where_no_cookie_is_read(browser: APIClient) -> None:
    response = browser.post("/api/v1/token/refresh/", {"refresh": browser.first})
    assert response.status_code == 401
    assert not response.cookies
    assert session().revoked_reason == "cookie_lost"


def test_the_body_of_one_session_beside_the_cookie_of_another_ends_neither(
    browser: APIClient, bob: User
) -> None:
    other = APIClient(HTTP_USER_AGENT="Firefox", **OWN)
    token = log_in(other, bob)["refresh_token"]
    response = refresh(browser, token)
    assert response.status_code == 401
    assert not response.cookies
    assert not ApiSession.objects.exclude(revoked_at=None).exists()


def test_a_programs_token_counts_whatever_the_cookie(browser: APIClient, bob: User) -> None:
    token = log_in(APIClient(), bob)["refresh_token"]
    response = refresh(browser, token)
    assert response.status_code == 200
    assert response.json()["refresh_token"] != token
    assert not response.cookies
    assert browser.cookies["refresh"].value == browser.first


def test_a_programs_token_in_the_cookie_is_no_browser_session(alice: User) -> None:
    client = APIClient(**OWN)
    client.cookies["refresh"] = log_in(APIClient(), alice)["refresh_token"]
    assert client.post("/api/v1/refresh").status_code == 401
    client.post("/api/v1/logout")
    assert session().revoked_at is None


def test_signing_in_again_replaces_the_session_of_the_cookie(
    browser: APIClient, alice: User
) -> None:
    before = session()
    log_in(browser, alice)
    before.refresh_from_db()
    assert before.revoked_reason == "replaced"
    assert browser.post("/api/v1/refresh").status_code == 200


def test_signing_in_from_elsewhere_leaves_the_session_of_the_cookie(
    browser: APIClient, alice: User
) -> None:
    before = session()
    body = {"username": alice.email, "password": PASSWORD}
    response = browser.post("/api/v1/login", body, HTTP_ORIGIN="https://evil.example")
    assert response.status_code == 200
    assert not response.cookies
    before.refresh_from_db()
    assert before.revoked_at is None
