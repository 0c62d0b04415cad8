"""The pages of allauth and ours: sign up, log in, reset, change, and mails that fail."""

import re
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import AuthEvent, PageSession, User
from tests.accounts.conftest import PASSWORD, bearer, log_in, log_in_on_page, refresh


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def link_in(message: Any) -> str:
    found = re.search(r"http://testserver(\S+)", message.body)
    assert found, message.body
    return found[1]


@pytest.mark.parametrize(
    "path",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "account_inactive",
    ],
)
def test_a_visitor_sees_our_page(db: None, path: str) -> None:
    response = Client().get(reverse(path))
    assert response.status_code == 200
    assert "base.html" in [template.name for template in response.templates]


@pytest.mark.parametrize(
    "path",
    [
        "account_email",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "accounts:settings",
        "accounts:devices",
        "accounts:close-account",
    ],
)
def test_a_signed_in_person_sees_our_page_and_a_visitor_the_log_in(alice: User, path: str) -> None:
    response = log_in_on_page(alice).get(reverse(path))
    assert response.status_code == 200
    assert "base.html" in [template.name for template in response.templates]
    if path != "account_logout":
        assert Client().get(reverse(path)).status_code == 302


def test_signing_up_on_the_page_leads_to_the_inbox_and_asks_to_confirm(db: None) -> None:
    browser = Client(REMOTE_ADDR="192.0.2.1")
    body = {"email": "Ann@example.com", "password1": PASSWORD}
    response = browser.post(reverse("account_signup"), body)
    assert response["Location"] == reverse("todos:inbox")
    user = User.objects.get()
    assert (user.email, user.time_zone) == ("ann@example.com", "UTC")
    assert [message.to for message in mail.outbox] == [["ann@example.com"]]
    assert PageSession.objects.get().user_session.user == user
    kinds = AuthEvent.objects.filter(user=user).values_list("kind", "ip")
    assert set(kinds) == {("signed_up", "192.0.2.1"), ("signed_in", "192.0.2.1")}


def test_sign_up_tells_that_an_address_is_taken(alice: User) -> None:
    body = {"email": "ALICE@example.com", "password1": PASSWORD}
    response = Client().post(reverse("account_signup"), body)
    assert response.status_code == 200
    assert response.context["form"].errors == {
        "email": ["Someone already uses this e-mail address."]
    }
    assert not mail.outbox


def test_a_zone_that_nobody_knows_becomes_utc(db: None) -> None:
    body = {"email": "ann@example.com", "password1": PASSWORD, "time_zone": "Mars/Phobos"}
    Client().post(reverse("account_signup"), body)
    assert User.objects.get().time_zone == "UTC"


def test_logging_in_does_not_tell_which_part_was_wrong(alice: User) -> None:
    answers = []
    for login in ("alice@example.com", "nobody@example.com"):
        body = {"login": login, "password": "wrong"}
        response = Client().post(reverse("account_login"), body)
        answers.append((response.status_code, response.context["form"].errors))
    assert answers[0] == answers[1]
    refused = AuthEvent.objects.get()
    assert (refused.user, refused.kind) == (alice, "sign_in_refused")


def test_logging_out_ends_the_device(alice: User) -> None:
    browser = log_in_on_page(alice)
    assert browser.post(reverse("account_logout"))["Location"] == reverse("todos:landing")
    assert not PageSession.objects.exists()
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.SIGNED_OUT).count() == 1


def test_asking_for_a_reset_looks_the_same_for_unknown_accounts(alice: User) -> None:
    answers = []
    for email in ("alice@example.com", "nobody@example.com"):
        response = Client().post(reverse("account_reset_password"), {"email": email}, follow=True)
        answers.append((response.redirect_chain, told(response)))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [
        ["alice@example.com"],
        ["nobody@example.com"],
    ]


def test_a_reset_by_mail_ends_every_session(alice: User) -> None:
    page, program = log_in_on_page(alice), APIClient()
    body = log_in(program, alice)
    visitor = Client(HTTP_HOST="127.0.0.1")
    visitor.post(reverse("account_reset_password"), {"email": alice.email})
    assert "127.0.0.1" not in mail.outbox[0].body
    form = visitor.get(link_in(mail.outbox[0]))["Location"]
    new = {"password1": "a new passphrase", "password2": "a new passphrase"}
    assert visitor.post(form, new).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("a new passphrase")
    assert page.get(reverse("accounts:settings")).status_code == 302
    assert program.get("/api/v1/users/me/", **bearer(body["access_token"])).status_code == 401
    assert refresh(program, body["refresh_token"]).status_code == 401
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.PASSWORD_RESET).count() == 1


