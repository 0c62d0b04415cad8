"""Two-step login: on the pages by allauth, and at every route that gives tokens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import factors, sessions, tokens
from accounts.actor import Caller
from accounts.factors import step_at
from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import OWN, PASSWORD, bearer, log_in, log_in_on_page
from tests.accounts.races import at_once, on_postgresql

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def careful(alice: User) -> User:
    """Alice, with an authenticator app and recovery codes."""
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    return alice


def code(steps: int = 0) -> str:
    """What the app shows, or showed or will show so many steps from now."""
    return format_hotp_value(hotp_value(SECRET, step_at(datetime.now(UTC)) + steps))


def recovery_code(user: User) -> str:
    factor = Authenticator.objects.get(user=user, type="recovery_codes")
    unused: list[str] = factor.wrap().get_unused_codes()
    return unused[0]


def sent(route: str, user: User, **fields: Any) -> dict[str, Any]:
    name = "email" if route == "token/" else "username"
    return {"grant_type": "password", name: user.email, "password": PASSWORD, **fields}


def post(route: str, body: dict[str, Any], **headers: str) -> Any:
    return APIClient().post(f"/api/v1/{route}", body, format="multipart", **headers)


def mfa_token(route: str, user: User, **fields: Any) -> str:
    response = post(route, sent(route, user, **fields))
    token: str = response.json()["mfa_token"]
    return token


HALF_A_PASSKEY = json.dumps(
    {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "AAAA",
            "attestationObject": "oWNmbXQ",
            "signature": "AAAA",
            "userHandle": "MQ",
        },
    }
)
NO_DATA = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
ROUTES = ["login", "token/", "auth/token"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_password_alone_brings_no_token(careful: User, route: str) -> None:
    response = post(route, sent(route, careful))
    assert response.status_code == (400 if route == "auth/token" else 401)
    body = response.json()
    assert body.keys() == {"error", "error_description", "detail", "mfa_token"}
    assert body["error"] == "mfa_required"
    assert response["Cache-Control"] == "no-store"
    assert not ApiSession.objects.exists()


@pytest.mark.parametrize("route", ROUTES)
def test_the_token_and_a_code_finish_the_sign_in(careful: User, route: str) -> None:
    token = mfa_token(route, careful, remember="false", label="Laptop")
    body = {"grant_type": "password", "mfa_token": token, "otp": code()}
    assert post(route, body).status_code == 200
    session = ApiSession.objects.get()
    assert session.methods == ["password", "totp"]
    assert (session.remember, session.label, session.client) == (False, "Laptop", "token")


@pytest.mark.parametrize("route", ROUTES)
def test_a_code_may_come_with_the_password(careful: User, route: str) -> None:
    assert post(route, sent(route, careful, otp=code())).status_code == 200


def test_json_takes_both_ways_too(careful: User) -> None:
    asked = APIClient().post("/api/v1/login", {"email": careful.email, "password": PASSWORD})
    body = {"mfa_token": asked.json()["mfa_token"], "otp": code()}
    assert APIClient().post("/api/v1/login", body).status_code == 200


def test_a_recovery_code_works_once(careful: User) -> None:
    spare = recovery_code(careful)
    assert post("login", sent("login", careful, otp=spare)).status_code == 200
    assert ApiSession.objects.get().methods == ["password", "recovery_codes"]
    assert post("login", sent("login", careful, otp=spare)).status_code == 401


def test_a_code_works_once_at_any_route_and_page(careful: User) -> None:
    assert post("login", sent("login", careful, otp=code())).status_code == 200
    assert post("token/", sent("token/", careful, otp=code())).status_code == 401
    browser = Client()
    browser.post("/accounts/login/", {"login": careful.email, "password": PASSWORD})
    response = browser.post(reverse("mfa_authenticate"), {"code": code()})
    assert response.status_code == 200
    assert "used before" in response.content.decode()


def test_an_earlier_code_is_refused_after_a_later_one(careful: User) -> None:
    assert post("login", sent("login", careful, otp=code(1))).status_code == 200
    for steps in (-1, 0, 1):
        assert post("login", sent("login", careful, otp=code(steps))).status_code == 401


@pytest.mark.parametrize("steps, status", [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
def test_a_clock_may_be_one_step_off(careful: User, steps: int, status: int) -> None:
    assert post("login", sent("login", careful, otp=code(steps))).status_code == status


@pytest.mark.parametrize("wrong", ["000000", "x", "\uff19" * 6, "1" * 5000, "é", "-1"])
def test_a_wrong_code_is_noted_and_leaves_the_token_alive(careful: User, wrong: str) -> None:
    token = mfa_token("login", careful)
    response = post("login", {"mfa_token": token, "otp": wrong})
    assert (response.status_code, response.json()["error"]) == (401, "invalid_grant")
    assert AuthEvent.objects.filter(kind="sign_in_refused").count() == 1
    assert post("login", {"mfa_token": token, "otp": code()}).status_code == 200


def test_the_token_is_good_for_one_success(careful: User) -> None:
    token = mfa_token("login", careful)
    assert post("login", {"mfa_token": token, "otp": code()}).status_code == 200
    assert post("login", {"mfa_token": token, "otp": code(1)}).status_code == 401
    assert ApiSession.objects.count() == 1


@pytest.mark.parametrize("route, headers", [("token/", {}), ("auth/token", {}), ("login", OWN)])
def test_the_token_is_for_its_route_and_kind_of_client(
    careful: User, route: str, headers: dict[str, str]
) -> None:
    body = {"grant_type": "password", "mfa_token": mfa_token("login", careful), "otp": code()}
    response = post(route, body, **headers)
    assert response.status_code == (400 if route == "auth/token" else 401)
    assert not ApiSession.objects.exists()


def test_the_token_lives_five_minutes(careful: User, at_noon: Any) -> None:
    token = mfa_token("login", careful)
    at_noon.shift(timedelta(minutes=5))
    assert post("login", {"mfa_token": token, "otp": code()}).status_code == 401


def test_another_password_ends_the_token(careful: User) -> None:
    token = mfa_token("login", careful)
    careful.set_password("another horse battery")
    careful.save()
    assert post("login", {"mfa_token": token, "otp": code()}).status_code == 401


def test_an_inactive_person_does_not_finish(careful: User) -> None:
    token = mfa_token("login", careful)
    User.objects.update(is_active=False)
    assert post("login", {"mfa_token": token, "otp": code()}).status_code == 401


def test_the_token_of_one_takes_no_code_of_another(careful: User, bob: User) -> None:
    TOTP.activate(bob, "A" * 32)
    token = mfa_token("login", bob)
    assert post("login", {"mfa_token": token, "otp": code()}).status_code == 401


@pytest.mark.parametrize("bad", ["x", "a.b.c", "null", "é", "x" * 5000])
@pytest.mark.parametrize("route", ROUTES)
def test_what_is_no_token_is_refused(careful: User, route: str, bad: str) -> None:
    body = {"grant_type": "password", "mfa_token": bad, "otp": code()}
    assert post(route, body).status_code == (400 if route == "auth/token" else 401)


def test_no_other_token_of_ours_is_taken_and_it_is_none_of_them(careful: User) -> None:
    signed_in = post("login", sent("login", careful, otp=code())).json()
    for kind in ("access_token", "refresh_token"):
        body = {"mfa_token": signed_in[kind], "otp": code(1)}
        assert post("login", body).status_code == 401
    token = mfa_token("login", careful)
    assert APIClient().get("/api/v1/users/me/", **bearer(token)).status_code == 401
    assert post("refresh", {"refresh_token": token}).status_code == 401
    names = {next(iter(ring())) for ring in (tokens.mfa_keys, tokens.access_keys)}
    assert len(names) == 2


def test_a_missing_code_is_told(careful: User) -> None:
    token = mfa_token("login", careful)
    assert post("login", {"mfa_token": token}).status_code == 422
    body = {"grant_type": "password", "mfa_token": token}
    assert post("auth/token", body).json()["error"] == "invalid_request"
    assert post("login", sent("login", careful, otp="")).json()["error"] == "mfa_required"


def test_five_wrong_codes_are_the_limit_and_not_without_the_password(careful: User) -> None:
    for _ in range(8):
        wrong = sent("login", careful, otp="000000") | {"password": "wrong"}
        assert post("login", wrong, REMOTE_ADDR="10.1.1.1").status_code in {401, 429}
    statuses = [post("login", sent("login", careful, otp="000000")).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    response = post("auth/token", sent("auth/token", careful, otp=code()))
    assert (response.status_code, "Retry-After" in response) == (429, True)
    assert not ApiSession.objects.exists()


def test_a_person_without_a_second_factor_needs_no_code(alice: User) -> None:
    assert post("login", sent("login", alice, otp="123456")).status_code == 200
    assert ApiSession.objects.get().methods == ["password"]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_parallel_codes_and_tokens_open_one_session() -> None:
    from django.contrib.auth.hashers import make_password

    user = User.objects.create(email="alice@example.com", password=make_password(PASSWORD))
    TOTP.activate(user, SECRET)
    token = mfa_token("login", user)
    codes = [code(step) for step in (-1, 0, 1)]

    def finish(number: int) -> int:
        body = {"mfa_token": token, "otp": codes[number % 3]}
        status: int = post("login", body).status_code
        return status

    assert at_once(finish, 6).count(200) == 1
    assert ApiSession.objects.count() == 1


# The pages


def signed_in(user: User) -> Client:
    """A browser in which `user` has just entered the password twice."""
    browser = log_in_on_page(user)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def secret_on(browser: Client) -> str:
    response = browser.get(reverse("mfa_activate_totp"))
    secret: str = response.context["form"].secret
    return secret


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_and_taken_away_on_the_pages(alice: User) -> None:
    browser = signed_in(alice)
    secret = secret_on(browser)
    shown = format_hotp_value(hotp_value(secret, step_at(NOON)))
    response = browser.post(reverse("mfa_activate_totp"), {"code": shown}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert factors.factors_of(alice)
    assert post("login", sent("login", alice, otp=shown)).status_code == 401
    browser.post(reverse("mfa_deactivate_totp"))
    assert factors.factors_of(alice) == []
    kinds = list(AuthEvent.objects.values_list("kind", flat=True).order_by("pk"))
    assert [kind for kind in kinds if "factor" in kind] == ["factor_added", "factor_removed"]
    told = [message.subject for message in mail.outbox]
    assert told == ["An authenticator app was set up", "The authenticator app was removed"]


@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_replace_the_old(careful: User) -> None:
    old = recovery_code(careful)
    browser = log_in_with_code(careful)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    browser.post(reverse("mfa_generate_recovery_codes"))
    assert AuthEvent.objects.filter(kind="codes_renewed").exists()
    assert post("login", sent("login", careful, otp=old)).status_code == 401


def log_in_with_code(user: User) -> Client:
    browser = log_in_on_page(user)
    response = browser.post(reverse("mfa_authenticate"), {"code": code()})
    assert response.status_code == 302, response.content
    return browser


def test_the_page_asks_for_a_code(careful: User) -> None:
    browser = log_in_on_page(careful)
    assert browser.get("/today").status_code == 302
    assert browser.get(reverse("mfa_authenticate")).status_code == 200
    assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert browser.post(reverse("mfa_authenticate"), {"code": code()}).status_code == 302
    assert browser.get("/today").status_code == 200
    assert AuthEvent.objects.filter(kind="sign_in_refused").count() == 1


def test_wrong_codes_on_the_page_share_the_limit_of_the_api(careful: User) -> None:
    browser = log_in_on_page(careful)
    for _ in range(5):
        assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    response = browser.post(reverse("mfa_authenticate"), {"code": code()})
    assert (response.status_code, "Retry-After" in response) == (429, True)
    assert post("login", sent("login", careful, otp=code())).status_code == 429


def test_the_admin_asks_for_a_code_too(careful: User) -> None:
    User.objects.filter(pk=careful.pk).update(is_staff=True, is_superuser=True)
    browser = Client()
    assert browser.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    browser.post("/accounts/login/?next=/admin/", {"login": careful.email, "password": PASSWORD})
    assert browser.get("/admin/").status_code == 302
    browser.post(reverse("mfa_authenticate"), {"code": code()})
    assert browser.get("/admin/").status_code == 200


def test_the_admins_own_log_in_signs_nobody_in(careful: User) -> None:
    """Its form, sent without being shown and by any names of fields, leads around no code."""
    User.objects.filter(pk=careful.pk).update(is_staff=True, is_superuser=True)
    browser = Client()
    names = {"username": careful.email, "email": careful.email, "login": careful.email}
    for address in ("/admin/login/", "/admin/login/?next=/admin/", "/admin/", "/admin/accounts/"):
        answer = browser.post(address, names | {"password": PASSWORD, "next": "/admin/"})
        assert answer.status_code in {302, 404}, address
        assert "_auth_user_id" not in browser.session
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
    ],
)
def test_every_page_is_ours_and_has_no_inline_script(careful: User, name: str) -> None:
    browser = log_in_with_code(careful)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = browser.get(reverse(name))
    assert response.status_code == 200
    assert "base.html" in [template.name for template in response.templates]
    for script in response.content.decode().split("<script")[1:]:
        assert "src=" in script.split(">")[0] or 'type="application/json"' in script.split(">")[0]


def test_settings_tell_whether_it_is_on(alice: User) -> None:
    page = log_in_on_page(alice).get("/settings/security")
    assert page.context["has_second_factor"] is False
    TOTP.activate(alice, SECRET)
    assert log_in_with_code(alice).get("/settings/security").context["has_second_factor"] is True


@pytest.mark.parametrize(
    "credential",
    ["", "x", "null", "1", "[]", "{}", '{"response": 1}', '{"id": "é"}', HALF_A_PASSKEY],
)
def test_no_nonsense_for_a_passkey_breaks_a_page(careful: User, credential: str) -> None:
    body = {"credential": credential}
    assert Client().post(reverse("mfa_login_webauthn"), body).status_code < 500
    browser = log_in_on_page(careful)
    browser.get(reverse("mfa_authenticate"))
    assert browser.post(reverse("mfa_authenticate"), body).status_code < 500
    browser = log_in_with_code(careful)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    browser.get(reverse("mfa_add_webauthn"))
    assert browser.post(reverse("mfa_add_webauthn"), body).status_code < 500


def test_log_in_still_takes_a_password_alone(alice: User) -> None:
    assert log_in(APIClient(), alice)["token_type"] == "bearer"


@pytest.mark.parametrize("has_factor", [False, True])
def test_signing_in_costs_at_most_eight_queries_whatever_went_before(
    alice: User, has_factor: bool
) -> None:
    if has_factor:
        TOTP.activate(alice, SECRET)
    for number in range(40):
        sessions.open_session(alice, client="token", caller=Caller(user_agent=f"Program {number}"))
    body = sent("login", alice, otp=code())
    with CaptureQueriesContext(connection) as queries:
        assert post("login", body, HTTP_USER_AGENT="Program 7").status_code == 200
    data = [query["sql"] for query in queries if not query["sql"].startswith(NO_DATA)]
    assert len(data) <= 8, "\n".join(data)
