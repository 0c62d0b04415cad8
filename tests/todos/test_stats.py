"""What was done: the page that lists it, and the numbers of days, weeks and streaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Completion, Task
from todos.stats import Stats, first_day_of_week, stats_of

# A Monday.
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def did(alice: User, *moments: datetime) -> None:
    Completion.objects.bulk_create(
        Completion(owner=alice, completed_at=moment) for moment in moments
    )


def days_ago(*numbers: int) -> list[datetime]:
    return [NOON - timedelta(days=number) for number in numbers]


def stats(user: User, *, zone: str = "UTC", at: datetime = NOON) -> Stats:
    return stats_of(user, zone=ZoneInfo(zone), at=at)


def test_nothing_done_is_told_in_zeroes(alice: User) -> None:
    nothing = stats(alice)
    assert (nothing.total, nothing.streak, nothing.today, nothing.this_week) == (0, 0, 0, 0)
    assert [day for day, _ in nothing.days] == [
        TODAY - timedelta(days=number) for number in reversed(range(30))
    ]
    assert [first for first, _ in nothing.weeks] == [
        TODAY - timedelta(weeks=number) for number in reversed(range(12))
    ]


def test_each_completion_counts_on_its_day_and_in_its_week(alice: User, bob: User) -> None:
    did(alice, *days_ago(0, 0, 1, 7, 8, 29, 30, 77, 78, 100))
    did(bob, *days_ago(0, 1))
    counted = stats(alice)
    assert counted.total == 10
    assert {day: done for day, done in counted.days if done} == {
        TODAY: 2, date(2026, 11, 22): 1, date(2026, 11, 16): 1, date(2026, 11, 15): 1,
        date(2026, 10, 25): 1,
    }  # fmt: skip
    assert [done for _, done in counted.weeks] == [1, 0, 0, 0, 0, 0, 2, 0, 0, 1, 2, 2]


@pytest.mark.parametrize(
    ("done", "streak"),
    [
        ([], 0),
        ([0], 1),
        ([1], 1),
        ([2], 0),
        ([0, 2], 1),
        ([0, 1, 2], 3),
        ([1, 2, 3, 5], 3),
        ([0, 0, 1, 1], 2),
        (range(0, 77), 77),
        (range(0, 78), 78),
        (range(1, 200), 199),
        (range(0, 161), 161),
        (range(0, 162), 162),
        (range(0, 700), 700),
        ([*range(0, 78), *range(79, 90)], 78),
        ([*range(0, 150), 151], 150),
    ],
)
def test_a_streak_is_days_in_a_row_and_today_may_still_come(
    alice: User, done: list[int], streak: int
) -> None:
    did(alice, *days_ago(*done))
    assert stats(alice).streak == streak


def test_a_day_is_the_persons_own(alice: User) -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    did(alice, late)
    assert stats(alice).today == 0
    assert stats(alice, zone="Europe/Berlin").today == 1
    assert stats(alice, zone="Pacific/Auckland").days[-2:] == [
        (date(2026, 11, 23), 1), (date(2026, 11, 24), 0),
    ]  # fmt: skip


def test_days_of_23_and_25_hours_lose_nothing(alice: User) -> None:
    london = ZoneInfo("Europe/London")
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        did(
            alice,
            datetime.combine(day, time(0, 0), london),
            datetime.combine(day, time(23, 59), london),
        )
        noon = datetime.combine(day + timedelta(days=1), time(12), london)
        assert stats(alice, zone="Europe/London", at=noon).days[-2] == (day, 2)


@pytest.mark.parametrize(
    ("day", "starts", "first"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 23)),
        (date(2026, 11, 22), 1, date(2026, 11, 16)),
        (date(2026, 11, 23), 7, date(2026, 11, 22)),
        (date(2026, 11, 22), 7, date(2026, 11, 22)),
        (date(2026, 11, 23), 6, date(2026, 11, 21)),
        (date(2026, 11, 23), 2, date(2026, 11, 17)),
    ],
)
def test_a_week_begins_where_the_person_says(day: date, starts: int, first: date) -> None:
    assert first_day_of_week(day, starts=starts) == first


def test_the_week_of_the_person_is_counted(alice: User) -> None:
    did(alice, *days_ago(0, 1, 2))
    assert stats(alice).this_week == 1
    alice.week_start = 7
    assert stats(alice).this_week == 2
    assert stats(alice).weeks[-1][0] == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("done", "best"),
    [
        ([], 0),
        ([5], 1),
        ([0, 1, 5, 6, 7, 9], 3),
        ([0, 1, 2, 5, 6], 3),
        ([*range(0, 90), *range(300, 500)], 200),
    ],
)
def test_the_longest_streak_is_remembered(alice: User, done: list[int], best: int) -> None:
    did(alice, *days_ago(*done))
    assert stats(alice).best_streak == best


@pytest.mark.parametrize(
    ("zone", "streaks"),
    [("UTC", [2, 1]), ("America/New_York", [1, 2]), ("Pacific/Kiritimati", [1, 2])],
)
def test_a_streak_is_of_the_persons_own_days(alice: User, zone: str, streaks: list[int]) -> None:
    two_around_midnight = [
        datetime(2026, 11, 9, 23, 30, tzinfo=UTC),
        datetime(2026, 11, 10, 2, 30, tzinfo=UTC),
    ]
    two_of_one_day = [
        datetime(2026, 11, 16, 2, 30, tzinfo=UTC),
        datetime(2026, 11, 16, 23, 30, tzinfo=UTC),
    ]
    for moments, streak in zip((two_around_midnight, two_of_one_day), streaks, strict=True):
        Completion.objects.all().delete()
        did(alice, *moments)
        assert stats(alice, zone=zone).best_streak == streak


def test_it_takes_three_queries_however_long_a_streak_is(
    alice: User, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for days in (range(40), range(40, 400)):
        did(alice, *days_ago(*days))
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert stats(alice).streak == days[-1] + 1


def test_the_api_tells_days_weeks_and_the_streak(api: APIClient, alice: User) -> None:
    did(alice, *days_ago(0, 1, 1))
    told = api.get("/api/v1/stats").json()
    assert (told["total"], told["streak"], told["best_streak"]) == (3, 2, 2)
    assert told["days"][-2:] == [
        {"day": "2026-11-22", "done": 2}, {"day": "2026-11-23", "done": 1},
    ]  # fmt: skip
    assert told["weeks"][-1] == {"start": "2026-11-23", "done": 1}
    assert (len(told["days"]), len(told["weeks"])) == (30, 12)
    assert api.get("/api/v1/stats/?days=5").status_code == 400


def test_the_api_heeds_where_the_person_is(api: APIClient, alice: User) -> None:
    did(alice, NOON)
    away = api.get("/api/v1/stats", headers={"X-Timezone": "Pacific/Auckland"}).json()
    assert away["days"][-1] == {"day": "2026-11-24", "done": 1}


# The page


def test_each_occurrence_of_a_task_is_listed_by_itself(page: Client, by_alice: Actor) -> None:
    bins = make_task(by_alice, "Take the bins out", due_on=date(2026, 11, 20), rule="FREQ=DAILY")
    operations.complete_task(bins, by=by_alice, at=NOON - timedelta(days=3))
    operations.complete_task(bins, by=by_alice, at=NOON - timedelta(days=2))
    words = text_of(page.get("/done"))
    assert words.count("Take the bins out") == 2
    assert "for Fri 20 Nov" in words and "for Sat 21 Nov" in words
    assert words.index("Saturday 21 November") < words.index("Friday 20 November")


def test_one_occurrence_is_taken_back_from_the_page(page: Client, by_alice: Actor) -> None:
    bins = make_task(by_alice, "Take the bins out", due_on=date(2026, 11, 23), rule="FREQ=DAILY")
    operations.complete_task(bins, by=by_alice)
    html = page.get("/done").content.decode()
    assert 'name="occurrence" value="2026-11-23"' in html
    data = {"done": "0", "occurrence": "2026-11-23", "next": "/done"}
    assert page.post(f"/tasks/{bins.pk}/complete", data).url == "/done"  # type: ignore[attr-defined]
    assert "Nothing done yet" in text_of(page.get("/done"))
    bins.refresh_from_db()
    assert bins.due_on == date(2026, 11, 23)


def test_what_is_opened_again_is_no_longer_listed(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    operations.complete_task(task, by=by_alice)
    assert "Open again: Buy oat milk" in page.get("/done").content.decode()
    page.post(f"/tasks/{task.pk}/complete", {"done": "0", "occurrence": "", "next": "/done"})
    assert "Nothing done yet" in text_of(page.get("/done"))


def test_what_was_trashed_is_not_listed_and_what_was_erased_still_counts(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice, "Secret")
    operations.complete_task(task, by=by_alice)
    operations.trash_task(task, by=by_alice)
    assert "Secret" not in text_of(page.get("/done"))
    operations.erase_task(task, by=by_alice)
    assert not Task.objects.exists()
    assert "In all 1" in text_of(page.get("/done"))


def test_the_page_tells_the_numbers(page: Client, alice: User) -> None:
    did(alice, *days_ago(0, 0, 1, 8, 9, 10))
    words = text_of(page.get("/done"))
    assert "Today 2 This week 2 Days in a row 2 Best: 3 days In all 6" in words
    assert "9 Nov 2026 3" in words


def test_the_page_draws_the_days_and_the_weeks(page: Client, alice: User) -> None:
    did(alice, *days_ago(0, 0, 0, 1, 29, 40))
    html = page.get("/done").content.decode()
    days, weeks = re.findall(r'<svg class="bars".*?</svg>', html, re.DOTALL)
    assert 'role="img" aria-label="Last 30 days: 5 done. The most: Mon 23 Nov, 3 done."' in days
    assert "Last 12 weeks: 6 done. The most: Week from Mon 23 Nov, 3 done." in weeks
    assert (days.count("<rect"), weeks.count("<rect")) == (30, 12)
    assert '<rect x="29.1" y="0" width="0.8" height="3">' in days
    assert '<rect x="0.1" y="2" width="0.8" height="1">' in days
    assert "style=" not in days + weeks


def test_nothing_of_another_person_is_told(page: Client, bob: User) -> None:
    task = make_task(Actor(bob), "His")
    operations.complete_task(task, by=Actor(bob))
    words = text_of(page.get("/done"))
    assert "His" not in words and "In all" not in words
