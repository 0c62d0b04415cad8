"""The dues that follow from a rule, by the clock on the wall and in real time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import NamedTuple

from todos.recurrence.patterns import pattern
from todos.recurrence.rules import FIRST_DAY, LAST_DAY, MIDNIGHT, Rule

# No clock ever leapt further: Samoa left out 30 December 2011.
LARGEST_LEAP = timedelta(days=1)
BEFORE_ALL = FIRST_DAY - timedelta(days=1)


class Due(NamedTuple):
    """When a task is due by the clock on the wall; without a time, on the day."""

    day: date
    time: time | None


def next_due(rule: Rule, *, after: Due, anchor: date, now: datetime) -> Due | None:
    """The first occurrence strictly after the later of `after` and `now`; None when none is left.

    `anchor` is the day that the rule is reckoned from (an hourly rule is reckoned from `after`);
    `now` is aware, in the zone of the dues. COUNT is not looked at.
    """
    present = _present(now, timed=rule.is_hourly or after.time is not None)
    found = _occurrences(rule, after, anchor, _zone(now), since=_wall(now) - LARGEST_LEAP)
    return next((due for due in found if _moment(due, _zone(now)) > present), None)


def next_from_completion(rule: Rule, *, completed: datetime, time: time | None) -> Due | None:
    """The first occurrence after the day of `completed`, reckoned from it, at `time`.

    `completed` is aware, in the zone of the dues. An hourly rule is reckoned from the minute.
    """
    if rule.is_hourly:
        time = _wall(completed).time().replace(second=0, microsecond=0)
    done = Due(completed.date(), time)
    return next_due(rule, after=done, anchor=done.day, now=completed)


def first_due(rule: Rule, *, time: time | None, now: datetime) -> Due | None:
    """The first occurrence from today on that is not before `now`: where a new rule begins.

    The interval counts from here on: "every 2 weeks on Monday" begins on the coming Monday.
    Hours without a time begin with the next full hour.
    """
    today = now.date()
    step = timedelta(hours=1) if rule.is_hourly else timedelta(days=1)
    before = datetime.combine(today, time or MIDNIGHT) - step
    after = Due(before.date(), before.time() if rule.is_hourly else time)
    present = _present(now, timed=after.time is not None)
    found = _occurrences(replace(rule, interval=1), after, today, _zone(now))
    return next((due for due in found if _moment(due, _zone(now)) >= present), None)


def missed(rule: Rule, *, after: Due, anchor: date, now: datetime, most: int = 1000) -> int:
    """How many occurrences are strictly between `after` and `now`, `most` at most."""
    present = _present(now, timed=rule.is_hourly or after.time is not None)
    number = 0
    for due in islice(_occurrences(rule, after, anchor, _zone(now)), most):
        if _moment(due, _zone(now)) >= present:
            break
        number += 1
    return number


def upcoming(
    rule: Rule,
    *,
    counts_from: str,
    due: Due | None,
    anchor: date | None,
    now: datetime,
    number: int = 5,
) -> list[Due]:
    """The next dues from `now` on, beginning with `due`, when each is completed on its day.

    No more than the rule's COUNT. A rule from the completion without a due date is told as though
    it were completed now.
    """
    if due is None:
        due = (
            next_from_completion(rule, completed=now, time=None)
            if counts_from == "completion"
            else first_due(rule, time=None, now=now)
        )
    dues = islice(_each_completed(rule, counts_from, due, anchor, now), rule.count)
    ahead = (
        due for due in dues if _moment(due, _zone(now)) >= _present(now, timed=due.time is not None)
    )
    return list(islice(ahead, number))


def coming(rule: Rule, *, after: Due, anchor: date, now: datetime, since: date) -> Iterator[Due]:
    """The occurrences after the later of `after` and `now`, no more than COUNT leaves after that
    of `after`. Those before `since` are passed over, where nothing counts them.
    """
    zone, begin = _zone(now), _wall(now) - LARGEST_LEAP
    if rule.count is None:
        begin = max(begin, datetime.combine(since, MIDNIGHT))
    present = _present(now, timed=rule.is_hourly or after.time is not None)
    found = _occurrences(rule, after, anchor, zone, since=begin)
    ahead = (due for due in found if _moment(due, zone) > present)
    return islice(ahead, None if rule.count is None else rule.count - 1)


def _each_completed(
    rule: Rule, counts_from: str, due: Due | None, anchor: date | None, now: datetime
) -> Iterator[Due]:
    """`due` and those after it, when each is completed on its day, or now if that is past."""
    while due is not None:
        yield due
        if counts_from == "due":
            due = next_due(rule, after=due, anchor=anchor or due.day, now=now)
        else:
            on_time = datetime.combine(due.day, due.time or MIDNIGHT, _zone(now))
            done = max(on_time, now, key=datetime.timestamp)
            due = next_from_completion(rule, completed=done, time=due.time)


def _occurrences(
    rule: Rule, after: Due, anchor: date, zone: tzinfo, since: datetime | None = None
) -> Iterator[Due]:
    """Those strictly after `after`, each later than the one before it on the wall and in real time.

    With `since`, only those from that time on the wall.
    """
    clock = after.time or MIDNIGHT if rule.is_hourly else after.time
    after = Due(max(after.day, BEFORE_ALL), clock)
    if after.day > LAST_DAY:
        return
    begin = datetime.combine(after.day, clock or MIDNIGHT)
    start = begin if rule.is_hourly else datetime.combine(max(anchor, BEFORE_ALL), MIDNIGHT)
    latest = _moment(after, zone)
    for found in pattern(rule, start, max(begin, since or begin)):
        due = Due(found.date(), found.time() if rule.is_hourly else clock)
        if due > after and _exists(due.day, zone) and _moment(due, zone) > latest:
            latest = _moment(due, zone)
            yield due


def _moment(due: Due, zone: tzinfo) -> datetime:
    """When `due` is, for comparing. Days without a time are compared as days, in no zone."""
    if due.time is None:
        return datetime.combine(due.day, MIDNIGHT, UTC)
    return datetime.combine(due.day, due.time, zone).astimezone(UTC)


def _present(now: datetime, *, timed: bool) -> datetime:
    return now.astimezone(UTC) if timed else datetime.combine(now.date(), MIDNIGHT, UTC)


def _exists(day: date, zone: tzinfo) -> bool:
    """Whether the zone has the day: Samoa never had 30 December 2011."""
    noon = datetime.combine(day, time(12), zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


def _zone(now: datetime) -> tzinfo:
    if now.tzinfo is None:
        raise ValueError("now needs the zone of the dues")
    return now.tzinfo


def _wall(moment: datetime) -> datetime:
    """What clock and calendar showed, without their zone."""
    return moment.replace(tzinfo=None, fold=0)
