"""Several requests of one person at the same moment, with real threads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django_tasks_db.models import DBTaskResult

from accounts.actor import Actor
from accounts.models import User
from accounts.operations import change_profile
from tests.accounts.races import at_once, on_postgresql
from tests.conftest import make_user
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Completion, Reminder, Task
from todos.reminders import moment_before

pytestmark = [on_postgresql, pytest.mark.django_db(transaction=True)]
DAY = date(2026, 11, 23)


@pytest.fixture
def by() -> Actor:
    user: User = make_user("Alice")
    return Actor(user)


def refused(work: Any) -> bool:
    try:
        work()
    except ValidationError:
        return True
    return False


def test_one_occurrence_is_completed_once(by: Actor) -> None:
    task = make_task(by, rule="FREQ=DAILY", due_on=DAY)
    at_once(lambda _: operations.complete_task(task, by=by, occurrence=task.occurrence), 8)
    assert Completion.objects.filter(task=task).count() == 1
    assert Change.objects.of(task).filter(kind="completed").count() == 1


def test_what_is_put_at_one_spot_at_once_stays_in_one_order(by: Actor) -> None:
    first, last = make_task(by, "first"), make_task(by, "last")
    moving = [make_task(by, str(number)) for number in range(8)]
    at_once(lambda number: operations.move_task(moving[number], by=by, after=first), 8)
    order = list(Task.objects.by_position())
    assert (order[0], order[-1], set(order[1:-1])) == (first, last, set(moving))
    assert len({task.position for task in order}) == 10


def test_two_moves_make_no_cycle(by: Actor) -> None:
    for _round in range(5):
        pair = [make_task(by, "a"), make_task(by, "b")]

        def move(number: int, pair: list[Task] = pair) -> bool:
            parent = pair[1 - number]
            return refused(lambda: operations.move_task(pair[number], by=by, parent=parent))

        assert sorted(at_once(move, 2)) == [False, True]


def test_a_sub_task_is_not_added_to_a_tree_that_is_going_into_the_trash(by: Actor) -> None:
    for _round in range(5):
        parent = make_task(by, "parent")

        def act(number: int, parent: Task = parent) -> None:
            if number:
                operations.trash_task(parent, by=by)
            else:
                refused(lambda: make_task(by, "child", parent=parent))

        at_once(act, 2)
        assert not Task.objects.filter(parent=parent, trashed_at=None).exists()


def test_edits_of_one_version_are_applied_once(by: Actor) -> None:
    task = make_task(by)

    def edit(number: int) -> bool:
        with operations.expecting(task, [task.version], by=by):
            operations.change_task(task, by=by, title=f"title {number}")
        return True

    results = at_once(lambda number: refused(lambda: edit(number)), 8)
    assert sorted(results) == [False] + [True] * 7
    assert Task.objects.get(pk=task.pk).version == 2


def test_numbers_are_in_the_order_of_commits(by: Actor) -> None:
    tasks = [make_task(by, str(number)) for number in range(4)]

    def work(number: int) -> None:
        for step in range(5):
            operations.change_task(tasks[number], by=by, due_on=DAY + timedelta(days=step))

    at_once(work, 4)
    numbers = list(Change.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 25))
    moments = list(Change.objects.order_by("pk").values_list("number", flat=True))
    assert moments == numbers


def test_a_reminder_keeps_to_the_day_and_the_zone_that_were_written_last(by: Actor) -> None:
    task = make_task(by, due_on=date(2030, 1, 1))
    operations.add_reminder(task, by=by, minutes_before=30)
    zones = ["Asia/Tokyo", "America/New_York", "Europe/Berlin", "Pacific/Auckland"]

    def work(number: int) -> None:
        if number % 2:
            change_profile(User.objects.get(pk=by.user.pk), time_zone=zones[number // 2])
        else:
            day = date(2030, 1, 2 + number)
            operations.change_task(Task.objects.get(), by=by, due_on=day)

    for _round in range(5):
        at_once(work, 8)
        zone = User.objects.get(pk=by.user.pk).zone
        fires_at = moment_before(Task.objects.get(), 30, zone=zone)
        assert Reminder.objects.get().fires_at == fires_at
        assert DBTaskResult.objects.get().run_after == fires_at