def test_changing_the_password_on_the_page_keeps_it_and_ends_the_others(alice: User) -> None:
    page, other, program = log_in_on_page(alice), log_in_on_page(alice), APIClient()
    body = log_in(program, alice)
    form = {
        "oldpassword": PASSWORD,
        "password1": "a new passphrase",
        "password2": "a new passphrase",
    }
    assert page.post(reverse("account_change_password"), form).status_code == 302
    assert page.get(reverse("accounts:settings")).status_code == 200
    assert other.get(reverse("accounts:settings")).status_code == 302
    assert program.get("/api/v1/users/me/", **bearer(body["access_token"])).status_code == 401
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.PASSWORD_CHANGED).count() == 1


def change_address(browser: Client, email: str) -> Any:
    body = {"email": email, "action_add": ""}
    return browser.post(reverse("account_email"), body, follow=True)


def test_a_new_address_replaces_the_old_one_once_it_is_confirmed(alice: User) -> None:
    browser = log_in_on_page(alice)
    change_address(browser, "Alcie@example.org")
    change_address(browser, "Alice@example.org")
    assert alice.emailaddress_set.count() == 2
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert mail.outbox[-1].to == ["alice@example.org"]
    browser.post(link_in(mail.outbox[-1]))
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    (address,) = alice.emailaddress_set.all()
    assert (address.email, address.primary, address.verified) == (alice.email, True, True)
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.EMAIL_CHANGED).count() == 1


def test_an_address_is_not_changed_to_one_that_is_taken(alice: User, bob: User) -> None:
    response = change_address(log_in_on_page(alice), "BOB@example.com")
    assert response.context["form"].errors == {
        "email": ["Someone already uses this e-mail address."]
    }


def test_an_address_taken_in_the_meantime_is_told(alice: User, bob: User) -> None:
    browser = log_in_on_page(alice)
    change_address(browser, "new@example.com")
    bob.email = "new@example.com"
    bob.save()
    response = browser.post(link_in(mail.outbox[-1]), follow=True)
    assert "Someone already uses this e-mail address." in told(response)
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_a_mail_that_fails_is_told_on_the_page(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    sentence = "We could not send the e-mail. Please try again in a while."
    reset = Client().post(reverse("account_reset_password"), {"email": alice.email}, follow=True)
    assert sentence in told(reset)
    body = {"email": "ann@example.com", "password1": PASSWORD}
    signed_up = Client().post(reverse("account_signup"), body, follow=True)
    assert signed_up.status_code == 200
    assert sentence in told(signed_up)
    assert not any("sent" in text for text in told(signed_up))
    assert User.objects.filter(email="ann@example.com").exists()
    changed = change_address(log_in_on_page(alice), "alice@example.org")
    assert sentence in told(changed)


def test_an_address_to_be_confirmed_first_keeps_the_page_closed(alice: User, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    browser = log_in_on_page(alice)
    assert browser.get(reverse("accounts:settings")).status_code == 302
    browser.post(link_in(mail.outbox[0]))
    browser = log_in_on_page(alice)
    assert browser.get(reverse("accounts:settings")).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_led_elsewhere_after_logging_in(alice: User, target: str) -> None:
    body = {"login": alice.email, "password": PASSWORD, "next": target}
    response = Client().post(reverse("account_login"), body)
    assert response["Location"] == reverse("todos:today")


def test_times_on_pages_are_the_persons_and_over_the_api_utc(alice: User) -> None:
    alice.time_zone = "Asia/Kolkata"
    alice.save()
    browser = log_in_on_page(alice)
    page = browser.get(reverse("accounts:devices"))
    assert page.context["now"].utcoffset().total_seconds() == 5.5 * 3600
    access = log_in(APIClient(), alice)["access_token"]
    me = browser.get("/api/v1/users/me/", **bearer(access)).json()
    assert me["created_at"].endswith("Z")


def test_the_admin_signs_in_through_our_page(alice: User) -> None:
    response = Client().get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert log_in_on_page(alice).get(reverse("admin:login")).status_code == 403
