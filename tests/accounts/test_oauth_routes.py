"""What ordinary OAuth 2 clients use: /auth/token, /auth/revoke and /auth/introspect."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import PASSWORD, bearer, log_in

BASIC = {"HTTP_AUTHORIZATION": "Basic Y2xpZW50OnNlY3JldA=="}
FORM = "application/x-www-form-urlencoded"


def post(path: str, body: dict[str, str] | str, **headers: str) -> Any:
    text = body if isinstance(body, str) else urlencode(body)
    return APIClient().post(f"/api/v1/auth/{path}", text, content_type=FORM, **headers)


def password_grant(user: User, **fields: str) -> dict[str, str]:
    return {"grant_type": "password", "username": user.email, "password": PASSWORD, **fields}


def is_signed_in(access: str) -> bool:
    return APIClient().get("/api/v1/users/me/", **bearer(access)).status_code == 200


@pytest.mark.parametrize("headers", [{}, BASIC, {"HTTP_AUTHORIZATION": "Bearer null"}])
def test_the_password_grant_opens_a_session_of_a_program(
    alice: User, headers: dict[str, str]
) -> None:
    grant = password_grant(alice, client_id="x", scope="tasks", label="Script", remember="false")
    response = post("token", grant, **headers)
    assert response.status_code == 200, response.content
    body = response.json()
    assert body.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 300)
    assert (response["Cache-Control"], bool(response.cookies)) == ("no-store", False)
    session = ApiSession.objects.get()
    assert (session.client, session.label, session.remember) == ("token", "Script", False)


def test_our_own_origin_makes_no_browser_session_here(alice: User) -> None:
    response = post("token", password_grant(alice), HTTP_ORIGIN="http://testserver")
    assert not response.cookies
    assert ApiSession.objects.get().client == "token"


def test_the_refresh_grant_always_brings_a_refresh_token(alice: User) -> None:
    first = post("token", password_grant(alice)).json()
    grant = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = post("token", grant, **BASIC)
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert post("token", grant).json()["refresh_token"] == second.json()["refresh_token"]


def test_a_browsers_token_ends_its_session_here(alice: User) -> None:
    tokens = log_in(APIClient(), alice, own_origin=True)
    grant = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert post("token", grant).json()["error"] == "invalid_grant"
    assert ApiSession.objects.get().revoked_reason == "cookie_lost"


@pytest.mark.parametrize(
    "body, error",
    [
        ("grant_type=password&username=alice%40example.com&password=wrong", "invalid_grant"),
        ("grant_type=password&username=nobody%40example.com&password=wrong", "invalid_grant"),
        ("grant_type=password&username=alice%40example.com", "invalid_request"),
        ("grant_type=password&password=x", "invalid_request"),
        ("username=alice%40example.com&password=x", "invalid_request"),
        ("grant_type=&username=a&password=x", "invalid_request"),
        ("grant_type=password&grant_type=password&username=a&password=x", "invalid_request"),
        ("grant_type=password&username=a&password=x&remember=perhaps", "invalid_request"),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=authorization_code&code=x", "unsupported_grant_type"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x", "invalid_grant"),
        ("grant_type=refresh_token&refresh_token=null", "invalid_grant"),
    ],
)
def test_errors_are_those_of_the_rfc(alice: User, body: str, error: str) -> None:
    response = post("token", body)
    assert response.status_code == 400
    assert response.json()["error"] == error
    assert response.json()["error_description"] == response.json()["detail"] != ""
    assert "WWW-Authenticate" not in response
    assert response["Cache-Control"] == "no-store"
    assert not ApiSession.objects.exists()


def test_the_password_grant_can_be_closed_here_alone(alice: User, settings: Any) -> None:
    settings.PASSWORD_GRANT = False
    tokens = log_in(APIClient(), alice)
    assert post("token", password_grant(alice)).json()["error"] == "unsupported_grant_type"
    grant = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert post("token", grant).status_code == 200


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_a_token_ends_its_session_and_no_other(alice: User, kind: str) -> None:
    ended, other = log_in(APIClient(), alice), log_in(APIClient(), alice)
    body = {"token": ended[kind], "token_type_hint": "whatever"}
    assert post("revoke", body, **BASIC).status_code == 200
    assert not is_signed_in(ended["access_token"])
    assert is_signed_in(other["access_token"])
    assert AuthEvent.objects.filter(kind="signed_out").count() == 1
    assert post("revoke", {"token": ended[kind]}).status_code == 200
    assert AuthEvent.objects.filter(kind="signed_out").count() == 1


def test_an_old_refresh_token_still_ends_its_session(alice: User) -> None:
    tokens = log_in(APIClient(), alice)
    APIClient().post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]})
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        assert post("revoke", {"token": tokens["refresh_token"]}).status_code == 200
    assert ApiSession.objects.get().revoked_reason == "signed_out"


@pytest.mark.parametrize("token", ["x", "null", "a.b.c", "é" * 9000])
def test_revoking_anything_else_is_well(db: None, token: str) -> None:
    response = post("revoke", {"token": token})
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", ["revoke", "introspect"])
def test_a_missing_or_repeated_token_is_told(alice: User, path: str) -> None:
    headers = bearer(log_in(APIClient(), alice)["access_token"]) if path == "introspect" else {}
    for body in ("", "token=", "token=a&token=b"):
        response = post(path, body, **headers)
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def introspected(token: str, access: str) -> Any:
    response = post("introspect", {"token": token}, **bearer(access))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return response.json()


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_introspection_tells_of_ones_own_token(alice: User, kind: str) -> None:
    tokens = log_in(APIClient(), alice)
    told = introspected(tokens[f"{kind}_token"], tokens["access_token"])
    session = ApiSession.objects.get()
    assert told["active"] is True
    assert (told["token_type"], told["username"]) == (kind, alice.email)
    assert (told["sub"], told["sid"], told["iss"]) == (str(alice.pk), str(session.pk), "todo")
    assert told["exp"] > told["iat"]


def test_introspection_tells_nothing_of_others_but_to_staff(alice: User, bob: User) -> None:
    hers, his = log_in(APIClient(), alice), log_in(APIClient(), bob)
    assert introspected(hers["access_token"], his["access_token"]) == {"active": False}
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    told = introspected(hers["access_token"], his["access_token"])
    assert told["username"] == alice.email


def test_what_would_be_refused_is_not_active(alice: User) -> None:
    asking, asked = log_in(APIClient(), alice), log_in(APIClient(), alice)
    access = asking["access_token"]
    APIClient().post("/api/v1/refresh", {"refresh_token": asked["refresh_token"]})
    assert introspected(asked["refresh_token"], access) == {"active": False}
    assert introspected("nonsense", access) == {"active": False}
    post("revoke", {"token": asked["access_token"]})
    assert introspected(asked["access_token"], access) == {"active": False}


@pytest.mark.parametrize("headers", [{}, BASIC, bearer("null")])
def test_introspection_asks_for_a_bearer_token(db: None, headers: dict[str, str]) -> None:
    response = post("introspect", {"token": "x"}, **headers)
    assert (response.status_code, response.json()["error"]) == (401, "invalid_token")
    assert response["WWW-Authenticate"].startswith("Bearer")
