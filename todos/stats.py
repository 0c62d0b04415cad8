"""How much a person has done, by day and by week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from accounts.models import User
from todos.models import Completion

DAYS, WEEKS = 30, 12
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Stats:
    """Numbers of completions; each occurrence of a task that repeats counts.

    `days` and `weeks` are in order, the present one last, with its number; a week is named by its
    first day. `streak` is the number of days in a row with something done, up to today, or to
    yesterday while today has nothing yet.
    """

    total: int
    streak: int
    days: list[tuple[date, int]]
    weeks: list[tuple[date, int]]

    @property
    def today(self) -> int:
        return self.days[-1][1]

    @property
    def this_week(self) -> int:
        return self.weeks[-1][1]

    @property
    def latest_days(self) -> list[tuple[date, int]]:
        return self.days[::-1]

    @property
    def latest_weeks(self) -> list[tuple[date, int]]:
        return self.weeks[::-1]


def stats_of(user: User, *, zone: ZoneInfo, at: datetime) -> Stats:
    """The numbers of `user` as days are in `zone`. Two queries, and more in a long streak."""
    today = at.astimezone(zone).date()
    week = first_day_of_week(today, starts=user.week_start)
    first_week = week - (WEEKS - 1) * ONE_WEEK
    done = done_by_day(user, zone=zone, since=first_week)
    weeks = [first_week + number * ONE_WEEK for number in range(WEEKS)]
    days = [today - number * ONE_DAY for number in reversed(range(DAYS))]
    return Stats(
        total=Completion.objects.filter(owner=user).count(),
        streak=streak_of(user, done, zone=zone, today=today, since=first_week),
        days=[(day, done.get(day, 0)) for day in days],
        weeks=[
            (first, sum(done.get(first + number * ONE_DAY, 0) for number in range(7)))
            for first in weeks
        ],
    )


def first_day_of_week(day: date, *, starts: int) -> date:
    """The day that the week of `day` begins with, where weeks begin with `starts` (1: Monday)."""
    return day - timedelta(days=(day.isoweekday() - starts) % 7)


def done_by_day(
    user: User, *, zone: ZoneInfo, since: date, before: date | None = None
) -> dict[date, int]:
    """How much was done on each day on which something was, the latest first. One query."""
    start = datetime.combine(since, time.min, zone)
    rows = Completion.objects.filter(owner=user, completed_at__gte=start)
    if before:
        rows = rows.filter(completed_at__lt=datetime.combine(before, time.min, zone))
    days = rows.annotate(day=TruncDate("completed_at", tzinfo=zone)).values("day")
    return dict(days.annotate(done=Count("pk")).order_by("-day").values_list("day", "done"))


def streak_of(
    user: User, done: dict[date, int], *, zone: ZoneInfo, today: date, since: date
) -> int:
    """The streak, from what was `done` since `since`, and before as far as it reaches.

    One query more each time that it is about twice as long.
    """
    last = today if today in done else today - ONE_DAY
    streak, length = days_in_a_row(done, up_to=last), WEEKS * ONE_WEEK
    while last - streak * ONE_DAY < since:
        since, before, length = since - length, since, length * 2
        earlier = done_by_day(user, zone=zone, since=since, before=before)
        streak += days_in_a_row(earlier, up_to=before - ONE_DAY)
    return streak


def days_in_a_row(days: Iterable[date], *, up_to: date) -> int:
    """How many of `days`, the latest first, follow one another up to `up_to`."""
    counted = enumerate(day for day in days if day <= up_to)
    return sum(1 for _ in takewhile(lambda each: each[1] == up_to - each[0] * ONE_DAY, counted))
