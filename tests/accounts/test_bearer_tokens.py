"""A request is signed in by the access token of a live session (test_attacks.py: no other)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import sessions
from accounts.actor import Caller
from accounts.hashers import Argon2id
from accounts.models import ApiSession, User
from accounts.tokens import AccessToken, RefreshToken, access_keys, derive_key, refresh_keys
from tests.accounts.conftest import NOON, PASSWORD, bearer, log_in, log_in_on_page

ME = "/api/v1/users/me/"
NOT_VALID = {"detail": "Could not validate credentials"}
EXPIRED = {"detail": "Expired Access Token"}


@pytest.fixture
def session(alice: User) -> ApiSession:
    return sessions.open_session(alice, client="token", caller=Caller())


def token_of(session: ApiSession) -> AccessToken:
    return AccessToken.of(session, at=timezone.now())


def get(token: str) -> Any:
    return APIClient().get(ME, **bearer(token))


def test_a_page_session_adds_no_query_and_no_right(
    alice: User, bob: User, django_assert_num_queries: Any
) -> None:
    browser = log_in_on_page(bob)
    assert browser.get(ME).status_code == 401
    access = log_in(APIClient(), alice)["access_token"]
    with django_assert_num_queries(1):
        assert browser.get(ME, **bearer(access)).json()["email"] == alice.email


def test_the_scheme_may_be_written_in_any_case(session: ApiSession) -> None:
    response = APIClient().get(ME, HTTP_AUTHORIZATION=f"bEARER {token_of(session)}")
    assert response.status_code == 200


def test_an_expired_token_says_so_after_the_leeway(session: ApiSession) -> None:
    with time_machine.travel(NOON, tick=False):
        token = str(AccessToken.of(session, at=NOON))
    with time_machine.travel(NOON + timedelta(minutes=5, seconds=29), tick=False):
        assert get(token).status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=5, seconds=30), tick=False):
        response = get(token)
        assert (response.status_code, response.json()) == (401, EXPIRED)
        assert response["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


@pytest.mark.parametrize(
    "change",
    [
        lambda session: ApiSession.objects.update(revoked_at=timezone.now()),
        lambda session: ApiSession.objects.update(expires_at=timezone.now()),
        lambda session: User.objects.update(is_active=False),
        lambda session: User.objects.update(password="!"),
        lambda session: session.user.delete(),
    ],
)
def test_what_has_ended_stops_at_once(
    session: ApiSession, change: Callable[[ApiSession], Any]
) -> None:
    token = str(token_of(session))
    assert get(token).status_code == 200
    change(session)
    response = get(token)
    assert (response.status_code, response.json()) == (401, NOT_VALID)


def test_an_old_secret_verifies_and_the_new_one_signs(session: ApiSession, settings: Any) -> None:
    before = str(token_of(session))
    settings.SECRET_KEY, old = "a new secret that nobody has seen before", settings.SECRET_KEY
    assert get(before).status_code == 401
    settings.SECRET_KEY_FALLBACKS = [old]
    assert get(before).status_code == 200
    after = str(token_of(session))
    assert jwt.get_unverified_header(after)["kid"] != jwt.get_unverified_header(before)["kid"]
    settings.SECRET_KEY_FALLBACKS = []
    assert get(after).status_code == 200


def test_keys_are_derived_apart_from_the_secret(settings: Any) -> None:
    settings.REFRESH_SECRET_KEY = settings.SECRET_KEY
    assert not set(access_keys()) & set(refresh_keys())
    assert all(settings.SECRET_KEY.encode() not in key.secret for key in access_keys().values())


def test_keys_are_derived_as_rfc_5869_shows_in_its_third_case() -> None:
    known = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    assert derive_key("\x0b" * 22, "").hex().startswith(known)


def test_the_algorithm_belongs_to_the_key(session: ApiSession, settings: Any) -> None:
    before = str(token_of(session))
    settings.ALGORITHM = "HS512"
    assert get(before).status_code == 401
    after = str(token_of(session))
    assert jwt.get_unverified_header(after)["alg"] == "HS512"
    assert get(after).status_code == 200


def test_headers_and_claims_are_as_documented(session: ApiSession) -> None:
    at = timezone.now()
    for token, typ, audience in (
        (AccessToken.of(session, at=at), "at+jwt", "todo-api"),
        (RefreshToken.of(session, at=at), "rt+jwt", "todo-refresh"),
    ):
        header = jwt.get_unverified_header(str(token))
        assert header.keys() == {"alg", "typ", "kid"}
        assert (header["alg"], header["typ"], len(header["kid"])) == ("HS256", typ, 8)
        claims = token.payload
        assert (claims["iss"], claims["aud"]) == ("todo", audience)
        assert (claims["sub"], claims["sid"]) == (str(session.user_id), str(session.pk))


class Weaker(Argon2id):
    time_cost = 1


def test_a_stronger_hash_of_the_same_password_ends_no_session(alice: User) -> None:
    alice.password = Weaker().encode(PASSWORD, "a salt of the past")
    alice.save()
    session = sessions.open_session(alice, client="token", caller=Caller())
    access, outdated = str(token_of(session)), alice.password
    with override_settings(PASSWORD_HASHERS=["tests.accounts.test_bearer_tokens.Weaker"]):
        page = log_in_on_page(alice)
    log_in(APIClient(), alice)
    alice.refresh_from_db()
    assert alice.password != outdated
    assert get(access).status_code == 200
    assert page.get("/devices").status_code == 200
