"""What is due on each day of a month: the tasks, and those that will come back on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from accounts.models import User
from todos.models import Task
from todos.recurrence import Due, Frequency, Rule, coming
from todos.stats import ONE_DAY, first_day_of_week

MOST_TASKS, MOST_REPEATING, MOST_COMING = 500, 200, 10_000
MOST_SHOWN = 3  # on a day
OF_AN_ENTRY = (
    *("title", "priority", "due_on", "due_time", "due_zone", "due_at"),
    *("rule", "repeats_from", "anchor_on", "original_on"),
)


@dataclass(frozen=True)
class Entry:
    """A task on a day. What `is_coming` is not due yet: its task comes back when it is done."""

    task: Task
    clock: time | None
    is_coming: bool = False


@dataclass
class Day:
    on: date
    entries: list[Entry] = field(default_factory=list)

    @property
    def shown(self) -> list[Entry]:
        return self.entries[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)

    @property
    def tasks(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_coming]

    @property
    def coming(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_coming]


@dataclass(frozen=True)
class Month:
    """The weeks of a month, whole ones. `is_cut` if it has more than is told."""

    weeks: list[list[Day]]
    is_cut: bool

    @property
    def days(self) -> dict[date, Day]:
        return {day.on: day for week in self.weeks for day in week}

    @property
    def has_coming(self) -> bool:
        return any(day.coming for day in self.days.values())


def month_of(user: User, first: date, *, now: datetime) -> Month:
    """The month that begins with `first`, as the days and weeks of `user` are. Two queries."""
    day = first_day_of_week(first, starts=user.week_start)
    days: dict[date, Day] = {}
    while day.month == first.month or day < first or len(days) % 7:
        days[day] = Day(day)
        day += ONE_DAY
    entries, is_cut = entries_between(user, min(days), max(days), now=now)
    for on, found in entries.items():
        if on in days:
            days[on].entries = sorted(found, key=in_order)
    ordered = list(days.values())
    return Month([ordered[begin : begin + 7] for begin in range(0, len(ordered), 7)], is_cut)


def in_order(entry: Entry) -> tuple[bool, bool, time, int]:
    """First what is due, by its time, what has none last; then what will come back."""
    return entry.is_coming, entry.clock is None, entry.clock or time.min, entry.task.priority


def entries_between(
    user: User, first: date, last: date, *, now: datetime
) -> tuple[dict[date, list[Entry]], bool]:
    """The entries of days by their day, from `first` to `last` and perhaps a day beside; and
    whether there are more. Two queries.
    """
    tasks = Task.objects.visible_to(user).open().in_active_lists().due_by(last, zone=user.zone)
    tasks = tasks.only(*OF_AN_ENTRY).annotate(list_color=F("task_list__color")).by_due()
    dues = list(tasks.due_after(first - ONE_DAY, zone=user.zone)[: MOST_TASKS + 1])
    # One that repeats from its completion comes back nobody knows when, one of hours on each day.
    repeating = tasks.filter(repeats_from=Task.RepeatsFrom.DUE).exclude(
        Q(rule="") | Q(rule__startswith=f"FREQ={Frequency.HOURLY}")
    )
    sources = list(repeating[: MOST_REPEATING + 1])
    found = defaultdict(list)
    for task in dues[:MOST_TASKS]:
        day, clock = task.local_due(user.zone)
        if day:
            found[day].append(Entry(task, clock))
    comings = (
        (day, Entry(task, clock, is_coming=True))
        for task in sources[:MOST_REPEATING]
        for day, clock in dues_to_come(task, first, last, zone=user.zone, now=now)
    )
    for day, entry in islice(comings, MOST_COMING):
        found[day].append(entry)
    is_cut = len(dues) > MOST_TASKS or len(sources) > MOST_REPEATING
    return found, is_cut or next(comings, None) is not None


def dues_to_come(
    task: Task, first: date, last: date, *, zone: ZoneInfo, now: datetime
) -> Iterator[tuple[date, time | None]]:
    """When `task` comes back, in `zone`, up to `last`; not each time before `first`."""
    if task.due_on is None:
        return
    own_zone = ZoneInfo(task.due_zone) if task.due_zone else zone
    dues = coming(
        Rule.parse(task.rule),
        after=Due(max(task.due_on, task.original_on or task.due_on), task.due_time),
        anchor=task.anchor_on or task.due_on,
        now=now.astimezone(own_zone),
        since=first - ONE_DAY,
    )
    for day, clock in dues:
        if day > last + ONE_DAY:
            return
        if clock and task.due_zone:
            moment = datetime.combine(day, clock, own_zone).astimezone(zone)
            day, clock = moment.date(), moment.time()
        yield day, clock
