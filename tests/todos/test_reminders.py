"""Reminders: when they fire, that they are sent, and what is noted of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from smtplib import SMTPDataError
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts import background
from accounts import operations as account_operations
from accounts.actor import Actor
from accounts.background import MAX_ATTEMPTS, Worker
from accounts.models import User
from tests.conftest import browser_of, program_of
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Reminder, Task
from todos.reminders import days_later, follow, moment_before

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
LONDON, BERLIN, NEW_YORK = map(ZoneInfo, ("Europe/London", "Europe/Berlin", "America/New_York"))


@pytest.fixture(autouse=True)
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Time stands still at noon, and nothing is swept."""
    monkeypatch.setattr(background, "sweeps", {})
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def task(by_alice: Actor) -> Task:
    return make_task(by_alice, "Call Ines", due_on=DAY, due_time=time(9))


def remind(task: Task, minutes: int = 30) -> Reminder:
    return operations.add_reminder(task, by=Actor(task.owner), minutes_before=minutes)[0]


def remind_at(task: Task, moment: datetime) -> Reminder:
    return operations.add_reminder(task, by=Actor(task.owner), remind_at=moment)[0]


def run_jobs(clock: time_machine.Traveller, *, at: datetime) -> None:
    clock.move_to(at, tick=False)
    worker = Worker()
    while worker.step(at=at, clock=0):
        pass


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


# When it fires


@pytest.mark.parametrize(
    ("due", "minutes", "zone", "fires_at"),
    [
        ({"due_on": DAY}, 0, LONDON, utc(2026, 11, 24, 9)),
        ({"due_on": DAY}, 30, NEW_YORK, utc(2026, 11, 24, 13, 30)),
        ({"due_on": DAY, "due_time": time(17)}, 0, BERLIN, utc(2026, 11, 24, 16)),
        ({"due_on": DAY, "due_time": time(17)}, 90, BERLIN, utc(2026, 11, 24, 14, 30)),
        # A day is a day on the calendar, also when the clocks change in it.
        ({"due_on": AUTUMN}, 24 * 60, LONDON, utc(2026, 10, 24, 8)),
        ({"due_on": AUTUMN}, 24 * 60 + 60, LONDON, utc(2026, 10, 24, 7)),
        # 01:30 does not exist on the 29th of March in London, and comes twice on the 25th of
        # October: the first counts.
        ({"due_on": SPRING, "due_time": time(1, 30)}, 0, LONDON, utc(2026, 3, 29, 1, 30)),
        ({"due_on": AUTUMN, "due_time": time(1, 30)}, 0, LONDON, utc(2026, 10, 25, 0, 30)),
        ({"due_on": AUTUMN, "due_time": time(3)}, 120, LONDON, utc(2026, 10, 25, 1)),
    ],
)  # fmt: skip
def test_it_fires_so_long_before_the_task_is_due(
    due: dict[str, object], minutes: int, zone: ZoneInfo, fires_at: datetime
) -> None:
    assert moment_before(Task(**due), minutes, zone=zone) == fires_at


def test_a_time_in_a_named_zone_is_its_own(alice: User, by_alice: Actor) -> None:
    due = {"due_on": DAY, "due_time": time(9), "due_zone": "Europe/Berlin"}
    task = make_task(by_alice, **due)
    assert remind(task, 60).fires_at == utc(2026, 11, 24, 7)
    account_operations.change_profile(alice, time_zone="Asia/Tokyo")
    assert Reminder.objects.get().fires_at == utc(2026, 11, 24, 7)


def test_without_a_day_it_waits_for_one(by_alice: Actor) -> None:
    task = make_task(by_alice)
    reminder = remind(task)
    assert reminder.fires_at is None
    assert not DBTaskResult.objects.exists()


def test_a_moment_that_is_over_is_refused(task: Task, by_alice: Actor) -> None:
    for moment in (NOON, NOON - timedelta(days=1), utc(2201, 1, 1)):
        with pytest.raises(ValidationError) as refusal:
            remind_at(task, moment)
        assert list(refusal.value.message_dict) == ["remind_at"]


