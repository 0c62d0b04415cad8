"""Long chains of completions, each as a person or a program completes what it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.test import Client
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import browser_of, program_of
from tests.todos.test_repeating import CLOCK_CHANGES
from tests.todos.test_tasks import make_task
from todos.models import Completion, Task


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        yield


def complete_on_the_page(task: Task) -> None:
    page: Client = browser_of(task.owner)
    page.post(f"/tasks/{task.pk}/complete", {"done": "1", "occurrence": task.occurrence})


def complete_over_the_api(task: Task) -> None:
    api: APIClient = program_of(task.owner)
    asked = {"completed": True, "occurrence": task.occurrence}
    answer = api.put(f"/api/v1/tasks/complete/{task.pk}", asked)
    assert (answer.status_code, answer.json()["completed"]) == (200, False)


SURFACES = [complete_on_the_page, complete_over_the_api]


def chain(
    task: Task, complete: Callable[[Task], None], moments: Callable[[Task], datetime], length: int
) -> list[str | None]:
    """The occurrences after each of `length` completions, each made when `moments` says."""
    shown = []
    for _step in range(length):
        with at(moments(task)):
            complete(task)
        task.refresh_from_db()
        shown.append(task.occurrence)
    assert Completion.objects.filter(task=task).count() == length
    return shown


@pytest.mark.parametrize("complete", SURFACES)
def test_24_months_from_31_january(alice: User, complete: Callable[[Task], None]) -> None:
    first = date(2027, 1, 31)
    task = make_task(Actor(alice), rule="FREQ=MONTHLY", due_on=first)
    shown = chain(
        task,
        complete,
        lambda task: datetime.combine(task.due_on, time(12), ZoneInfo("UTC")),
        24,
    )
    assert shown == [str(first + relativedelta(months=step)) for step in range(1, 25)]
    assert (shown[0], shown[12]) == ("2027-02-28", "2028-02-29")


@pytest.mark.parametrize("complete", SURFACES)
@pytest.mark.parametrize("zone", CLOCK_CHANGES)
def test_daily_at_nine_across_both_clock_changes(
    alice: User, zone: str, complete: Callable[[Task], None]
) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone=zone)
    for day in CLOCK_CHANGES[zone]:
        first = date.fromisoformat(day) - timedelta(days=1)
        by = Actor(User.objects.get(pk=alice.pk))
        task = make_task(by, rule="FREQ=DAILY", due_on=first, due_time=time(9))
        shown = chain(
            task,
            complete,
            lambda task: datetime.combine(task.due_on, time(9, 30), ZoneInfo(zone)),
            3,
        )
        assert shown == [f"{first + timedelta(days=step)}T09:00" for step in range(1, 4)]


@pytest.mark.parametrize("complete", SURFACES)
def test_every_three_days_after_it_was_done(alice: User, complete: Callable[[Task], None]) -> None:
    task = make_task(
        Actor(alice),
        rule="FREQ=DAILY;INTERVAL=3",
        repeats_from="completion",
        due_on=date(2026, 11, 23),
    )
    late = iter([0, 1, 4, 2, 0])
    done_on = [date(2026, 11, 23)]

    def moment(task: Task) -> datetime:
        done_on.append(task.due_on + timedelta(days=next(late)))
        return datetime.combine(done_on[-1], time(12), ZoneInfo("UTC"))

    shown = chain(task, complete, moment, 5)
    assert shown == [str(day + timedelta(days=3)) for day in done_on[1:]]
    assert shown[-1] == "2026-12-15"
