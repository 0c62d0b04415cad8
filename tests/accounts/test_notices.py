"""What people are told by mail about their account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.management.commands import changepassword
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from accounts import tasks
from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import bearer, log_in, log_in_on_page
from tests.conftest import PASSWORD, browser_of, make_user

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIREFOX = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
NEWER_FIREFOX = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:141.2) Firefox/141.2"}
CURL = {"HTTP_USER_AGENT": "curl/8.1"}


def told() -> list[str]:
    """The subjects of the mails that are due, sent."""
    mail.outbox.clear()
    jobs = DBTaskResult.objects.filter(task_path=tasks.mail_event.module_path)
    for job in jobs.order_by("enqueued_at"):
        tasks.mail_event.call(*job.args_kwargs["args"])
    jobs.delete()
    return [str(message.subject) for message in mail.outbox]


@pytest.mark.parametrize("sign_in", [log_in_on_page, None], ids=["page", "API"])
def test_a_new_device_is_told_but_not_the_first_nor_a_known_one(alice: User, sign_in: Any) -> None:
    def come_in(**headers: str) -> list[str]:
        if sign_in:
            sign_in(alice, **headers)
        else:
            client = APIClient(**headers)
            log_in(client, alice)
        return told()

    assert come_in(**FIREFOX) == []
    assert come_in(**CURL) == ["A new device signed in"]
    assert mail.outbox[0].to == [alice.email]
    assert "curl/8.1" in mail.outbox[0].body
    assert come_in(**NEWER_FIREFOX) == []
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91), tick=False):
        assert come_in(**CURL) == ["A new device signed in"]


def test_a_new_device_is_not_told_to_whom_does_not_want_it_but_a_new_password_is(
    alice: User,
) -> None:
    User.objects.update(new_device_mails=False)
    alice.refresh_from_db()
    log_in_on_page(alice, **FIREFOX)
    token = log_in(APIClient(**CURL), alice)["access_token"]
    assert told() == []
    body = {"current": PASSWORD, "new": "quite another good one"}
    assert APIClient().post("/api/v1/users/me/password", body, **bearer(token)).status_code == 204
    assert told() == ["Your password was changed"]


@pytest.mark.parametrize("way", ["page", "API"])
def test_switching_off_the_mails_about_devices_is_told_once(alice: User, way: str) -> None:
    page = log_in_on_page(alice, **CURL)
    token = log_in(APIClient(**CURL), alice)["access_token"]
    told()

    def switch(**switches: bool) -> list[str]:
        if way == "page":
            on = {name: "on" for name, value in switches.items() if value}
            page.post("/settings/notifications", on, **CURL)
        else:
            APIClient(**CURL).patch("/api/v1/users/me/", switches, **bearer(token))
        return told()

    assert switch(new_device_mails=True, reminder_mails=False) == []
    assert switch(new_device_mails=False, reminder_mails=False) == [
        "Mails about new devices were switched off"
    ]
    assert "curl/8.1" in mail.outbox[0].body
    assert switch(new_device_mails=False, reminder_mails=True) == []
    assert switch(new_device_mails=True, reminder_mails=True) == []
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.DEVICE_MAILS_OFF).count() == 1


def test_a_page_and_a_program_are_two_devices(alice: User) -> None:
    log_in_on_page(alice, **CURL)
    log_in(APIClient(**CURL), alice)
    assert told() == ["A new device signed in"]


def test_a_change_of_the_password_is_told_whichever_way(alice: User) -> None:
    token = log_in(APIClient(), alice)["access_token"]
    body = {"current": PASSWORD, "new": "quite another good one"}
    answer = APIClient().post("/api/v1/users/me/password", body, **bearer(token))
    assert answer.status_code == 204
    assert told() == ["Your password was changed"]
    alice.refresh_from_db()
    alice.set_password(PASSWORD)
    alice.save()
    page = log_in_on_page(alice)
    told()
    mail.outbox.clear()
    new = {"oldpassword": PASSWORD, "password1": "still another good one"}
    data = {**new, "password2": new["password1"]}
    assert page.post("/accounts/password/change/", data).status_code == 302
    assert mail.outbox == []
    assert told() == ["Your password was changed"]


def test_a_password_that_an_operator_sets_signs_out_and_is_told(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "quite another good one"
    monkeypatch.setattr(changepassword.Command, "_get_pass", lambda self, *prompt: new)
    token = log_in(APIClient(), alice)["access_token"]
    told()
    call_command("changepassword", alice.email, stdout=StringIO())
    assert told() == ["Your password was changed"]
    assert APIClient().get("/api/v1/users/me/", **bearer(token)).status_code == 401
    assert ApiSession.objects.get().revoked_reason == "password_changed"


def test_a_password_set_in_the_admin_signs_out_and_is_told(alice: User) -> None:
    operator = browser_of(make_user("Olga", is_staff=True, is_superuser=True))
    token = log_in(APIClient(), alice)["access_token"]
    told()
    new = "quite another good one"
    data = {"password1": new, "password2": new, "usable_password": "true"}
    route = reverse("admin:auth_user_password_change", args=[alice.pk])
    assert operator.post(route, data).status_code == 302
    assert told() == ["Your password was changed"]
    assert APIClient().get("/api/v1/users/me/", **bearer(token)).status_code == 401
    assert operator.get(reverse("admin:index")).status_code == 200


def test_a_mail_sent_again_is_the_same_mail(alice: User) -> None:
    log_in_on_page(alice, **FIREFOX)
    log_in(APIClient(**CURL), alice)
    (job,) = DBTaskResult.objects.filter(task_path=tasks.mail_event.module_path)
    for _number in range(2):
        tasks.mail_event.call(*job.args_kwargs["args"])
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