def test_it_says_when_in_one_way(task: Task, by_alice: Actor) -> None:
    for given in ({}, {"remind_at": utc(2026, 12, 1), "minutes_before": 5}):
        with pytest.raises(ValidationError, match="Say when, or how many minutes"):
            operations.add_reminder(task, by=by_alice, **given)


def test_the_same_reminder_twice_is_one(task: Task, by_alice: Actor) -> None:
    first = operations.add_reminder(task, by=by_alice, minutes_before=5)
    assert first[1]
    assert operations.add_reminder(task, by=by_alice, minutes_before=5) == (first[0], False)
    assert Reminder.objects.count() == DBTaskResult.objects.count() == 1


def test_a_task_has_twenty_at_most(task: Task) -> None:
    for number in range(20):
        remind(task, number)
    with pytest.raises(ValidationError, match="20 reminders at most"):
        remind(task, 20)


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


# It follows its task


def test_another_day_starts_it_over(clock: time_machine.Traveller, task: Task) -> None:
    remind(task)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    task.due_on = date(2026, 11, 26)
    follow(task, at=utc(2026, 11, 24, 9))
    reminder = Reminder.objects.get()
    assert reminder.fires_at == utc(2026, 11, 26, 8, 30)
    assert (reminder.sent_at, reminder.attempts) == (None, 0)
    run_jobs(clock, at=utc(2026, 11, 26, 8, 30))
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 11, 20), None])
def test_a_moment_given_up_is_no_longer_fired(
    clock: time_machine.Traveller, task: Task, day: date | None
) -> None:
    remind(task)
    task.due_on, task.due_time = day, None
    follow(task, at=NOON)
    run_jobs(clock, at=utc(2026, 11, 25))
    assert mail.outbox == []


def test_the_job_of_a_moment_given_up_does_nothing_when_it_is_taken_up_again(
    clock: time_machine.Traveller, task: Task
) -> None:
    remind(task)
    DBTaskResult.objects.update(status="RUNNING")
    task.due_on = date(2026, 11, 26)
    follow(task, at=NOON)
    DBTaskResult.objects.filter(status="RUNNING").update(status="READY", run_after=NOON)
    run_jobs(clock, at=NOON)
    assert mail.outbox == []
    assert Reminder.objects.get().attempts == 0


def test_back_and_forth_leaves_one_job(task: Task) -> None:
    remind(task)
    for day in (26, 24, 27, 24):
        task.due_on = date(2026, 11, day)
        follow(task, at=NOON)
    assert DBTaskResult.objects.get().run_after == utc(2026, 11, 24, 8, 30)


def test_a_moment_of_its_own_moves_with_a_task_that_repeats(task: Task) -> None:
    task.owner.time_zone = "Europe/London"
    task.owner.save()
    remind_at(task, utc(2026, 11, 24, 7, 15))
    follow(task, at=NOON)
    assert Reminder.objects.get().remind_at == utc(2026, 11, 24, 7, 15)
    follow(task, days=182, at=NOON)
    reminder = Reminder.objects.get()
    # The same time of day, in summer.
    assert reminder.remind_at == reminder.fires_at == utc(2027, 5, 25, 6, 15)


def test_a_moment_that_is_skipped_or_comes_twice() -> None:
    assert days_later(utc(2026, 3, 28, 1, 30), 1, zone=LONDON) == utc(2026, 3, 29, 1, 30)
    assert days_later(utc(2026, 10, 25, 1, 30), 0, zone=LONDON) == utc(2026, 10, 25, 0, 30)


def test_another_time_zone_moves_days_and_floating_times(
    task: Task, alice: User, by_alice: Actor
) -> None:
    remind(task)
    remind(make_task(by_alice, due_on=DAY), 60)
    remind_at(task, utc(2026, 11, 24, 5))
    account_operations.change_profile(alice, time_zone="America/New_York")
    moments = [utc(2026, 11, 24, 5), utc(2026, 11, 24, 13), utc(2026, 11, 24, 13, 30)]
    assert list(Reminder.objects.order_by("fires_at").values_list("fires_at", flat=True)) == moments
    jobs = DBTaskResult.objects.order_by("run_after").values_list("run_after", flat=True)
    assert list(jobs) == moments


