"""Reminders follow their task, and what is done to it."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from accounts import operations as account_operations
from accounts.actor import Actor
from accounts.models import User
from tests.conftest import program_of
from tests.todos.reminders.helpers import (
    DAY,
    LONDON,
    NOON,
    remind,
    remind_at,
    run_jobs,
    utc,
)
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Reminder, Task
from todos.reminders import days_later, follow

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
