"""How much a person has done, by day and by week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, TextField
from django.db.models.functions import Cast, Left, TruncDate

from accounts.models import User
from todos.models import Completion

DAYS, WEEKS = 30, 12
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Stats:
    """Numbers of completions; each occurrence of a task that repeats counts.

    `days` and `weeks` are in order, the present one last, with its number; a week is named by its
    first day. `streak` is the number of days in a row with something done, up to today, or to
    yesterday while today has nothing yet; `best_streak` that of the longest such time ever.
    """

    total: int
    streak: int
    best_streak: int
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
    """The numbers of `user` as days are in `zone`. Three queries."""
    today = at.astimezone(zone).date()
    week = first_day_of_week(today, starts=user.week_start)
    first_week = week - (WEEKS - 1) * ONE_WEEK
    done = done_by_day(user, zone=zone, since=first_week)
    weeks = [first_week + number * ONE_WEEK for number in range(WEEKS)]
    days = [today - number * ONE_DAY for number in reversed(range(DAYS))]
    streaks = streaks_of(active_days(user, zone=zone))
    return Stats(
        total=Completion.objects.filter(owner=user).count(),
        streak=streaks.get(today) or streaks.get(today - ONE_DAY, 0),
        best_streak=max(streaks.values(), default=0),
        days=[(day, done.get(day, 0)) for day in days],
        weeks=[
            (first, sum(done.get(first + number * ONE_DAY, 0) for number in range(7)))
            for first in weeks
        ],
    )


def first_day_of_week(day: date, *, starts: int) -> date:
    """The day that the week of `day` begins with, where weeks begin with `starts` (1: Monday)."""
    return day - timedelta(days=(day.isoweekday() - starts) % 7)


def done_by_day(user: User, *, zone: ZoneInfo, since: date) -> dict[date, int]:
    """How much was done on each day on which something was. One query."""
    start = datetime.combine(since, time.min, zone)
    rows = Completion.objects.filter(owner=user, completed_at__gte=start)
    days = rows.annotate(day=TruncDate("completed_at", tzinfo=zone)).values("day")
    return dict(days.annotate(done=Count("pk")).values_list("day", "done"))


def active_days(user: User, *, zone: ZoneInfo) -> set[date]:
    """All days on which something was done. One query.

    At most one midnight of `zone` is in a day of UTC, so that the first and the last moment of each
    tell the days; SQLite would take long to reckon with the zone in every row.
    """
    rows = Completion.objects.filter(owner=user)
    of_utc = rows.values(day_of_utc=Left(Cast("completed_at", TextField()), len("2026-11-23")))
    moments = of_utc.annotate(first=Min("completed_at"), last=Max("completed_at"))
    return {
        moment.astimezone(zone).date()
        for both in moments.values_list("first", "last")
        for moment in both
    }


def streaks_of(days: Iterable[date]) -> dict[date, int]:
    """How many of `days` follow one another up to each of them."""
    streaks: dict[date, int] = {}
    for day in sorted(days):
        streaks[day] = streaks.get(day - ONE_DAY, 0) + 1
    return streaks