def test_what_was_sent_is_not_sent_again_elsewhere(
    clock: time_machine.Traveller, task: Task, alice: User
) -> None:
    remind(task)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    account_operations.change_profile(alice, time_zone="America/New_York")
    run_jobs(clock, at=utc(2026, 11, 24, 13, 30))
    assert len(mail.outbox) == 1


def test_the_reminders_of_others_stay(task: Task, bob: User) -> None:
    remind(task)
    account_operations.change_profile(bob, time_zone="America/New_York")
    assert Reminder.objects.get().fires_at == utc(2026, 11, 24, 8, 30)


def test_it_goes_with_its_account_and_so_does_its_job(task: Task, bob: User) -> None:
    remind(task)
    remind(make_task(Actor(bob), due_on=DAY))
    account_operations.close_account(task.owner)
    assert Reminder.objects.get().owner == bob
    assert DBTaskResult.objects.get().args_kwargs["args"] == [Reminder.objects.get().pk]


# It follows what is done to its task


def fires_at() -> datetime | None:
    return Reminder.objects.get().fires_at


def test_it_follows_every_way_to_change_when_a_task_is_due(task: Task, by_alice: Actor) -> None:
    remind(task)
    changed = operations.change_task(task, by=by_alice, due_on=date(2026, 11, 26))
    assert fires_at() == utc(2026, 11, 26, 8, 30)
    operations.change_task(task, by=by_alice, due_time=time(17), due_zone="Europe/Berlin")
    assert fires_at() == utc(2026, 11, 26, 15, 30)
    operations.change_task(task, by=by_alice, due_on=None)
    assert fires_at() is None
    assert changed.noted
    operations.undo_change(changed.noted, by=by_alice)
    operations.change_task(task, by=by_alice, due_on=DAY)
    assert fires_at() == utc(2026, 11, 24, 8, 30)


def test_it_moves_on_with_a_task_that_repeats_and_back_again(
    clock: time_machine.Traveller, by_alice: Actor
) -> None:
    due = {"due_on": DAY, "due_time": time(9), "rule": "FREQ=DAILY;INTERVAL=2"}
    task = make_task(by_alice, **due)
    remind(task, 60)
    remind_at(task, utc(2026, 11, 24, 7, 30))
    run_jobs(clock, at=utc(2026, 11, 24, 8))
    assert len(mail.outbox) == 2
    operations.complete_task(task, by=by_alice)
    moments = Reminder.objects.order_by("fires_at").values_list("fires_at", "sent_at")
    assert list(moments) == [(utc(2026, 11, 26, 7, 30), None), (utc(2026, 11, 26, 8), None)]
    run_jobs(clock, at=utc(2026, 11, 26, 8))
    assert len(mail.outbox) == 4
    operations.skip_task(task, by=by_alice)
    assert moments.all()[0][0] == utc(2026, 11, 28, 7, 30)
    operations.postpone_task(task, date(2026, 11, 29), by=by_alice)
    assert [moment for moment, _ in moments.all()] == [
        utc(2026, 11, 29, 7, 30),
        utc(2026, 11, 29, 8),
    ]


def test_taking_a_completion_back_takes_its_reminders_back(task: Task, by_alice: Actor) -> None:
    operations.change_task(task, by=by_alice, rule="FREQ=WEEKLY")
    remind(task)
    remind_at(task, utc(2026, 11, 24, 7))
    for _number in range(2):
        operations.complete_task(task, by=by_alice, occurrence="2026-11-24T09:00")
        assert Reminder.objects.filter(fires_at__lt=utc(2026, 12, 1)).count() == 0
        operations.reopen_task(task, by=by_alice, occurrence="2026-11-24T09:00")
        moments = Reminder.objects.order_by("fires_at").values_list("fires_at", flat=True)
        assert list(moments) == [utc(2026, 11, 24, 7), utc(2026, 11, 24, 8, 30)]
    assert DBTaskResult.objects.count() == 2


