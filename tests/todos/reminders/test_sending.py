"""That a reminder is sent, and what is noted when it goes wrong."""

from __future__ import annotations

from datetime import date, time
from smtplib import SMTPDataError

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from accounts.actor import Actor
from accounts.background import MAX_ATTEMPTS
from accounts.models import User
from tests.todos.reminders.helpers import (
    DAY,
    remind,
    run_jobs,
    utc,
)
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Reminder, Task
from todos.reminders import follow

# That it is sent


def test_it_is_mailed_when_it_fires_and_once(
    clock: time_machine.Traveller, task: Task, alice: User
) -> None:
    remind(task)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 29, 59))
    assert mail.outbox == []
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Reminder: Call Ines", [alice.email])
    assert "Call Ines" in message.body
    assert "Due 24 Nov 2026, 09:00" in message.body
    assert f"http://testserver/tasks/{task.pk}\n" in message.body
    reminder = Reminder.objects.get()
    assert reminder.sent_at == utc(2026, 11, 24, 8, 30)
    assert (reminder.attempts, reminder.last_error) == (1, "")
    DBTaskResult.objects.update(status="READY")
    run_jobs(clock, at=utc(2026, 11, 24, 8, 31))
    assert len(mail.outbox) == 1


def test_a_worker_that_was_away_sends_it_late(clock: time_machine.Traveller, task: Task) -> None:
    remind(task)
    run_jobs(clock, at=utc(2026, 11, 27))
    assert len(mail.outbox) == 1


def test_the_job_holds_an_id_alone(task: Task) -> None:
    reminder = remind(task)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [reminder.pk], "kwargs": {}}


def test_a_reminder_of_what_came_to_nothing_is_not_queued(task: Task, by_alice: Actor) -> None:
    with pytest.raises(ZeroDivisionError), operations.writing(task.owner, by=by_alice):
        remind(task)
        1 / 0  # noqa: B018
    assert not Reminder.objects.exists() and not DBTaskResult.objects.exists()


@pytest.mark.parametrize("title", ["Call\r\nBcc: eve@example.com", "Call\n\nInes", "Über \u2028 Ü"])
def test_no_title_is_a_header(clock: time_machine.Traveller, task: Task, title: str) -> None:
    remind(task)
    Task.objects.update(title=title)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["alice@example.com"]


def test_it_is_told_at_the_clock_of_the_person(
    clock: time_machine.Traveller, alice: User, by_alice: Actor
) -> None:
    User.objects.update(time_zone="America/New_York", locale="en-US", date_order="mdy")
    alice.refresh_from_db()
    due = {"due_on": DAY, "due_time": time(14), "due_zone": "Europe/Berlin"}
    remind(make_task(Actor(alice), **due), 0)
    run_jobs(clock, at=utc(2026, 11, 24, 13))
    assert "Due Nov 24, 2026, 8:00 am" in mail.outbox[0].body


def gone(task: Task) -> None:
    Reminder.objects.all().delete()


def done(task: Task) -> None:
    operations.complete_task(task, by=Actor(task.owner))


def trashed(task: Task) -> None:
    operations.trash_task(task, by=Actor(task.owner))


def archived(task: Task) -> None:
    operations.archive_list(task.task_list, by=Actor(task.owner))


def inactive(task: Task) -> None:
    User.objects.update(is_active=False)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (gone, None),
        (done, "The task was done already."),
        (trashed, "The task was in the trash."),
        (archived, "The list was archived."),
        (inactive, "The account was closed."),
    ],
)
def test_it_is_not_sent_when_it_is_of_no_use(
    clock: time_machine.Traveller, by_alice: Actor, happens: object, why: str | None
) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    task = make_task(by_alice, task_list=home, due_on=DAY)
    remind(task)
    happens(task)  # type: ignore[operator]
    run_jobs(clock, at=utc(2026, 11, 24, 9))
    assert mail.outbox == []
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    reminder = Reminder.objects.first()
    assert (reminder and (reminder.last_error, reminder.attempts, reminder.sent_at)) == (
        why and (why, 0, None)
    )


