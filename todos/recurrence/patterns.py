"""The days that a rule has, and where a reckoning that begins close to now begins."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from todos.recurrence.rules import (
    FIRST_DAY,
    LAST_DAY,
    MIDNIGHT,
    Frequency,
    Rule,
    Weekday,
    as_dateutil,
    in_order,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def pattern(rule: Rule, start: datetime, since: datetime) -> Iterator[datetime]:
    """The times on the wall that the rule, begun at `start`, has from the day of `since` on.

    Costs the same however long ago `start` was: the reckoning begins whole periods later.
    """
    rule = _with_days_of(start, rule)
    clamps = not rule.positions and any(number > 28 for number in rule.month_days)
    numbers = {late for number in rule.month_days for late in range(min(number, 28), number + 1)}
    wider = replace(rule, month_days=in_order(numbers)) if clamps else rule
    last = datetime.combine(min(rule.until or LAST_DAY, LAST_DAY), time.max)
    found = as_dateutil(wider, _aligned(rule, start, max(start, since)), last)
    earliest = max(start, datetime.combine(since, MIDNIGHT), datetime.combine(FIRST_DAY, MIDNIGHT))
    for time_on_wall in found:
        if time_on_wall < earliest:
            continue
        if not clamps or not numbers_of(time_on_wall.date()).isdisjoint(rule.month_days):
            yield time_on_wall


def _with_days_of(start: datetime, rule: Rule) -> Rule:
    """The rule with the days that it takes from its beginning (RFC 5545 section 3.3.10)."""
    if rule.chooses_days:
        return rule
    if rule.frequency is Frequency.WEEKLY:
        return replace(rule, days=(Weekday(0, start.weekday()),))
    if rule.frequency is Frequency.MONTHLY:
        return replace(rule, month_days=(start.day,))
    if rule.frequency is Frequency.YEARLY:
        return replace(rule, months=rule.months or (start.month,), month_days=(start.day,))
    return rule


def _aligned(rule: Rule, start: datetime, since: datetime) -> datetime:
    """The beginning of the last period that begins by `since`, in steps from `start`."""
    if rule.is_hourly:
        return start + (since - start) // HOUR // rule.interval * rule.interval * HOUR
    first = datetime.combine(start, MIDNIGHT)
    if rule.frequency is Frequency.YEARLY:
        years = (since.year - first.year) // rule.interval * rule.interval
        return datetime.combine(date(first.year + years, 1, 1), MIDNIGHT)
    if rule.frequency is Frequency.MONTHLY:
        months = first.year * 12 + first.month - 1
        passed = since.year * 12 + since.month - 1 - months
        months += passed // rule.interval * rule.interval
        return datetime.combine(date(months // 12, months % 12 + 1, 1), MIDNIGHT)
    length = rule.interval * DAY
    if rule.frequency is Frequency.WEEKLY:
        first -= (first.weekday() - rule.week_start) % 7 * DAY
        length *= 7
    return first + (since - first) // length * length


def numbers_of(day: date) -> set[int]:
    """The numbers of BYMONTHDAY that mean this day."""
    last = last_of_month(day)
    late = set(range(day.day, 32)) if day == last else set()
    return {day.day, (day - last).days - 1} | late


def last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
