"""When a reminder fires."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django_tasks_db.models import DBTaskResult

from accounts import operations as account_operations
from accounts.actor import Actor
from accounts.models import User
from tests.todos.reminders.helpers import (
    AUTUMN,
    BERLIN,
    DAY,
    LONDON,
    NEW_YORK,
    NOON,
    SPRING,
    remind,
    remind_at,
    utc,
)
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Reminder, Task
from todos.reminders import moment_before


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
