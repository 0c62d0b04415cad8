"""Signing out over the API, by token, by cookie, or both."""

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import OWN, bearer, log_in, refresh


@pytest.mark.parametrize("path", ["/api/v1/logout", "/api/v1/logout/"])
def test_a_bearer_token_ends_its_session(alice: User, path: str) -> None:
    client = APIClient()
    body, other = log_in(client, alice), log_in(client, alice)
    response = client.post(path, **bearer(body["access_token"]))
    assert (response.status_code, response.content) == (204, b"")
    assert refresh(client, body["refresh_token"]).status_code == 401
    assert refresh(client, other["refresh_token"]).status_code == 200
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.SIGNED_OUT).count() == 1


def test_our_own_pages_sign_out_by_cookie(alice: User) -> None:
    browser = APIClient(**OWN)
    log_in(browser, alice)
    response = browser.post("/api/v1/logout")
    assert response.status_code == 204
    assert response.cookies["refresh"]["max-age"] == 0
    assert ApiSession.objects.get().revoked_reason == "signed_out"


def test_the_cookie_goes_even_when_its_session_is_dead_or_the_bearer_token_bad(
    alice: User,
) -> None:
    browser = APIClient(**OWN)
    log_in(browser, alice)
    ApiSession.objects.all().delete()
    response = browser.post("/api/v1/logout", **bearer("null"))
    assert response.status_code == 204
    assert response.cookies["refresh"]["max-age"] == 0


def test_both_sessions_end_when_both_are_sent(alice: User, bob: User) -> None:
    browser = APIClient(**OWN)
    log_in(browser, alice)
    access = log_in(APIClient(), bob)["access_token"]
    assert browser.post("/api/v1/logout", **bearer(access)).status_code == 204
    assert not ApiSession.objects.filter(revoked_at=None).exists()


def test_another_sites_form_signs_nobody_out(alice: User) -> None:
    browser = APIClient(**OWN)
    log_in(browser, alice)
    response = browser.post("/api/v1/logout", HTTP_ORIGIN="https://evil.example")
    assert response.status_code == 401
    assert not response.cookies
    assert ApiSession.objects.get().revoked_at is None


def test_with_neither_it_is_401(alice: User) -> None:
    response = APIClient().post("/api/v1/logout")
    assert response.status_code == 401
    assert response.json() == {"detail": "Could not validate credentials"}
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    response = APIClient().post("/api/v1/logout", **bearer("null"))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


def test_signing_out_twice_is_401_the_second_time(alice: User) -> None:
    headers = bearer(log_in(APIClient(), alice)["access_token"])
    assert APIClient().post("/api/v1/logout", **headers).status_code == 204
    assert APIClient().post("/api/v1/logout", **headers).status_code == 401
