"""The days that a rule has, and where a reckoning that begins close to now begins."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from math import gcd

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

DAY = timedelta(days=1)
STEPS = {Frequency.HOURLY: timedelta(hours=1), Frequency.DAILY: DAY}


def pattern(rule: Rule, start: datetime, since: datetime) -> Iterator[datetime]:
    """The times on the wall that the rule, begun at `start`, has from the day of `since` on.

    Costs the same however long ago `start` was: the reckoning begins whole periods later.
    """
    begin = max(start, datetime.combine(max(since.date(), FIRST_DAY), MIDNIGHT))
    last = datetime.combine(min(rule.until or LAST_DAY, LAST_DAY), time.max)
    reckon = _steps if rule.frequency in STEPS else _periods
    return (found for found in reckon(rule, start, begin, last) if begin <= found)


def _steps(rule: Rule, start: datetime, begin: datetime, last: datetime) -> Iterator[datetime]:
    """Every so many hours or days from `start`, on the days that the rule allows."""
    step = rule.interval * STEPS[rule.frequency]
    day = datetime.combine(begin, MIDNIGHT)
    while day <= last:
        if _allows(rule, day):
            found = start - (start - day) // step * step
            while found < day + DAY:
                yield found
                found += step
        day += DAY


def _allows(rule: Rule, day: date) -> bool:
    return (
        (not rule.months or day.month in rule.months)
        and (not rule.days or Weekday(0, day.weekday()) in rule.days)
        and (not rule.month_days or not numbers_of(day).isdisjoint(rule.month_days))
    )


def _periods(rule: Rule, start: datetime, begin: datetime, last: datetime) -> Iterator[datetime]:
    """The days in weeks, months and years, a day that a month lacks moved to its last one."""
    rule = _with_days_of(start, rule)
    if _never_meets_its_months(rule, start):
        return
    clamps = not rule.positions and any(number > 28 for number in rule.month_days)
    numbers = {late for number in rule.month_days for late in range(min(number, 28), number + 1)}
    wider = replace(rule, month_days=in_order(numbers)) if clamps else rule
    for day in as_dateutil(wider, _aligned(rule, start, begin), last):
        if not clamps or not numbers_of(day).isdisjoint(rule.month_days):
            yield day


def _never_meets_its_months(rule: Rule, start: datetime) -> bool:
    """Every 2nd month from January is never April: dateutil would look for it to the year 9999."""
    if rule.frequency is not Frequency.MONTHLY or not rule.months:
        return False
    step = gcd(rule.interval, 12)
    return all((month - start.month) % step for month in rule.months)


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
    first = datetime.combine(start, MIDNIGHT)
    if rule.frequency is Frequency.YEARLY:
        years = (since.year - first.year) // rule.interval * rule.interval
        return datetime.combine(date(first.year + years, 1, 1), MIDNIGHT)
    if rule.frequency is Frequency.MONTHLY:
        months = first.year * 12 + first.month - 1
        passed = since.year * 12 + since.month - 1 - months
        months += passed // rule.interval * rule.interval
        return datetime.combine(date(months // 12, months % 12 + 1, 1), MIDNIGHT)
    first -= (first.weekday() - rule.week_start) % 7 * DAY
    return first + (since - first) // (rule.interval * 7 * DAY) * (rule.interval * 7 * DAY)


def numbers_of(day: date) -> set[int]:
    """The numbers of BYMONTHDAY that mean this day."""
    last = last_of_month(day)
    late = set(range(day.day, 32)) if day.day == last.day else set()
    return {day.day, (day - last).days - 1} | late


def last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
