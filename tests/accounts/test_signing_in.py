"""Signing in over the API: two families of routes, one answer for every mistake."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import PASSWORD, bearer, log_in

WRONG = "Incorrect email or password"


@pytest.mark.parametrize("format", ["json", "multipart"])
@pytest.mark.parametrize("name", ["username", "email"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_login_gives_both_tokens(alice: User, format: str, name: str, slash: str) -> None:
    response = APIClient().post(
        f"/api/v1/login{slash}", {name: "Alice@Example.com", "password": PASSWORD}, format=format
    )
    assert response.status_code == 200
    body = response.json()
    assert body.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 300)
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    me = APIClient().get("/api/v1/users/me/", **bearer(body["access_token"]))
    assert me.json()["email"] == "alice@example.com"


def test_login_takes_a_form_and_the_members_of_oauth(alice: User) -> None:
    response = APIClient().post(
        "/api/v1/login",
        f"grant_type=password&username={alice.email}&password={PASSWORD}&client_id=x&scope=".replace(
            " ", "+"
        ),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200
    session = ApiSession.objects.get()
    assert (session.client, session.remember, session.methods) == ("token", True, ["password"])


@pytest.mark.parametrize(
    "username, password",
    [
        ("alice@example.com", "wrong"),
        ("nobody@example.com", PASSWORD),
        ("alice@example.com", "x" * 10_000),
        ("alice", PASSWORD),
    ],
)
def test_every_mistake_gets_the_same_answer(alice: User, username: str, password: str) -> None:
    response = APIClient().post("/api/v1/login", {"username": username, "password": password})
    assert response.status_code == 401
    assert response.json() == {
        "error": "invalid_grant",
        "error_description": WRONG,
        "detail": WRONG,
    }
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert not ApiSession.objects.exists()


def test_an_inactive_account_is_refused_like_an_unknown_one(alice: User) -> None:
    alice.is_active = False
    alice.save()
    response = APIClient().post("/api/v1/login", {"username": alice.email, "password": PASSWORD})
    assert (response.status_code, response.json()["detail"]) == (401, WRONG)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "alice@example.com"},
        {"password": PASSWORD},
        {"username": None, "password": PASSWORD},
        {"username": ["alice@example.com"], "password": PASSWORD},
        {"username": "alice@example.com", "password": None},
        {"username": "alice@example.com", "password": {"a": 1}},
        {"username": "alice@example.com", "password": 5},
        {"username": "alice@example.com", "password": PASSWORD, "remember": "yes"},
        {"username": "alice@example.com", "password": PASSWORD, "label": "x" * 81},
    ],
)
def test_a_missing_or_malformed_field_is_422(alice: User, body: dict[str, Any]) -> None:
    response = APIClient().post("/api/v1/login", body)
    assert response.status_code == 422
    assert response.json()["error"] == "invalid_request"
    assert response.json()["detail"] == response.json()["error_description"] != ""


def test_a_null_character_is_refused_in_json_and_in_a_form(alice: User) -> None:
    body = {"username": "alice\x00@example.com", "password": PASSWORD}
    assert APIClient().post("/api/v1/login", body).status_code == 400
    assert APIClient().post("/api/v1/login", body, format="multipart").status_code == 422


def test_a_repeated_parameter_is_an_invalid_request(alice: User) -> None:
    response = APIClient().post(
        "/api/v1/login",
        "username=a&username=b&password=c",
        content_type="application/x-www-form-urlencoded",
    )
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_unknown_members_are_ignored(alice: User) -> None:
    assert log_in(APIClient(), alice, otp="123456", surprise=[1])["access_token"]


def test_a_bad_bearer_token_does_not_disturb_signing_in(alice: User) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer null")
    assert log_in(client, alice)["access_token"]


def test_a_session_that_need_not_be_remembered_lasts_12_hours(alice: User) -> None:
    log_in(APIClient(), alice, remember=False, label="Kiosk")
    session = ApiSession.objects.get()
    assert (session.expires_at - session.created_at).total_seconds() == 12 * 3600
    assert session.label == "Kiosk"


def test_signing_in_is_written_down_and_wrong_guesses_are_counted(alice: User) -> None:
    client = APIClient(HTTP_USER_AGENT="curl/8", REMOTE_ADDR="192.0.2.7")
    for _ in range(3):
        client.post("/api/v1/login", {"username": alice.email, "password": "wrong"})
    client.post("/api/v1/login", {"username": "nobody@example.com", "password": "wrong"})
    log_in(client, alice)
    refused, signed_in = AuthEvent.objects.order_by("pk")
    assert (refused.kind, refused.count, refused.ip) == ("sign_in_refused", 3, "192.0.2.7")
    assert (signed_in.kind, signed_in.user_agent) == ("signed_in", "curl/8")
    assert signed_in.session == ApiSession.objects.get().pk


def test_the_fifty_first_session_ends_the_longest_idle_one(alice: User) -> None:
    for _ in range(51):
        log_in(APIClient(), alice)
    oldest = ApiSession.objects.earliest("created_at")
    assert oldest.revoked_reason == "too_many"
    assert ApiSession.objects.filter(revoked_at=None).count() == 50


def test_token_pair_is_the_same_for_clients_of_simplejwt(alice: User) -> None:
    client = APIClient()
    body = client.post("/api/v1/token/", {"email": alice.email, "password": PASSWORD}).json()
    assert body.keys() == {"access", "refresh"}
    assert client.get("/api/v1/users/me/", **bearer(body["access"])).status_code == 200
    again = client.post("/api/v1/token/refresh/", {"refresh": body["refresh"]}).json()
    assert again.keys() == {"access", "refresh"}
    assert client.post("/api/v1/refresh", {"refresh_token": again["refresh"]}).status_code == 200


def test_token_pair_refuses_in_its_own_words(alice: User) -> None:
    client = APIClient()
    wrong = client.post("/api/v1/token/", {"email": alice.email, "password": "wrong"})
    assert (wrong.status_code, wrong.json()) == (401, {"detail": WRONG})
    missing = client.post("/api/v1/token/", {"email": alice.email})
    assert (missing.status_code, missing.json().keys()) == (400, {"password"})
    bad = client.post("/api/v1/token/refresh/", {"refresh": "x"})
    assert (bad.status_code, bad.json()) == (401, {"detail": "Could not validate credentials"})


def test_verify_tells_whether_a_token_would_be_taken(alice: User) -> None:
    client = APIClient()
    body = log_in(client, alice)
    for token in (body["access_token"], body["refresh_token"]):
        assert client.post("/api/v1/token/verify/", {"token": token}).status_code == 200
    client.post("/api/v1/logout", **bearer(body["access_token"]))
    for token in (body["access_token"], body["refresh_token"], "x"):
        response = client.post("/api/v1/token/verify/", {"token": token})
        assert (response.status_code, response.json().keys()) == (401, {"detail"})


def test_an_unconfirmed_address_can_be_a_reason_to_refuse(alice: User, settings: Any) -> None:
    settings.REQUIRE_CONFIRMED_EMAIL = True
    client = APIClient()
    body = {"username": alice.email, "password": PASSWORD}
    refused = client.post("/api/v1/login", body)
    assert (refused.status_code, refused.json()["error"]) == (401, "email_not_confirmed")
    wrong = client.post("/api/v1/login", body | {"password": "wrong"})
    assert wrong.json()["error"] == "invalid_grant"
    alice.emailaddress_set.update(verified=True)
    assert client.post("/api/v1/login", body).status_code == 200
