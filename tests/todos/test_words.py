"""How a page tells days, priorities and what happened to a task."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import Client

from accounts.actor import Actor
from accounts.formats import formats_of
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.history import tell
from todos.models import Change, Task
from todos.templatetags.todos import day_heading, day_words, priority_words

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "Yesterday"),
        (date(2026, 11, 23), "Today"),
        (date(2026, 11, 24), "Tomorrow"),
        (date(2026, 11, 30), "Mon 30 Nov"),
        (date(2027, 1, 2), "Sat 2 Jan"),
        (date(2025, 3, 1), "1 Mar 2025"),
    ],
)
def test_a_day_is_told_as_people_say_it(day: date, words: str) -> None:
    assert day_words(day, MONDAY, formats_of(User())) == words


def test_a_heading_names_the_day_in_full() -> None:
    context = Context({"now": NOON, "person": User()})
    assert day_heading(context, date(2026, 11, 24)) == "Tomorrow, Tuesday 24 November"
    assert day_heading(context, date(2027, 1, 2)) == "Saturday 2 January 2027"


@pytest.mark.parametrize(
    ("locale", "date_order", "words"),
    [
        ("en-GB", "dmy", ["Mon 30 Nov", "1 Mar 2025", "Monday 30 November", "17:05"]),
        ("en-US", "mdy", ["Mon, Nov 30", "Mar 1, 2025", "Monday, November 30", "5:05 pm"]),
        ("en-GB", "ymd", ["Mon, Nov 30", "2025-03-01", "Monday, November 30", "17:05"]),
    ],
)
def test_days_and_clocks_are_told_as_the_person_reads_them(
    locale: str, date_order: str, words: list[str]
) -> None:
    alice = User(locale=locale, date_order=date_order)
    formats, day, clock = formats_of(alice), date(2026, 11, 30), time(17, 5)
    near, far = day_words(day, MONDAY, formats), day_words(date(2025, 3, 1), MONDAY, formats)
    heading = day_heading(Context({"now": NOON, "person": alice}), day)
    assert [near, far, heading, formats.clock(clock)] == words
    assert words[3] in due_label(alice, due_on=MONDAY, due_time=clock)


def test_the_history_is_told_at_the_clock_of_the_person(page: Client, alice: User) -> None:
    User.objects.update(locale="en-US", date_order="mdy", time_zone="Asia/Tokyo")
    alice.refresh_from_db()
    late = datetime(2026, 11, 23, 20, 30, tzinfo=ZoneInfo("UTC"))
    due = {"due_on": date(2030, 2, 1), "due_time": time(17, 0)}
    task, _ = operations.create_task(by=Actor(alice), title="Call")
    operations.change_task(task, by=Actor(alice), at=late, **due)
    shown = page.get(task.get_absolute_url()).text
    assert "Due on Feb 1, 2030" in shown
    assert "Due at 5:00 pm" in shown
    assert "Nov 24, 2026, 5:30 am" in shown


def test_only_a_priority_that_was_given_is_told() -> None:
    assert [priority_words(number) for number in (1, 2, 3, 4)] == [
        "Urgent priority",
        "High priority",
        "Medium priority",
        "",
    ]


def due_label(person: User | None = None, **fields: Any) -> str:
    task = Task(title="Call", **fields)
    task.due_at = task.due_moment()
    template = Template("{% load rows %}{% due task %}")
    return template.render(Context({"task": task, "now": NOON, "person": person or User()}))


def test_a_time_in_another_zone_is_told_at_the_clock_of_the_person() -> None:
    label = due_label(due_on=MONDAY, due_time=time(15, 0), due_zone="Europe/London")
    assert "16:00" in label
    assert 'datetime="2026-11-23T16:00:00"' in label
    assert "Overdue" not in label


def test_overdue_is_told_in_a_word_not_by_colour_alone() -> None:
    assert "Overdue:" in due_label(due_on=date(2026, 11, 20))
    assert "Overdue:" in due_label(due_on=MONDAY, due_time=time(11, 59))
    assert "Overdue:" not in due_label(due_on=MONDAY)


def test_the_history_of_a_task_is_told_in_sentences(alice: User, by_alice: Actor) -> None:
    work, _ = operations.create_list(by=by_alice, name="Work")
    task, _ = operations.create_task(by=by_alice, title="Call")
    operations.change_task(
        task,
        by=by_alice,
        title="Call Ines",
        task_list=work,
        tags=["phone"],
        priority=2,
        due_on=MONDAY,
        due_time=time(9, 0),
    )
    operations.change_task(task, by=by_alice, due_on=None, tags=[], description="Soon")
    operations.complete_task(task, by=by_alice)
    told = [sentences for _, sentences in tell(Change.objects.of(task), alice)]
    assert told == [
        ["Completed"],
        ["Description changed", "Tags removed", "No longer due on a day"],
        [
            "Renamed from “Call” to “Call Ines”",
            "Moved to Work",
            "Tags: phone",
            "Priority: High",
            "Due on 23 Nov 2026",
            "Due at 09:00",
        ],
        ["Created"],
    ]


def test_the_history_names_no_list_of_another_person(alice: User, bob: User) -> None:
    theirs, _ = operations.create_list(by=Actor(bob), name="Secret")
    change = Change(kind=Change.Kind.CHANGED, after={"task_list_id": theirs.pk})
    assert tell([change], alice)[0][1] == ["Moved to another list"]


def test_what_was_undone_is_told_as_what_it_was(by_alice: Actor, alice: User) -> None:
    task = make_task(by_alice, "Bins", rule="FREQ=DAILY", due_on=date(2026, 11, 23))
    verbs: list[Callable[..., Task]] = [operations.skip_task, operations.trash_task]
    for verb in verbs:
        done = verb(task, by=by_alice)
        operations.undo_change(done.noted, by=by_alice)
    operations.change_task(task, by=by_alice, title="Boxes")
    operations.undo_change(Change.objects.of(task)[0], by=by_alice)
    told = [" ".join(sentences) for _change, sentences in tell(Change.objects.of(task), alice)]
    assert told[0] == "Undone: Renamed from “Bins” to “Boxes”"
    assert told[2] == "Undone: Moved to the trash"
    assert told[4].startswith("Undone: Skipped the one of")