def test_who_switched_reminders_off_is_mailed_none_and_told_so_on_the_page(
    clock: time_machine.Traveller, task: Task, page: Client
) -> None:
    User.objects.update(reminder_mails=False)
    remind(task, 30)
    remind(task, 20)
    assert "Will not be sent: reminders by mail are switched off" in text_of(
        page.get(f"/tasks/{task.pk}")
    )
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    assert mail.outbox == []
    assert DBTaskResult.objects.filter(status="SUCCESSFUL").count() == 1
    shown = text_of(page.get(f"/tasks/{task.pk}"))
    assert "Not sent: Reminders by mail were switched off." in shown
    User.objects.update(reminder_mails=True)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 40))
    assert len(mail.outbox) == 1


def test_mail_that_leaves_the_machine_goes_to_a_confirmed_address_alone(
    clock: time_machine.Traveller, task: Task, settings: Settings
) -> None:
    settings.MAIL_STAYS_HERE = False
    EmailAddress.objects.update(verified=False)
    remind(task, 30)
    remind(task, 20)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    assert mail.outbox == []
    assert Reminder.objects.first().last_error == "Your e-mail address was not confirmed."  # type: ignore[union-attr]
    EmailAddress.objects.update(verified=True)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 40))
    assert len(mail.outbox) == 1


# What is noted when it goes wrong


def test_a_failure_is_noted_and_it_is_tried_again(
    clock: time_machine.Traveller, task: Task, monkeypatch: pytest.MonkeyPatch, page: Client
) -> None:
    def refuse(message: EmailMessage) -> int:
        raise SMTPDataError(451, b"4.7.1 Try\r\nagain later")

    remind(task)
    with monkeypatch.context() as trouble:
        trouble.setattr(EmailMessage, "send", refuse)
        run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    reminder = Reminder.objects.get()
    assert (reminder.attempts, reminder.sent_at) == (1, None)
    assert reminder.last_error == "451 4.7.1 Try again later"
    shown = text_of(page.get(f"/tasks/{task.pk}"))
    assert "Attempt 1 failed (451 4.7.1 Try again later). It will be tried again." in shown
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30, 15))
    reminder.refresh_from_db()
    assert (reminder.attempts, reminder.last_error) == (2, "")
    assert reminder.sent_at == utc(2026, 11, 24, 8, 30, 15)


def test_it_is_given_up_after_the_last_attempt(
    clock: time_machine.Traveller, task: Task, monkeypatch: pytest.MonkeyPatch, page: Client
) -> None:
    def refuse(message: EmailMessage) -> int:
        raise ConnectionRefusedError("mail.internal:25")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    remind(task)
    for hour in range(8, 8 + MAX_ATTEMPTS + 2):
        run_jobs(clock, at=utc(2026, 11, 24, hour, 30))
    reminder = Reminder.objects.get()
    assert (reminder.attempts, reminder.last_error) == (MAX_ATTEMPTS, "ConnectionRefusedError")
    assert "Not sent after 10 attempts" in text_of(page.get(f"/tasks/{task.pk}"))


def test_a_mail_sent_twice_has_one_message_id_and_another_moment_another(
    clock: time_machine.Traveller, task: Task
) -> None:
    remind(task)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    # The worker was killed after the mail was taken, before that was noted.
    Reminder.objects.update(sent_at=None)
    DBTaskResult.objects.update(status="READY")
    run_jobs(clock, at=utc(2026, 11, 24, 8, 31))
    task.due_on = date(2026, 11, 25)
    follow(task, at=utc(2026, 11, 24, 8, 32))
    run_jobs(clock, at=utc(2026, 11, 25, 8, 30))
    first, second, third = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second != third
    assert first.startswith("<reminder-") and first.endswith("@testserver>")


def test_a_mail_on_its_way_while_the_task_moves_on_is_not_noted_for_the_next(
    clock: time_machine.Traveller, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send_slowly(message: EmailMessage) -> int:
        task.due_on = date(2026, 11, 25)
        follow(task, at=utc(2026, 11, 24, 8, 30))
        return 1

    monkeypatch.setattr(EmailMessage, "send", send_slowly)
    remind(task)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    reminder = Reminder.objects.get()
    assert (reminder.fires_at, reminder.sent_at) == (utc(2026, 11, 25, 8, 30), None)
