"""A task that repeats: completing it, and taking that back. The operations."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Completion, Reminder, Task
from todos.operations.reminders import add_reminder

MONDAY = date(2026, 11, 23)


def noon(day: date, zone: str = "UTC") -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(zone))


def repeating(
    by: Actor, rule: str = "FREQ=DAILY", day: date | None = MONDAY, **fields: object
) -> Task:
    return make_task(by, "Water the plants", rule=rule, due_on=day, **fields)


def completions(task: Task) -> list[str]:
    rows = Completion.objects.filter(task=task).order_by("pk")
    return list(rows.values_list("occurrence", flat=True))


# Completing


def test_completing_moves_it_on_and_leaves_a_completion(by_alice: Actor) -> None:
    task = repeating(by_alice, due_time=time(9))
    task = operations.complete_task(task, by=by_alice, at=noon(MONDAY))
    assert (task.occurrence, task.is_done) == ("2026-11-24T09:00", False)
    done = Completion.objects.get(task=task)
    assert (done.occurrence, done.completed_at, done.by, done.missed) == (
        "2026-11-23T09:00",
        noon(MONDAY),
        by_alice.user,
        0,
    )


def test_a_task_that_does_not_repeat_leaves_a_completion_too(by_alice: Actor) -> None:
    task = operations.complete_task(make_task(by_alice), by=by_alice)
    assert completions(task) == [""]
    operations.complete_task(task, by=by_alice)
    assert completions(task) == [""]
    operations.reopen_task(task, by=by_alice)
    assert completions(task) == []


def test_missed_occurrences_are_counted_and_not_piled_up(by_alice: Actor) -> None:
    task = repeating(by_alice)
    later = MONDAY + timedelta(days=10)
    task = operations.complete_task(task, by=by_alice, at=noon(later))
    assert task.due_on == later + timedelta(days=1)
    assert Completion.objects.get(task=task).missed == 9


def test_completing_early_moves_exactly_one_step(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=WEEKLY;BYDAY=MO")
    task = operations.complete_task(task, by=by_alice, at=noon(MONDAY - timedelta(days=5)))
    assert task.due_on == MONDAY + timedelta(days=7)


def test_now_is_the_person_s_day(by_alice: Actor, alice: User) -> None:
    alice.time_zone = "Pacific/Auckland"
    task = repeating(Actor(alice), day=MONDAY)
    late = datetime(2026, 11, 23, 20, tzinfo=UTC)  # Tuesday morning in Auckland
    task = operations.complete_task(task, by=Actor(alice), at=late)
    assert task.due_on == MONDAY + timedelta(days=2)


def test_a_zoned_task_reckons_in_its_own_zone(by_alice: Actor) -> None:
    task = repeating(by_alice, due_time=time(9), due_zone="Pacific/Auckland")
    late = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)  # Tuesday 09:30 in Auckland
    task = operations.complete_task(task, by=by_alice, at=late)
    assert task.occurrence == "2026-11-25T09:00"
    assert task.due_at == datetime(2026, 11, 24, 20, tzinfo=UTC)


def test_from_completion_counts_from_the_day_it_is_done_and_keeps_the_time(
    by_alice: Actor,
) -> None:
    task = repeating(by_alice, "FREQ=DAILY;INTERVAL=3", repeats_from="completion", due_time=time(9))
    for done_on, due in ((25, 28), (27, 30)):
        task = operations.complete_task(task, by=by_alice, at=noon(date(2026, 11, done_on)))
        assert task.occurrence == f"2026-11-{due}T09:00"


def test_a_rule_without_a_day_starts_from_the_completion(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=WEEKLY", day=None)
    task = operations.complete_task(task, by=by_alice, at=noon(MONDAY))
    assert task.due_on == MONDAY + timedelta(days=7)
    assert completions(task) == [""]


def test_twenty_four_months_from_31_january_keep_the_31st(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=MONTHLY", day=date(2027, 1, 31))
    seen = []
    for _month in range(24):
        task = operations.complete_task(
            task, by=by_alice, occurrence=task.occurrence, at=noon(task.due_on)
        )
        seen.append(task.due_on.isoformat())
    ends = ["02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31"]
    ends += ["11-30", "12-31", "01-31"]
    leap = ["02-29", *ends[1:]]
    expected = [f"{2027 + (end == '01-31')}-{end}" for end in ends]
    expected += [f"{2028 + (end == '01-31')}-{end}" for end in leap]
    assert seen == expected
    assert len(completions(task)) == 24


CLOCK_CHANGES = {
    "Europe/Berlin": ("2021-03-28", "2021-10-31"),
    "America/New_York": ("2021-03-14", "2021-11-07"),
    "Australia/Sydney": ("2021-04-04", "2021-10-03"),
    "Pacific/Apia": ("2020-09-27", "2021-04-04"),
}


@pytest.mark.parametrize(
    ("zone", "change"), [(zone, day) for zone, days in CLOCK_CHANGES.items() for day in days]
)
@pytest.mark.parametrize("clock", [time(9), time(2, 30)])
def test_daily_keeps_its_wall_clock_when_clocks_change(
    alice: User, zone: str, change: str, clock: time
) -> None:
    alice.time_zone = zone
    by, first = Actor(alice), date.fromisoformat(change) - timedelta(days=2)
    task = repeating(by, day=first, due_time=clock)
    for step in range(1, 6):
        at = datetime.combine(task.due_on, clock, ZoneInfo(zone)) + timedelta(hours=2)
        task = operations.complete_task(task, by=by, occurrence=task.occurrence, at=at)
        assert (task.due_on, task.due_time) == (first + timedelta(days=step), clock)


def test_the_last_of_a_count_really_completes(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=DAILY;COUNT=2")
    task = operations.complete_task(task, by=by_alice, at=noon(MONDAY))
    assert (task.is_done, task.rule) == (False, "FREQ=DAILY;COUNT=1")
    task = operations.complete_task(task, by=by_alice, occurrence=task.occurrence, at=noon(MONDAY))
    assert task.is_done
    assert len(completions(task)) == 2


def test_the_last_before_until_really_completes(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=DAILY;UNTIL=20261124")
    task = operations.complete_task(task, by=by_alice, at=noon(MONDAY))
    assert (task.is_done, task.due_on) == (False, date(2026, 11, 24))
    task = operations.complete_task(task, by=by_alice, occurrence="2026-11-24", at=noon(MONDAY))
    assert (task.is_done, task.due_on) == (True, date(2026, 11, 24))


def test_completing_for_ever_ends_it(by_alice: Actor) -> None:
    task = operations.complete_task(repeating(by_alice), by=by_alice, forever=True)
    assert (task.is_done, task.due_on) == (True, MONDAY)


def test_an_ancient_day_moves_past_now_at_once(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=HOURLY", day=date(1970, 1, 1), due_time=time(0))
    task = operations.complete_task(task, by=by_alice, at=noon(MONDAY))
    assert task.occurrence == "2026-11-23T13:00"


def test_the_start_keeps_its_distance(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=WEEKLY", start_on=MONDAY - timedelta(days=2))
    task = operations.complete_task(task, by=by_alice, at=noon(MONDAY))
    assert task.start_on == MONDAY + timedelta(days=5)


def test_reminders_keep_their_distance_and_come_back_with_an_undo(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=WEEKLY", due_time=time(9))
    moment = noon(MONDAY - timedelta(days=1))
    before = moment - timedelta(days=1)
    add_reminder(task, by=by_alice, remind_at=moment, at=before)
    add_reminder(task, by=by_alice, minutes_before=30, at=before)

    def firing() -> list[datetime]:
        return [each.fires_at for each in Reminder.objects.filter(task=task).order_by("pk")]

    first = firing()
    assert first == [moment, datetime(2026, 11, 23, 8, 30, tzinfo=UTC)]
    for act in (operations.complete_task, operations.skip_task):
        task = act(task, by=by_alice, occurrence=task.occurrence, at=before)
        assert firing() == [each + timedelta(days=7) for each in first]
        operations.undo_batch(task.noted, by=by_alice, at=before)
        assert firing() == first
        task = Task.objects.get(pk=task.pk)
    operations.change_task(task, by=by_alice, due_on=MONDAY + timedelta(days=1), at=before)
    assert firing() == [each + timedelta(days=1) for each in first]


# Which occurrence


def test_a_named_occurrence_is_completed_once(by_alice: Actor) -> None:
    task = repeating(by_alice)
    for _click in range(2):
        moved_on = operations.complete_task(
            task, by=by_alice, occurrence="2026-11-23", at=noon(MONDAY)
        )
        assert moved_on.due_on == MONDAY + timedelta(days=1)
    assert completions(task) == ["2026-11-23"]


def test_a_wrong_occurrence_is_a_conflict_with_the_task(by_alice: Actor) -> None:
    task = repeating(by_alice)
    for wrong in ("2026-11-22", None):
        with pytest.raises(Conflict) as refusal:
            operations.complete_task(task, by=by_alice, occurrence=wrong)
        assert refusal.value.status == 409
        assert refusal.value.rows["task"] == task
    assert completions(task) == []


def test_an_occurrence_is_not_looked_at_where_nothing_repeats(by_alice: Actor) -> None:
    task = operations.complete_task(make_task(by_alice), by=by_alice, occurrence="2020-01-01")
    assert task.is_done


def test_one_session_s_repeated_request_within_a_minute_is_one(alice: User) -> None:
    phone, laptop = (Actor(alice, uuid.uuid4()) for _device in range(2))
    task = repeating(phone)
    at = noon(MONDAY)
    operations.complete_task(task, by=phone, at=at)
    operations.complete_task(task, by=phone, at=at + timedelta(seconds=59))
    assert len(completions(task)) == 1
    operations.complete_task(task, by=laptop, at=at + timedelta(seconds=59))
    assert len(completions(task)) == 2
    operations.complete_task(task, by=phone, at=at + timedelta(seconds=60))
    assert len(completions(task)) == 3


def test_another_act_in_between_makes_it_a_new_request(alice: User) -> None:
    phone = Actor(alice, uuid.uuid4())
    task = repeating(phone)
    operations.complete_task(task, by=phone, at=noon(MONDAY))
    operations.change_task(task, by=phone, title="Water them", at=noon(MONDAY))
    operations.complete_task(task, by=phone, at=noon(MONDAY))
    assert len(completions(task)) == 2


# Taking back


def test_taking_back_makes_it_due_again(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=DAILY;COUNT=5", start_on=MONDAY)
    operations.complete_task(task, by=by_alice, at=noon(MONDAY))
    task = operations.reopen_task(task, by=by_alice)
    assert (task.due_on, task.start_on, task.rule) == (MONDAY, MONDAY, "FREQ=DAILY;COUNT=5")
    assert completions(task) == []


def test_taking_back_a_named_one_that_was_not_completed_changes_nothing(by_alice: Actor) -> None:
    task = operations.complete_task(repeating(by_alice), by=by_alice, at=noon(MONDAY))
    same = operations.reopen_task(task, by=by_alice, occurrence="2026-11-20")
    assert (same.version, completions(task)) == (task.version, ["2026-11-23"])


def test_an_earlier_one_is_taken_back_and_what_was_done_since_is_not_due_again(
    by_alice: Actor,
) -> None:
    task = repeating(by_alice)
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        operations.complete_task(task, by=by_alice, occurrence=day, at=noon(MONDAY))
    task = operations.reopen_task(task, by=by_alice, occurrence="2026-11-23")
    assert task.occurrence == "2026-11-23"
    task = operations.complete_task(task, by=by_alice, occurrence="2026-11-23", at=noon(MONDAY))
    assert task.occurrence == "2026-11-26"


def test_the_last_of_all_is_taken_back_when_none_is_named(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=DAILY;UNTIL=20261124")
    operations.complete_task(task, by=by_alice, occurrence="2026-11-23", at=noon(MONDAY))
    operations.complete_task(task, by=by_alice, occurrence="2026-11-24", at=noon(MONDAY))
    task = operations.reopen_task(task, by=by_alice)
    assert (task.is_done, task.occurrence, completions(task)) == (
        False,
        "2026-11-24",
        ["2026-11-23"],
    )


def test_undo_takes_the_completion_back_and_undoing_that_brings_it_again(by_alice: Actor) -> None:
    task = operations.complete_task(repeating(by_alice), by=by_alice, at=noon(MONDAY))
    before = Completion.objects.get(task=task)
    undone = operations.undo_change(Change.objects.of(task)[0], by=by_alice)
    assert (undone.kept, undone.thing.due_on, completions(task)) == ([], MONDAY, [])
    operations.undo_change(Change.objects.of(task)[0], by=by_alice)
    again = Completion.objects.get(task=task)
    assert (again.uid, again.completed_at) == (before.uid, before.completed_at)
    task.refresh_from_db()
    assert task.due_on == MONDAY + timedelta(days=1)


def test_an_occurrence_that_never_was_opens_nothing(by_alice: Actor) -> None:
    task = operations.complete_task(repeating(by_alice), by=by_alice, forever=True)
    same = operations.reopen_task(task, by=by_alice, occurrence="2020-01-01")
    assert (same.is_done, same.version) == (True, task.version)


def test_completing_all_ends_what_repeats_below_a_parent_that_ends(by_alice: Actor) -> None:
    for rule, forever in (("FREQ=DAILY", True), ("FREQ=DAILY;COUNT=1", False)):
        parent = repeating(by_alice, rule)
        child = make_task(by_alice, "child", parent=parent, rule="FREQ=DAILY", due_on=MONDAY)
        operations.complete_task(parent, by=by_alice, children="complete", forever=forever)
        assert Task.objects.get(pk=child.pk).is_done


def test_half_of_a_completion_is_not_undone(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=DAILY;COUNT=3")
    task = operations.complete_task(task, by=by_alice, at=noon(MONDAY))
    completed = task.noted
    operations.postpone_task(task, MONDAY + timedelta(days=3), by=by_alice)
    undone = operations.undo_change(completed, by=by_alice)
    assert (undone.thing.rule, completions(task)) == ("FREQ=DAILY;COUNT=2", ["2026-11-23"])
    assert {"due_on", "rule"} <= set(undone.kept)


def test_a_later_hour_that_is_taken_back_waits_for_the_earlier_one(by_alice: Actor) -> None:
    task = repeating(by_alice, "FREQ=HOURLY", due_time=time(9, 0, 30))
    early = datetime(2026, 11, 23, 8, tzinfo=UTC)
    for hour in ("09:00", "10:00", "11:00"):
        operations.complete_task(task, by=by_alice, occurrence=f"2026-11-23T{hour}", at=early)
    for hour in ("09:00", "11:00"):
        task = operations.reopen_task(task, by=by_alice, occurrence=f"2026-11-23T{hour}")
        assert task.occurrence == "2026-11-23T09:00"


def test_what_was_done_meanwhile_was_not_missed(by_alice: Actor) -> None:
    task = repeating(by_alice)
    for day in (23, 24, 25):
        operations.complete_task(task, by=by_alice, occurrence=f"2026-11-{day}", at=noon(MONDAY))
    operations.reopen_task(task, by=by_alice, occurrence="2026-11-23")
    at = noon(date(2026, 11, 27))
    operations.complete_task(task, by=by_alice, occurrence="2026-11-23", at=at)
    assert Completion.objects.get(task=task, occurrence="2026-11-23").missed == 1
