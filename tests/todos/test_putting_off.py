"""A task that repeats: skipping, putting off, another rule. The operations."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.errors import Conflict
from tests.todos.test_repeating import MONDAY, completions, noon, repeating
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Reminder
from todos.operations.reminders import add_reminder


def test_skipping_moves_on_without_a_completion(by_alice: Actor) -> None:
    task = operations.skip_task(repeating(by_alice), by=by_alice, at=noon(MONDAY))
    assert (task.due_on, completions(task)) == (MONDAY + timedelta(days=1), [])
    assert task.noted.kind == "skipped"


def test_skipping_a_named_one_twice_is_a_conflict(by_alice: Actor) -> None:
    task = repeating(by_alice)
    operations.skip_task(task, by=by_alice, occurrence="2026-11-23", at=noon(MONDAY))
    with pytest.raises(Conflict):
        operations.skip_task(task, by=by_alice, occurrence="2026-11-23", at=noon(MONDAY))


def test_the_last_one_and_what_does_not_repeat_cannot_be_skipped(by_alice: Actor) -> None:
    last = repeating(by_alice, "FREQ=DAILY;UNTIL=20261123")
    for task, words in ((last, "last occurrence"), (make_task(by_alice), "does not repeat")):
        with pytest.raises(ValidationError, match=words):
            operations.skip_task(task, by=by_alice, at=noon(MONDAY))


def test_skipping_before_it_is_due_counts_from_the_day_it_was_due(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=DAILY;INTERVAL=3", repeats_from="completion")
    early = noon(MONDAY - timedelta(days=2))
    assert operations.skip_task(task, by=by_alice, at=early).due_on == date(2026, 11, 26)


@pytest.mark.parametrize("day", [22, 25])
def test_postponing_is_for_this_one_alone(by_alice: Actor, day: int) -> None:
    task = repeating(by_alice, "FREQ=WEEKLY;BYDAY=MO", due_time=time(9))
    task = operations.postpone_task(task, date(2026, 11, day), by=by_alice, at=noon(MONDAY))
    assert task.occurrence == f"2026-11-{day}T09:00"
    task = operations.complete_task(task, by=by_alice, at=noon(date(2026, 11, 22)))
    assert (task.occurrence, task.rule) == ("2026-11-30T09:00", "FREQ=WEEKLY;BYDAY=MO")


def test_another_day_for_all_moves_the_rule_along(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=WEEKLY;BYDAY=MO")
    task = operations.change_task(task, by=by_alice, due_on=date(2026, 11, 25))
    assert task.rule == "FREQ=WEEKLY;BYDAY=WE"
    task = operations.complete_task(task, by=by_alice, at=noon(date(2026, 11, 25)))
    assert task.due_on == date(2026, 12, 2)


def test_another_title_leaves_the_rule_and_its_anchor(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=MONTHLY", day=date(2027, 1, 31))
    task = operations.complete_task(task, by=by_alice, at=noon(date(2027, 1, 31)))
    task = operations.change_task(task, by=by_alice, title="Rent", due_on=task.due_on)
    assert task.anchor_on == date(2027, 1, 31)


def test_a_rule_that_makes_no_sense_is_told_by_its_field(by_alice: Actor) -> None:
    with pytest.raises(ValidationError) as refusal:
        repeating(by_alice, "FREQ=SECONDLY")
    assert set(refusal.value.message_dict) == {"rule"}


def test_it_repeats_no_more_without_a_rule(by_alice: Actor) -> None:
    task = operations.change_task(repeating(by_alice), by=by_alice, rule="")
    assert (task.repeats, task.anchor_on, task.due_on) == (False, None, MONDAY)
    assert operations.complete_task(task, by=by_alice).is_done


def test_start_and_reminders_keep_their_distance_when_it_is_put_off(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=WEEKLY", start_on=MONDAY - timedelta(days=2))
    before = noon(MONDAY - timedelta(days=5))
    add_reminder(task, by=by_alice, remind_at=noon(MONDAY), at=before)
    later = MONDAY + timedelta(days=2)
    operations.postpone_task(task, later, by=by_alice, at=before)
    task = operations.complete_task(task, by=by_alice, at=noon(later))
    assert (task.due_on, task.start_on) == (
        MONDAY + timedelta(days=7),
        MONDAY + timedelta(days=5),
    )
    assert Reminder.objects.get().fires_at == noon(MONDAY + timedelta(days=7))
    task = operations.change_task(task, by=by_alice, due_on=MONDAY + timedelta(days=9))
    assert task.start_on == MONDAY + timedelta(days=7)


def test_one_that_was_put_off_and_is_taken_back_is_still_the_same_one(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=WEEKLY;BYDAY=MO")
    friday = MONDAY - timedelta(days=3)
    operations.postpone_task(task, friday, by=by_alice, at=noon(friday))
    for _round in range(2):
        task = operations.complete_task(task, by=by_alice, at=noon(friday))
        assert task.due_on == MONDAY + timedelta(days=7)
        task = operations.reopen_task(task, by=by_alice)
        assert (task.due_on, task.original_on) == (friday, MONDAY)


def test_skipping_hours_after_completion_goes_on_from_when_it_was_due(by_alice: Actor) -> None:
    task = repeating(
        by_alice, "FREQ=HOURLY;INTERVAL=3", repeats_from="completion", due_time=time(23)
    )
    task = operations.skip_task(task, by=by_alice, at=noon(MONDAY))
    assert task.occurrence == "2026-11-24T02:00"


def test_another_way_to_repeat_is_reckoned_from_the_present_day(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=MONTHLY", repeats_from="completion", day=date(2026, 11, 10))
    operations.complete_task(task, by=by_alice, at=noon(date(2026, 11, 20)))
    task = operations.reopen_task(task, by=by_alice)
    task = operations.change_task(task, by=by_alice, repeats_from="due")
    task = operations.complete_task(task, by=by_alice, at=noon(date(2026, 11, 10)))
    assert task.due_on == date(2026, 12, 10)
