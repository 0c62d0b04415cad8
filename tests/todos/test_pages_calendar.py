"""The month of dues: which day a task is on, what comes back, and the tasks of one day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import months, operations
from todos.models import Task, TaskList
from todos.months import Month, month_of

# 21:30 on Monday in London, 10:30 on Tuesday in Auckland.
NOW = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def november(user: User, first: date = NOVEMBER) -> Month:
    return month_of(user, first, now=timezone.now().astimezone(user.zone))


def told(user: User, first: date = NOVEMBER) -> dict[str, list[str]]:
    """What each day of a month has: titles, those that come back in brackets."""
    return {
        f"{day.on:%m-%d}": [
            f"({entry.task})" if entry.is_coming else str(entry.task) for entry in day.entries
        ]
        for week in november(user, first).weeks
        for day in week
        if day.entries
    }


# Weeks


@pytest.mark.parametrize(
    ("first", "starts", "begins", "ends", "weeks"),
    [
        (date(2026, 11, 1), 1, date(2026, 10, 26), date(2026, 12, 6), 6),
        (date(2026, 11, 1), 7, date(2026, 11, 1), date(2026, 12, 5), 5),
        (date(2027, 2, 1), 1, date(2027, 2, 1), date(2027, 2, 28), 4),
        (date(1970, 1, 1), 1, date(1969, 12, 29), date(1970, 2, 1), 5),
        (date(2200, 12, 1), 6, date(2200, 11, 29), date(2201, 1, 2), 5),
    ],
)
def test_a_month_is_told_in_whole_weeks_of_the_person(
    alice: User, first: date, starts: int, begins: date, ends: date, weeks: int
) -> None:
    alice.week_start = starts
    days = [day.on for week in november(alice, first).weeks for day in week]
    assert (days[0], days[-1], len(days)) == (begins, ends, 7 * weeks)


# What is on a day


def test_open_tasks_are_on_their_day_the_earlier_and_more_important_first(
    alice: User, by_alice: Actor, bob: User
) -> None:
    day = date(2026, 11, 25)
    make_task(by_alice, "some time", due_on=day)
    make_task(by_alice, "important", due_on=day, priority=1)
    make_task(by_alice, "at nine", due_on=day, due_time=time(9))
    make_task(by_alice, "overdue", due_on=date(2026, 11, 2))
    make_task(by_alice, "of next month", due_on=date(2026, 12, 6))
    make_task(by_alice, "later", due_on=date(2026, 12, 7))
    make_task(by_alice, "without a day")
    operations.complete_task(make_task(by_alice, "done", due_on=day), by=by_alice)
    operations.trash_task(make_task(by_alice, "trashed", due_on=day), by=by_alice)
    old, _ = operations.create_list(by=by_alice, name="Old")
    make_task(by_alice, "archived", due_on=day, task_list=old)
    operations.archive_list(old, by=by_alice)
    make_task(Actor(bob), "his", due_on=day)
    assert told(alice) == {
        "11-02": ["overdue"],
        "11-25": ["at nine", "important", "some time"],
        "12-06": ["of next month"],
    }


def test_a_time_of_a_place_is_on_the_persons_own_day(alice: User, by_alice: Actor) -> None:
    late = {"due_time": time(23), "due_zone": "America/New_York"}
    make_task(by_alice, "in New York", due_on=date(2026, 11, 24), **late)
    make_task(by_alice, "floating", due_on=date(2026, 11, 24), due_time=time(23))
    make_task(
        by_alice, "before", due_on=date(2026, 10, 31), due_time=time(23), due_zone="Etc/GMT+12"
    )
    assert told(alice) == {"11-01": ["before"], "11-24": ["floating"], "11-25": ["in New York"]}
    alice.time_zone = "America/New_York"
    assert sorted(told(alice)["11-24"]) == ["floating", "in New York"]


# What comes back


def test_what_repeats_comes_back_in_the_month(alice: User, by_alice: Actor) -> None:
    make_task(by_alice, "bins", due_on=date(2026, 11, 24), rule="FREQ=WEEKLY")
    make_task(by_alice, "rent", due_on=date(2026, 10, 31), rule="FREQ=MONTHLY")
    make_task(by_alice, "twice", due_on=date(2026, 11, 27), rule="FREQ=DAILY;COUNT=2")
    make_task(by_alice, "plants", due_on=date(2026, 11, 27), rule="FREQ=DAILY",
              repeats_from="completion")  # fmt: skip
    make_task(by_alice, "pills", due_on=date(2026, 11, 27), due_time=time(8),
              rule="FREQ=HOURLY;INTERVAL=4")  # fmt: skip
    assert told(alice) == {
        "10-31": ["rent"],
        "11-24": ["bins"],
        "11-27": ["pills", "twice", "plants"],
        "11-28": ["(twice)"],
        "11-30": ["(rent)"],
        "12-01": ["(bins)"],
    }
    january = told(alice, date(2027, 1, 1))
    assert january["01-05"] == ["(bins)"] and january["01-31"] == ["(rent)"]
    assert "(twice)" not in str(january)


def test_nothing_comes_back_in_the_past_or_on_a_day_that_it_has(
    alice: User, by_alice: Actor
) -> None:
    task = make_task(by_alice, "daily", due_on=date(2026, 11, 2), rule="FREQ=DAILY;COUNT=3")
    assert told(alice) == {"11-02": ["daily"], "11-24": ["(daily)"], "11-25": ["(daily)"]}
    operations.postpone_task(task, by=by_alice, day=date(2026, 11, 25))
    assert told(alice) == {"11-25": ["daily"], "11-26": ["(daily)"], "11-27": ["(daily)"]}


def test_what_comes_back_at_a_time_of_a_place_is_on_the_persons_own_day(
    alice: User, by_alice: Actor
) -> None:
    late = {"due_time": time(23), "due_zone": "America/New_York"}
    make_task(by_alice, "call", due_on=date(2026, 11, 20), rule="FREQ=WEEKLY", **late)
    assert told(alice) == {"11-21": ["call"], "11-28": ["(call)"], "12-05": ["(call)"]}


def test_a_full_month_says_that_it_is_cut(
    page: Client, alice: User, by_alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_task(by_alice, f"task {number}", due_on=date(2026, 11, 24), rule="FREQ=DAILY")
    said = "some days show less than there is"
    assert said not in text_of(page.get("/calendar"))
    for most, number in (("MOST_TASKS", 2), ("MOST_REPEATING", 2), ("MOST_COMING", 30)):
        with monkeypatch.context() as patched:
            patched.setattr(months, most, number)
            assert said in text_of(page.get("/calendar"))


def test_it_takes_two_queries(
    alice: User, by_alice: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 20):
        make_task(by_alice, due_on=date(2026, 11, number), rule="FREQ=DAILY")
    with django_assert_num_queries(2):
        november(alice)


# The page


def cell(html: str, day: str) -> str:
    found = re.search(rf'<td [^>]*data-drop-day="{day}">.*?</td>', html, re.DOTALL)
    assert found
    return found[0]


def test_the_month_of_today_is_shown_with_the_tasks_of_today(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, "Call <Ines>", due_on=date(2026, 11, 23), due_time=time(23))
    answer = page.get("/calendar")
    html = answer.content.decode()
    assert "<h1>November 2026</h1>" in html
    today = cell(html, "2026-11-23")
    assert 'aria-current="date"' in today
    assert f'data-task="{task.pk}/2026-11-23T23:00"' in today
    assert "Call &lt;Ines&gt;" in today
    assert html.count('aria-current="date"') == 1
    assert f'<li id="task-{task.pk}"' in html
    assert "Today, Monday 23 November 1" in text_of(answer)


def test_a_day_shows_three_and_how_many_more(page: Client, by_alice: Actor) -> None:
    for number in range(5):
        make_task(by_alice, f"task {number}", due_on=date(2026, 11, 25))
    make_task(by_alice, "bins", due_on=date(2026, 11, 18), rule="FREQ=WEEKLY")
    html = page.get("/calendar").content.decode()
    told = " ".join(re.sub(r"<[^>]+>", " ", cell(html, "2026-11-25")).split())
    assert told == "25 November 5 tasks 1 repeats task 0 task 1 task 2 +3 more"
    words = text_of(page.get("/calendar?day=2026-11-25"))
    assert "task 4" in words
    assert "Repeats on this day bins every week" in words


@pytest.mark.parametrize(
    ("query", "month", "day"),
    [
        ("", "November 2026", "Today, Monday 23 November"),
        ("month=2027-02", "February 2027", "Monday 1 February 2027"),
        ("day=2026-12-25", "December 2026", "Friday 25 December"),
        ("month=2026-11&day=2026-12-01", "November 2026", "Tuesday 1 December"),
        ("month=2027-01&day=2026-11-23", "January 2027", "Friday 1 January 2027"),
        ("month=1970-01", "January 1970", "Thursday 1 January 1970"),
        ("day=2200-12-31", "December 2200", "Wednesday 31 December 2200"),
    ],
)
def test_a_month_and_a_day_can_be_asked_for(page: Client, query: str, month: str, day: str) -> None:
    answer = page.get(f"/calendar?{query}")
    assert f"<h1>{month}</h1>" in answer.content.decode()
    assert f"{day} " in text_of(answer)


@pytest.mark.parametrize(
    "asked",
    ["0001-01", "1969-12", "2201-01", "9999-12", "10000-01", "0-0", "x", "2026-13", "-1", "", "\0"],
)
def test_a_month_without_tasks_of_anybody_is_the_present_one(page: Client, asked: str) -> None:
    for query in ({"month": asked}, {"day": f"{asked}-01"}, {"day": f"{asked}-31"}):
        answer = page.get("/calendar", query)
        assert answer.status_code == 200
        assert "<h1>November 2026</h1>" in answer.content.decode()


def test_it_leads_to_the_months_beside_as_far_as_there_are_any(page: Client) -> None:
    def beside(query: str) -> list[str]:
        html = page.get(f"/calendar?{query}").content.decode()
        return re.findall(r'rel="(?:prev|next)" href="([^"]+)"', html)

    assert beside("") == ["?month=2026-10", "?month=2026-12"]
    assert beside("day=2027-01-31") == ["?month=2026-12", "?month=2027-02"]
    assert beside("month=1970-01") == ["?month=1970-02"]
    assert beside("month=2200-12") == ["?month=2200-11"]


def test_today_is_the_persons_own(page: Client, alice: User) -> None:
    User.objects.update(time_zone="Pacific/Auckland")
    html = page.get("/calendar").content.decode()
    assert 'aria-current="date"' in cell(html, "2026-11-24")


def test_a_task_that_is_added_is_due_on_the_day(page: Client, inbox: TaskList) -> None:
    html = page.get("/calendar?day=2026-11-27").content.decode()
    form = html[html.index('class="add-task"') :]
    hidden: dict[str, Any] = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]
        )
    )
    hidden.pop("csrfmiddlewaretoken", None)
    answer = page.post("/tasks/add", {**hidden, "title": "Buy oat milk"})
    assert answer.url == "/calendar?day=2026-11-27#add-title"  # type: ignore[attr-defined]
    assert Task.objects.get().due_on == date(2026, 11, 27)


def test_the_weekdays_begin_where_the_person_says(page: Client) -> None:
    User.objects.update(week_start=7)
    html = page.get("/calendar").content.decode()
    assert re.findall(r"<abbr title=\"(\w+)\">", html)[:2] == ["Sunday", "Monday"]