def test_a_moment_that_is_over_is_told_as_such_when_an_undo_brings_it_back(
    clock: time_machine.Traveller, page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice, due_on=DAY, due_time=time(9), rule="FREQ=DAILY")
    remind(task)
    run_jobs(clock, at=utc(2026, 11, 24, 8, 30))
    operations.complete_task(task, by=by_alice)
    operations.reopen_task(task, by=by_alice)
    assert fires_at() == utc(2026, 11, 24, 8, 30)
    words = text_of(page.get(f"/tasks/{task.pk}"))
    assert "Its time has passed." in words
    assert "Not sent" not in words
    api = program_of(task.owner)
    (told,) = api.get(f"/api/v1/tasks/{task.pk}/reminders/").json()["items"]
    assert (told["sent_at"], told["attempts"], told["last_error"]) == (None, 0, "")
    run_jobs(clock, at=utc(2026, 11, 24, 10))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("day", [date(2026, 11, 20), None])
def test_what_failed_before_is_not_told_of_another_moment(task: Task, day: date | None) -> None:
    remind(task)
    Reminder.objects.update(attempts=1, last_error="450 Later")
    task.due_on, task.due_time = day, None
    follow(task, at=NOON)
    reminder = Reminder.objects.get()
    assert (reminder.attempts, reminder.last_error) == (0, "")


# The API


