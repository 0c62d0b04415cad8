"""What attackers try over HTTP, in tables: what they send, and what they get.

None is ever answered 5xx: the client of these tests raises what a view does not answer.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from accounts import background
from accounts.actor import Actor
from accounts.models import ApiSession, AuthEvent, User
from accounts.tokens import AccessToken, RefreshToken, SessionToken, access_keys, refresh_keys
from tests.accounts.conftest import NOON, OWN, PASSWORD, bearer, log_in, log_in_on_page, refresh
from tests.accounts.races import at_once, on_postgresql
from tests.todos.test_tasks import make_task
from todos.models import TaskList

API = "/api/v1/"
ME = "/api/v1/users/me/"
NOT_VALID = "Could not validate credentials"
CHALLENGE = 'Bearer realm="api"'
INVALID = 'Bearer realm="api", error="invalid_token"'
FORM = {"format": "multipart"}
ABSENT: Any = object()


# Forged tokens: each of these, as access and as refresh token, at every route that reads one


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def segment(value: Any) -> str:
    return encoded(json.dumps(value).encode())


def changed(whole: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (whole | changes).items() if value is not ABSENT}


def hmac_of(text: str, secret: bytes, algorithm: str = "HS256") -> str:
    return encoded(jwt.get_algorithm_by_name(algorithm).sign(text.encode(), secret))


def forged(
    token: SessionToken,
    *,
    header: dict[str, Any] | None = None,
    claims: dict[str, Any] | None = None,
    secret: bytes | None = None,
    algorithm: str = "HS256",
) -> str:
    """`token` with some members changed, signed with its own key unless another is given."""
    key = next(iter(token.get_token_backend().keys.values()))
    head = str(token).partition(".")[0]
    if header:
        head = segment(changed(jwt.get_unverified_header(str(token)), header))
    text = f"{head}.{segment(changed(token.payload, claims or {}))}"
    return f"{text}.{hmac_of(text, key.secret if secret is None else secret, algorithm)}"


def other_key(token: SessionToken) -> bytes:
    keys = refresh_keys() if isinstance(token, AccessToken) else access_keys()
    return next(iter(keys.values())).secret


def name_of_key(token: SessionToken) -> bytes:
    return jwt.get_unverified_header(str(token))["kid"].encode()


def raw_secret(token: SessionToken) -> bytes:
    is_access = isinstance(token, AccessToken)
    return (settings.SECRET_KEY if is_access else settings.REFRESH_SECRET_KEY).encode()


def next_one(token: SessionToken) -> str:
    return forged(token, claims={"gen": 1})


def spoiled(token: SessionToken, *, head: str = "", body: str = "", signature: str = "") -> str:
    own = str(token).split(".")
    return ".".join([head or own[0], body or own[1], signature or own[2]])


NONE = {"alg": "none", "typ": "at+jwt"}

HEADERS: list[tuple[str, dict[str, Any]]] = [
    ("alg none", {"alg": "none"}),
    ("alg None", {"alg": "None"}),
    ("alg is missing", {"alg": ABSENT}),
    ("alg is a list", {"alg": ["HS256"]}),
    ("alg RS256", {"alg": "RS256"}),
    ("another HS algorithm is named", {"alg": "HS512"}),
    ("typ JWT", {"typ": "JWT"}),
    ("typ of an identity token", {"typ": "id+jwt"}),
    ("typ is missing", {"typ": ABSENT}),
    ("typ is null", {"typ": None}),
    ("kid is missing", {"kid": ABSENT}),
    ("kid is null", {"kid": None}),
    ("kid is a path", {"kid": "../../../../dev/null"}),
    ("kid is SQL", {"kid": "' UNION SELECT 'key' --"}),
    ("kid is a list", {"kid": ["a"]}),
    ("kid is an object", {"kid": {"a": 1}}),
    ("kid is true", {"kid": True}),
    ("jku names other keys", {"jku": "https://evil.example/keys"}),
    ("x5u names other keys", {"x5u": "https://evil.example/keys"}),
    ("x5c brings a certificate", {"x5c": ["MIIB"]}),
    ("jwk brings a key", {"jwk": {"kty": "oct", "k": "AAAA"}}),
    ("crit asks for more", {"crit": ["exp"]}),
    ("b64 changes the meaning", {"b64": False, "crit": ["b64"]}),
    ("cty nests a token", {"cty": "JWT"}),
]

CLAIMS: list[tuple[str, dict[str, Any]]] = [
    *[
        (f"{name} is missing", {name: ABSENT})
        for name in ("iss", "aud", "sub", "sid", "gen", "iat", "exp", "jti", "token_type")
    ],
    *[
        (f"{name} is {json.dumps(value)[:30]}", {name: value})
        for name, values in {
            "iss": ("other", None, ["todo"], 1),
            "aud": ("other", None, ["todo-api"], ["todo-refresh"], {}),
            "token_type": ("other", None, True),
            "sub": (
                1,
                True,
                1.0,
                "abc",
                "1.0",
                "-1",
                "²",
                "\uff11",
                "9" * 30,
                "0",
                "",
                None,
                [],
                {},
            ),
            "sid": (5, "x", "A1A02761-ADB7-4A61-BC68-0BFA7F8DC6DA", "", None, [], {}),
            "gen": ("0", True, -1, 0.0, 2**63, None, [], {}),
            "iat": ("0", True, 1.5, -1, 2**40, 2**64, None, [], {}),
            "exp": ("9999999999", True, -1, 1e300, 1.5, 2**64, None, [], {}),
            "nbf": (2**40, "now", -1, True, 1e300, None, []),
            "jti": (5, None, True, [], {}),
        }.items()
        for value in values
    ],
    ("sid is another session", {"sid": str(uuid.uuid4())}),
]

SHAPES: list[tuple[str, Callable[[SessionToken], str]]] = [
    ("alg none and no signature", lambda token: f"{segment(NONE)}.{segment(token.payload)}."),
    ("alg none, two parts", lambda token: f"{segment(NONE)}.{segment(token.payload)}"),
    ("signed by HS384", lambda t: forged(t, header={"alg": "HS384"}, algorithm="HS384")),
    ("signed by HS512", lambda t: forged(t, header={"alg": "HS512"}, algorithm="HS512")),
    ("signed by HS512 unsaid", lambda token: forged(token, algorithm="HS512")),
    ("signed with an empty key", lambda token: forged(token, secret=b"")),
    ("signed with the name of the key", lambda token: forged(token, secret=name_of_key(token))),
    ("signed with the secret itself", lambda token: forged(token, secret=raw_secret(token))),
    ("signed with the other key", lambda token: forged(token, secret=other_key(token))),
    ("claims changed, signature kept", lambda t: spoiled(t, body=segment(t.payload | {"gen": 9}))),
    ("signature stripped", lambda token: spoiled(token, signature=" ").strip()),
    ("signature cut off", lambda token: str(token).rpartition(".")[0]),
    ("signature truncated", lambda token: str(token)[:-5]),
    ("signature padded", lambda token: str(token) + "="),
    ("signature of another token", lambda t: spoiled(t, signature=next_one(t).split(".")[2])),
    ("five parts", lambda token: f"{token}.x.y"),
    ("four parts", lambda token: f"x.{token}"),
    ("only dots", lambda token: ".."),
    ("claims are a list", lambda token: spoiled(token, body=segment([]))),
    ("claims are null", lambda token: spoiled(token, body=segment(None))),
    ("claims are no JSON", lambda token: spoiled(token, body=encoded(b"{"))),
    ("claims are no UTF-8", lambda token: spoiled(token, body=encoded(b"\xff\xfe"))),
    ("header is a list", lambda token: spoiled(token, head=segment([]))),
    ("header is deep JSON", lambda token: spoiled(token, head=encoded(b'{"a":' * 700))),
    ("header is deeper JSON", lambda token: spoiled(token, head=encoded(b"[" * 2900))),
    ("header has NaN", lambda token: spoiled(token, head=encoded(b'{"alg":NaN}'))),
    ("eight kilobytes", lambda token: str(token) + "A" * 8192),
    ("signed well, but long", lambda token: forged(token, claims={"more": "x" * 4096})),
    ("not ASCII", lambda token: str(token)[:-1] + "é"),
]


def deep_claims(token: SessionToken) -> str:
    """Claims that are signed well and nested deeply."""
    key = next(iter(token.get_token_backend().keys.values()))
    head = str(token).partition(".")[0]
    text = f"{head}.{encoded(b'[' * 1400 + b']' * 1400)}"
    return f"{text}.{hmac_of(text, key.secret)}"


FORGERIES: list[tuple[str, Callable[[SessionToken], str]]] = [
    *[(name, lambda t, h=header: forged(t, header=h)) for name, header in HEADERS],
    *[(name, lambda t, c=claims: forged(t, claims=c)) for name, claims in CLAIMS],
    *SHAPES,
    ("claims are deep JSON", deep_claims),
]


def post(path: str, body: Any = None, **options: Any) -> Any:
    return APIClient().post(API + path, body, **options)


def by_cookie(token: str) -> Any:
    client = APIClient(**OWN)
    client.cookies["refresh"] = token
    return client.post(f"{API}refresh")


Send = Callable[[str], Any]
READ_ACCESS: list[tuple[str, Send, str]] = [
    ("GET /users/me/", lambda token: APIClient().get(ME, **bearer(token)), INVALID),
    ("POST /logout", lambda token: post("logout", **bearer(token)), INVALID),
    ("POST /token/verify/", lambda token: post("token/verify/", {"token": token}), INVALID),
]
READ_REFRESH: list[tuple[str, Send, str]] = [
    ("POST /refresh", lambda token: refresh(APIClient(), token), INVALID),
    ("POST /token/refresh/", lambda token: post("token/refresh/", {"refresh": token}), INVALID),
    ("the cookie", by_cookie, CHALLENGE),
]


@pytest.fixture
def session(alice: User) -> ApiSession:
    log_in(APIClient(), alice)
    return ApiSession.objects.get()


@pytest.mark.parametrize("kind", [AccessToken, RefreshToken], ids=["access", "refresh"])
@pytest.mark.parametrize("forge", [row[1] for row in FORGERIES], ids=[row[0] for row in FORGERIES])
def test_a_forged_token_is_refused(
    session: ApiSession, kind: type[SessionToken], forge: Callable[[SessionToken], str]
) -> None:
    token = forge(kind.of(session, at=timezone.now()))
    for route, send, challenge in READ_ACCESS if kind is AccessToken else READ_REFRESH:
        with CaptureQueriesContext(connection) as queries:
            response = send(token)
        status, said, detail = answer_of(response)
        assert (status, detail) == (401, NOT_VALID), route
        assert said.startswith(challenge), route
        assert not response.cookies, route
        assert len(queries) <= 1, route
    refused_by_oauth_routes(session, token)
    session.refresh_from_db()
    assert (session.generation, session.revoked_at) == (0, None)


def refused_by_oauth_routes(session: ApiSession, token: str) -> None:
    """They answer 400 or 200, and mean the same (RFC 6749, 7009 and 7662)."""
    granted = post("auth/token", {"grant_type": "refresh_token", "refresh_token": token}, **FORM)
    assert (granted.status_code, granted.json()["error"]) == (400, "invalid_grant")
    assert post("auth/revoke", {"token": token}, **FORM).status_code == 200
    asking = bearer(str(AccessToken.of(session, at=timezone.now())))
    introspected = post("auth/introspect", {"token": token}, **FORM, **asking)
    assert (introspected.status_code, introspected.json()) == (200, {"active": False})


def test_the_same_token_unchanged_is_taken_everywhere(session: ApiSession) -> None:
    for kind, routes in ((AccessToken, READ_ACCESS), (RefreshToken, READ_REFRESH[:2])):
        for route, send, _ in routes:
            ApiSession.objects.update(revoked_at=None, generation=0)
            session.refresh_from_db()
            token = kind.of(session, at=timezone.now())
            assert send(forged(token)).status_code in {200, 204}, route


def test_another_persons_subject_does_not_fit_the_session(session: ApiSession, bob: User) -> None:
    for kind, routes in ((AccessToken, READ_ACCESS), (RefreshToken, READ_REFRESH)):
        token = forged(kind.of(session, at=timezone.now()), claims={"sub": str(bob.pk)})
        for route, send, _ in routes:
            assert send(token).status_code == 401, route


def test_the_last_character_has_only_one_spelling(session: ApiSession) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = str(AccessToken.of(session, at=timezone.now()))
    taken = [last for last in alphabet if READ_ACCESS[0][1](token[:-1] + last).status_code == 200]
    assert taken == [token[-1]]


def answer_of(response: Any) -> tuple[int, str, str]:
    return (
        response.status_code,
        response.headers.get("WWW-Authenticate", ""),
        response.json().get("detail", "") if response.content else "",
    )


# The Authorization header, and tokens where none is read


@dataclass
class Alice:
    """A person with a task, signed in with one program."""

    user: User
    access: str
    refresh: str


@pytest.fixture
def victim(alice: User) -> Alice:
    body = log_in(APIClient(), alice)
    return Alice(alice, body["access_token"], body["refresh_token"])


def me(header: str) -> Any:
    return APIClient().get(ME, HTTP_AUTHORIZATION=header)


def with_body(body: dict[str, str], format: str = "json") -> Any:
    return APIClient().patch(ME, body, format=format)


def on_page(victim: Alice, **headers: str) -> Any:
    return log_in_on_page(victim.user).get(ME, **headers)


def me_with_cookie(name: str, value: str) -> Any:
    client = APIClient(**OWN)
    client.cookies[name] = value
    return client.get(ME)


CREDENTIALS: list[tuple[str, Callable[[Alice], Any], str]] = [
    ("nothing", lambda v: APIClient().get(ME), CHALLENGE),
    ("an empty header", lambda v: me(""), CHALLENGE),
    ("spaces", lambda v: me("   "), CHALLENGE),
    ("Bearer", lambda v: me("Bearer"), INVALID),
    ("Bearer null", lambda v: me("Bearer null"), INVALID),
    ("Bearer undefined", lambda v: me("Bearer undefined"), INVALID),
    ("Bearer a b", lambda v: me("Bearer a b"), INVALID),
    ("bearer x", lambda v: me("bearer x"), INVALID),
    ("not ASCII", lambda v: me("Bearer \u00e9"), INVALID),
    ("no scheme", lambda v: me(v.access), INVALID),
    ("Basic", lambda v: me("Basic YWxpY2U6cGFzc3dvcmQ="), INVALID),
    ("Token", lambda v: me(f"Token {v.access}"), INVALID),
    ("the token and more", lambda v: me(f"Bearer {v.access} x"), INVALID),
    (
        "two headers, as servers join them",
        lambda v: me(",".join([f"Bearer {v.access}"] * 2)),
        INVALID,
    ),
    ("a refresh token", lambda v: me(f"Bearer {v.refresh}"), INVALID),
    ("64 KB", lambda v: me("Bearer " + "a" * 65_536), INVALID),
    (
        "the token in the query",
        lambda v: APIClient().get(f"{ME}?access_token={v.access}"),
        CHALLENGE,
    ),
    ("the token in the body", lambda v: with_body({"access_token": v.access}), CHALLENGE),
    (
        "the token in a form",
        lambda v: with_body({"access_token": v.access}, "multipart"),
        CHALLENGE,
    ),
    ("the token in a cookie", lambda v: me_with_cookie("access_token", v.access), CHALLENGE),
    ("the refresh token in its cookie", lambda v: me_with_cookie("refresh", v.refresh), CHALLENGE),
    ("a page session", lambda v: on_page(v), CHALLENGE),
    ("a page session beside a bad token", lambda v: on_page(v, **bearer("x")), INVALID),
    (
        "a user named by a header",
        lambda v: APIClient().get(ME, HTTP_REMOTE_USER=v.user.email),
        CHALLENGE,
    ),
]


@pytest.mark.parametrize(
    ("send", "challenge"), [row[1:] for row in CREDENTIALS], ids=[row[0] for row in CREDENTIALS]
)
def test_what_is_no_bearer_token_signs_nobody_in(
    victim: Alice, send: Callable[[Alice], Any], challenge: str
) -> None:
    assert answer_of(send(victim)) == (401, challenge, NOT_VALID)


# Bodies of the sign-in routes


def login(**body: Any) -> Any:
    return APIClient().post(f"{API}login", {"username": "alice@example.com", **body})


def raw(path: str, body: bytes, content_type: str = "application/json") -> Any:
    return APIClient().generic("POST", API + path, body, content_type=content_type)


URLENCODED = "application/x-www-form-urlencoded"
LONG = b'{"refresh_token":"' + b"a" * 100_000 + b'"}'


BODIES: list[tuple[str, Callable[[], Any], int]] = [
    ("password null", lambda: login(password=None), 422),
    ("password a list", lambda: login(password=[PASSWORD]), 422),
    ("password an object", lambda: login(password={"$ne": ""}), 422),
    ("password true", lambda: login(password=True), 422),
    ("password a number", lambda: login(password=5), 422),
    ("password empty", lambda: login(password=""), 422),
    ("password with a null character", lambda: login(password="a\x00b"), 400),
    ("password of 10,000 characters", lambda: login(password="x" * 10_000), 401),
    ("password with spaces around", lambda: login(password=f" {PASSWORD} "), 401),
    ("name null", lambda: login(username=None, password=PASSWORD), 422),
    ("name a list", lambda: login(username=["alice@example.com"], password=PASSWORD), 422),
    ("name with SQL", lambda: login(username="alice@example.com' OR 1=1 --", password="x"), 401),
    ("name of 10,000 characters", lambda: login(username="a" * 10_000, password="x"), 401),
    (
        "name with a line break",
        lambda: login(username="alice@example.com\r\nBcc: x", password="x"),
        401,
    ),
    ("name twice", lambda: raw("login", b"username=a&username=b&password=c", URLENCODED), 400),
    ("name twice in JSON", lambda: raw("login", b'{"username":"a","username":"b"}'), 400),
    ("half a surrogate pair", lambda: raw("login", b'{"username":"a","password":"\\ud800"}'), 400),
    ("a list for a body", lambda: raw("login", b"[]"), 400),
    ("deep JSON", lambda: raw("login", b'{"password":' * 990 + b"1" + b"}" * 990), 400),
    ("another character set", lambda: raw("login", b"{}", "application/json; charset=utf-16"), 415),
    ("refresh token a list", lambda: raw("refresh", b'{"refresh_token":[]}'), 401),
    ("refresh token an object", lambda: raw("refresh", b'{"refresh_token":{"a":1}}'), 401),
    ("refresh token null", lambda: raw("refresh", b'{"refresh_token":null}'), 401),
    ("refresh token missing", lambda: raw("refresh", b"{}"), 401),
    (
        "refresh token with a null character",
        lambda: raw("refresh", b'{"refresh_token":"\\u0000"}'),
        400,
    ),
    ("refresh token of 100 KB", lambda: raw("refresh", LONG), 401),
    ("refresh token of simplejwt a list", lambda: raw("token/refresh/", b'{"refresh":[]}'), 400),
]


@pytest.mark.parametrize(
    ("send", "status"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES]
)
def test_a_body_meant_to_confuse_opens_nothing(
    alice: User, send: Callable[[], Any], status: int
) -> None:
    response = send()
    assert response.status_code == status
    assert response.json()
    assert response.headers.get("WWW-Authenticate", CHALLENGE) in {CHALLENGE, INVALID}
    assert not ApiSession.objects.exists()


# Tokens that were good once: replayed, or stolen

USED, NOT_USED = True, False


@pytest.mark.parametrize(
    ("seconds", "is_used", "status", "reason"),
    [
        (5, NOT_USED, 200, ""),
        (5, USED, 200, ""),
        (10, USED, 200, ""),
        (11, NOT_USED, 200, ""),
        (600, NOT_USED, 200, ""),
        (11, USED, 401, "reuse"),
        (601, NOT_USED, 401, "reuse"),
    ],
)
def test_a_replay_gets_the_same_answer_for_a_while_and_then_ends_the_session(
    alice: User, seconds: int, is_used: bool, status: int, reason: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        first = log_in(APIClient(), alice)["refresh_token"]
        second = refresh(APIClient(), first).json()
        if is_used:
            APIClient().get(ME, **bearer(second["access_token"]))
    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        response = refresh(APIClient(), first)
    assert response.status_code == status
    assert ApiSession.objects.get().revoked_reason == reason
    if status == 200:
        assert response.json()["refresh_token"] == second["refresh_token"]
    else:
        assert response["WWW-Authenticate"] == INVALID
        assert told() == [alice.email]


def told() -> list[str]:
    """Who got a mail that an old token came back, once the worker has done its jobs."""
    mail.outbox.clear()
    for job in DBTaskResult.objects.all():
        background.call(job)
    assert all("signed out one of your devices" in message.subject for message in mail.outbox)
    return [message.to[0] for message in mail.outbox]


def test_a_grandparent_ends_the_session_at_any_time(victim: Alice) -> None:
    second = refresh(APIClient(), victim.refresh).json()["refresh_token"]
    newest = refresh(APIClient(), second).json()
    assert answer_of(refresh(APIClient(), victim.refresh)) == (401, INVALID, NOT_VALID)
    assert answer_of(refresh(APIClient(), newest["refresh_token"])) == (401, INVALID, NOT_VALID)
    assert answer_of(me(f"Bearer {newest['access_token']}")) == (401, INVALID, NOT_VALID)
    assert told() == [victim.user.email]


def end_by_logout(victim: Alice) -> None:
    assert APIClient().post(f"{API}logout", **bearer(victim.access)).status_code == 204


def end_by_another_device(victim: Alice) -> None:
    other = log_in(APIClient(), victim.user)["access_token"]
    assert APIClient().delete(f"{API}sessions/", **bearer(other)).status_code == 204


def end_by_password_change(victim: Alice) -> None:
    other = log_in(APIClient(), victim.user)["access_token"]
    body = {"current": PASSWORD, "new": "a new passphrase"}
    assert APIClient().post(f"{ME}password", body, **bearer(other)).status_code == 204


def end_by_deactivation(victim: Alice) -> None:
    User.objects.filter(pk=victim.user.pk).update(is_active=False)


def end_by_deletion(victim: Alice) -> None:
    other = log_in(APIClient(), victim.user)["access_token"]
    assert APIClient().delete(ME, {"password": PASSWORD}, **bearer(other)).status_code == 204


def end_by_age(victim: Alice) -> None:
    ApiSession.objects.update(expires_at=timezone.now())


@pytest.mark.parametrize(
    "end",
    [
        end_by_logout,
        end_by_another_device,
        end_by_password_change,
        end_by_deactivation,
        end_by_deletion,
        end_by_age,
    ],
)
def test_no_token_outlives_its_session(victim: Alice, end: Callable[[Alice], None]) -> None:
    newer = refresh(APIClient(), victim.refresh).json()
    end(victim)
    for access in (victim.access, newer["access_token"]):
        for route, send, challenge in READ_ACCESS:
            assert answer_of(send(access)) == (401, challenge, NOT_VALID), route
    for token in (newer["refresh_token"], victim.refresh):
        for route, send, _ in READ_REFRESH[:2]:
            assert answer_of(send(token)) == (401, INVALID, NOT_VALID), route
    assert not AuthEvent.objects.filter(kind=AuthEvent.Kind.REUSE).exists()


ELSEWHERE = {"REMOTE_ADDR": "203.0.113.66"}
FIREFOX = {"HTTP_USER_AGENT": "Firefox"}


@pytest.mark.parametrize("rotations", [0, 1, 3])
@pytest.mark.parametrize(
    "thief",
    [{**FIREFOX, **ELSEWHERE}, {"HTTP_USER_AGENT": "curl"}, {**FIREFOX, **ELSEWHERE, **OWN}],
    ids=["another address", "another program", "a forged Origin"],
)
@pytest.mark.parametrize("path", ["refresh", "token/refresh/"])
def test_a_browsers_first_token_is_worth_nothing_without_its_cookie(
    alice: User, rotations: int, thief: dict[str, str], path: str
) -> None:
    browser = APIClient(**FIREFOX, **OWN)
    first = log_in(browser, alice)["refresh_token"]
    access = [refresh(browser, first).json()["access_token"] for _ in range(rotations)]
    name = "refresh" if path.startswith("token") else "refresh_token"
    stolen = APIClient(**thief).post(API + path, {name: first})
    assert answer_of(stolen) == (401, INVALID, NOT_VALID)
    assert not stolen.cookies
    assert ApiSession.objects.get().revoked_reason == "reuse"
    assert all(me(f"Bearer {token}").status_code == 401 for token in access)
    assert refresh(browser, first).status_code == 401
    assert told() == [alice.email]


def test_a_stolen_token_of_a_program_ends_the_session_when_its_owner_comes(victim: Alice) -> None:
    thief = APIClient(HTTP_USER_AGENT="curl", **ELSEWHERE)
    for token in (victim.refresh, refresh(thief, victim.refresh).json()["refresh_token"]):
        stolen = refresh(thief, token).json()
    assert refresh(APIClient(), victim.refresh).status_code == 401
    assert refresh(thief, stolen["refresh_token"]).status_code == 401
    assert me(f"Bearer {stolen['access_token']}").status_code == 401
    assert told() == [victim.user.email]


def test_the_body_of_one_beside_the_cookie_of_another_ends_neither(alice: User, bob: User) -> None:
    mine, theirs = APIClient(**FIREFOX, **OWN), APIClient(**FIREFOX, **OWN)
    token = log_in(mine, alice)["refresh_token"]
    log_in(theirs, bob)
    response = refresh(theirs, token)
    assert answer_of(response) == (401, INVALID, NOT_VALID)
    assert not response.cookies
    assert not ApiSession.objects.exclude(revoked_at=None).exists()


# Pages of other sites in the victim's browser

ORIGINS = [
    "https://evil.example",
    "null",
    "",
    "http://testserver.evil.example",
    "http://testserver:8080",
    "https://testserver",
    "http://testserver/",
    "http://evil.example http://testserver",
]
TEXT = {"content_type": "text/plain"}
BOBS = {"username": "bob@example.com", "password": PASSWORD}
CROSS_SITE: list[tuple[str, str, Any, dict[str, str], int]] = [
    ("refresh without a body", "refresh", None, {}, 401),
    ("refresh with an empty object", "refresh", {}, {}, 401),
    ("refresh with null", "refresh", {"refresh_token": None}, {}, 401),
    ("refresh with a form", "refresh", {"a": "b"}, FORM, 401),
    ("refresh with an empty token in a form", "refresh", {"refresh_token": ""}, FORM, 401),
    ("refresh as plain text", "refresh", "{}", TEXT, 415),
    ("logout", "logout", None, {}, 401),
    ("logout with a form", "logout", {"a": "b"}, FORM, 401),
    ("login as somebody else", "login", BOBS, {}, 200),
]


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize(
    ("path", "body", "options", "status"),
    [row[1:] for row in CROSS_SITE],
    ids=[row[0] for row in CROSS_SITE],
)
def test_another_sites_page_changes_nothing(
    alice: User, bob: User, origin: str, path: str, body: Any, options: Any, status: int
) -> None:
    browser = APIClient(**FIREFOX, **OWN)
    log_in(browser, alice)
    kept = browser.cookies["refresh"].value
    response = browser.post(API + path, body, HTTP_ORIGIN=origin, **options)
    assert response.status_code == status
    assert not response.cookies
    assert response.headers.get("Access-Control-Allow-Origin") is None
    session = ApiSession.objects.get(user=alice)
    assert (session.generation, session.revoked_at) == (0, None)
    assert browser.cookies["refresh"].value == kept
    assert browser.post(f"{API}refresh").status_code == 200


# Reaching for more than one's own

NEW = {"email": "a@b.example", "password": PASSWORD}
MORE: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("an account of staff", "post", "users/", NEW | {"is_staff": True}, "is_staff"),
    ("an account of a superuser", "post", "users/", NEW | {"is_superuser": True}, "is_superuser"),
    ("a chosen id", "post", "users/", NEW | {"id": 1}, "id"),
    ("becoming staff", "patch", "users/me/", {"is_staff": True}, "is_staff"),
    ("an address without its mail", "patch", "users/me/", {"email": "x@y.example"}, "email"),
    ("a password without the present one", "patch", "users/me/", {"password": "x"}, "password"),
    ("another id", "patch", "users/me/", {"id": 2}, "id"),
    ("a task for another person", "post", "tasks/", {"title": "a", "owner_id": 0}, "owner_id"),
    ("a task's other owner", "patch", "tasks/{task}", {"owner": {"id": 0}}, "owner"),
    ("a task's other id", "patch", "tasks/{task}", {"id": 0}, "id"),
    ("a task in a list of Bob's", "post", "tasks/", {"title": "a", "list": "{theirs}"}, "list"),
    ("a task moved to a list of Bob's", "patch", "tasks/{task}", {"list": "{theirs}"}, "list"),
    ("a list's other owner", "post", "lists/", {"name": "a", "owner": 0}, "owner"),
    ("a session's other person", "patch", "sessions/{session}", {"user": 0}, "user"),
    (
        "a session that lasts",
        "patch",
        "sessions/{session}",
        {"expires_at": "2030-01-01"},
        "expires_at",
    ),
    ("a prototype", "patch", "users/me/", {"__proto__": {"is_staff": True}}, "__proto__"),
    ("a look-up", "patch", "tasks/{task}", {"owner_id__in": [1]}, "owner_id__in"),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"), [row[1:] for row in MORE], ids=[row[0] for row in MORE]
)
def test_what_is_not_ones_own_to_set_is_refused_by_name(
    victim: Alice, bob: User, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    task = make_task(Actor(victim.user))
    theirs = TaskList.objects.get(owner=bob).pk
    body = {name: theirs if value == "{theirs}" else value for name, value in body.items()}
    path = path.format(task=task.pk, session=ApiSession.objects.get().pk)
    response = getattr(APIClient(), method)(API + path, body, **bearer(victim.access))
    assert (response.status_code, list(response.json())) == (400, [field])
    assert User.objects.count() == 2
    assert not User.objects.filter(is_staff=True).exists()


# Pretending to be somewhere else, and being somewhere before


def test_a_forwarded_address_of_the_client_counts_for_nothing(alice: User) -> None:
    def guess(number: int) -> Any:
        address = f"203.0.113.{number}"
        return APIClient(
            REMOTE_ADDR="192.0.2.7",
            HTTP_X_FORWARDED_FOR=address,
            HTTP_X_REAL_IP=address,
            HTTP_FORWARDED=f"for={address}",
            HTTP_CF_CONNECTING_IP=address,
        ).post(f"{API}login", {"username": alice.email, "password": "wrong"})

    assert [guess(number).status_code for number in range(7)] == [401] * 5 + [429] * 2
    assert set(AuthEvent.objects.values_list("ip", flat=True)) == {"192.0.2.7"}


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_thirty_guesses_at_once_get_five_answers(alice: User) -> None:
    with time_machine.travel(NOON, tick=False):
        statuses = [answer.status_code for answer in at_once(lambda _: login(password="x"), 30)]
    assert sorted(statuses) == [401] * 5 + [429] * 25


def test_a_session_that_was_planted_is_not_signed_in(alice: User) -> None:
    browser = APIClient()
    browser.get("/accounts/login/")
    session = browser.session
    session["planted"] = True
    session.save()
    planted = str(session.session_key)
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted
    browser.post(
        "/accounts/login/", {"login": alice.email, "password": PASSWORD}, format="multipart"
    )
    assert browser.session.session_key != planted
    attacker = APIClient()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert attacker.get("/devices").status_code == 302


def test_a_planted_cookie_is_replaced_by_signing_in(alice: User, bob: User) -> None:
    attacker, browser = APIClient(**OWN), APIClient(**OWN)
    log_in(attacker, bob)
    browser.cookies["refresh"] = attacker.cookies["refresh"].value
    log_in(browser, alice)
    access = browser.post(f"{API}refresh").json()["access_token"]
    assert APIClient().get(ME, **bearer(access)).json()["email"] == alice.email
    assert attacker.post(f"{API}refresh").status_code == 401


# A second factor: skipped, guessed, used twice, used for another (more in test_second_factor.py)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_one_recovery_code_opens_one_session_whoever_comes_at_once(alice: User) -> None:
    TOTP.activate(alice, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(alice).get_unused_codes()[0]
    answers = at_once(lambda _: login(password=PASSWORD, otp=code), 5)
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    assert ApiSession.objects.get().methods == ["password", "recovery_codes"]