def test_the_api_adds_lists_and_deletes(api: APIClient, task: Task) -> None:
    address = f"/api/v1/tasks/{task.pk}/reminders/"
    answer = api.post(address, {"minutes_before": 30})
    relative = answer.json()
    assert answer.status_code == 201
    assert relative == {
        "id": relative["id"], "at": None, "minutes_before": 30,
        "fires_at": "2026-11-24T08:30:00Z", "sent_at": None, "attempts": 0, "last_error": "",
    }  # fmt: skip
    again = api.post(address, {"minutes_before": 30})
    assert (again.status_code, again.json()) == (200, relative)
    absolute = api.post(address, {"at": "2026-11-24T08:00:00+01:00"}).json()
    assert (absolute["at"], absolute["minutes_before"]) == ("2026-11-24T07:00:00Z", None)
    assert api.get(address).json()["items"] == [absolute, relative]
    assert api.delete(f"{address}{relative['id']}").status_code == 204
    assert api.delete(f"{address}{relative['id']}").json() == {
        "detail": f"Reminder not found with id={relative['id']}"
    }
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "detail"),
        ({"at": None}, "detail"),
        ({"at": "2026-12-01T00:00:00Z", "minutes_before": 5}, "detail"),
        ({"at": "2026-11-23T12:00:00Z"}, "at"),
        ({"at": "2026-12-01T00:00:00"}, "at"),
        ({"at": "2026-12-01"}, "at"),
        ({"at": "2026-02-30T00:00:00Z"}, "at"),
        ({"at": "2026-12-01T24:00:00Z"}, "at"),
        ({"at": "2026-12-01T23:00:60Z"}, "at"),
        ({"at": "2026-12-01T23:00:00+99:99"}, "at"),
        ({"at": "9999-12-31T23:00:00-12:00"}, "at"),
        ({"at": "2201-01-01T00:00:00Z"}, "at"),
        ({"at": 5}, "at"),
        ({"minutes_before": -1}, "minutes_before"),
        ({"minutes_before": 366 * 24 * 60 + 1}, "minutes_before"),
        ({"minutes_before": 2**62}, "minutes_before"),
        ({"minutes_before": "30"}, "minutes_before"),
        ({"minutes_before": True}, "minutes_before"),
        ({"minutes_before": 5, "sent_at": "2026-11-23T12:00:00Z"}, "sent_at"),
    ],
)
def test_the_api_names_what_it_refuses(
    api: APIClient, task: Task, body: dict[str, object], field: str
) -> None:
    answer = api.post(f"/api/v1/tasks/{task.pk}/reminders/", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not Reminder.objects.exists()


def test_those_that_wait_for_a_day_come_last_by_page_and_by_cursor(
    api: APIClient, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    waiting = remind(task)
    later, sooner = (remind_at(task, utc(2026, 12, day)) for day in (2, 1))
    expected = [sooner.pk, later.pk, waiting.pk]
    address = f"/api/v1/tasks/{task.pk}/reminders/"
    assert [item["id"] for item in api.get(address).json()["items"]] == expected
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(address, {"limit": 1, "cursor": cursor}).json()
        found += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    assert found == expected


def test_another_person_has_no_say(task: Task, charlie: User) -> None:
    reminder = remind(task)
    mine = make_task(Actor(charlie))
    stranger = program_of(charlie)
    for address in (f"{task.pk}/reminders/{reminder.pk}", f"{mine.pk}/reminders/{reminder.pk}"):
        assert stranger.delete(f"/api/v1/tasks/{address}").status_code == 404
    assert browser_of(charlie).post(f"/reminders/{reminder.pk}/delete").status_code == 404
    assert Reminder.objects.exists()


# The page


def test_the_page_adds_shows_and_removes(page: Client, task: Task, alice: User) -> None:
    User.objects.update(time_zone="Europe/Berlin")
    address = f"/tasks/{task.pk}"
    page.post(f"{address}/reminders", {"minutes_before": "60"})
    page.post(f"{address}/reminders", {"remind_at": "2026-11-23T18:00"})
    moments = Reminder.objects.order_by("fires_at").values_list("fires_at", flat=True)
    assert list(moments) == [utc(2026, 11, 23, 17), utc(2026, 11, 24, 7)]
    words = text_of(page.get(address))
    assert "1 hour before Will be sent on 24 Nov 2026, 08:00." in words
    assert "23 Nov 2026, 18:00 Will be sent on" in words
    assert words.count("1 hour before Will be sent") == 1
    for reminder in Reminder.objects.all():
        page.post(f"/reminders/{reminder.pk}/delete")
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Say when, or how many minutes before"),
        ({"remind_at": "2026-11-01T10:00"}, "still to come"),
        ({"remind_at": "tomorrow"}, "Enter a day and a time."),
        ({"remind_at": "2026-02-30T10:00"}, "Enter a day and a time."),
        ({"remind_at": "0001-01-01T00:00"}, "still to come"),
        ({"remind_at": "9999-12-31T23:59"}, "1970 to 2200"),
        ({"minutes_before": "7"}, "not one of the available choices"),
    ],
)
def test_the_page_says_why_not(page: Client, task: Task, data: dict[str, str], words: str) -> None:
    User.objects.update(time_zone="America/New_York")
    answer = page.post(f"/tasks/{task.pk}/reminders", data, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html
    assert f'value="{data["remind_at"]}"' in html if "remind_at" in data else True
    assert f'name="next" value="/tasks/{task.pk}#add-title"' in html
    assert not Reminder.objects.exists()


def test_a_time_that_the_clock_change_skips_is_after_it(page: Client, task: Task) -> None:
    User.objects.update(time_zone="Europe/London")
    page.post(f"/tasks/{task.pk}/reminders", {"remind_at": "2027-03-28T01:30"})
    assert Reminder.objects.get().fires_at == utc(2027, 3, 28, 1, 30)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "When it is due"), (1, "1 minute before"), (90, "90 minutes before"),
     (120, "2 hours before"), (1440, "1 day before"), (20160, "2 weeks before")],
)  # fmt: skip
def test_so_long_before_is_told_as_people_say_it(
    page: Client, task: Task, minutes: int, words: str
) -> None:
    remind(task, minutes)
    assert words in text_of(page.get(f"/tasks/{task.pk}"))
