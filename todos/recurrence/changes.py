"""A rule after one completion more or less, and after its occurrence moved for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from todos.recurrence.patterns import last_of_month, numbers_of, pattern
from todos.recurrence.rules import MIDNIGHT, MOST, Frequency, Named, Rule, Weekday, in_order


def counted_down(rule: Rule) -> Rule | None:
    """The rule after one more completion; None when that was the last."""
    if rule.count is None:
        return rule
    return replace(rule, count=rule.count - 1) if rule.count > 1 else None


def counted_up(rule: Rule) -> Rule:
    """The rule with one completion taken back."""
    return rule if rule.count is None else replace(rule, count=min(rule.count + 1, MOST))


def moved(rule: Rule, *, old: date, new: date) -> Rule:
    """The rule when its occurrence of `old` is on `new` from now on.

    A rule that has `new` already stays. Otherwise what named `old` names `new`: Monday and Friday
    becomes Wednesday and Friday, the 3rd Friday the 2nd Tuesday, 27 January 3 February. Days that
    are chosen in other ways (the last workday, Friday the 13th) become the plain day.
    """
    if _fits(rule, new):
        return rule
    if rule.months and new.month not in rule.months:
        rule = replace(rule, months=_swapped(rule.months, {old.month}, new.month))
    if rule.positions or (rule.days and rule.month_days):
        return _on_plain_day(rule, new)
    if rule.days:
        named = _names(rule, old) & set(rule.days)
        return replace(rule, days=_swapped(rule.days, named, _name(rule, new, named)))
    if rule.month_days:
        return replace(rule, month_days=_swapped(rule.month_days, numbers_of(old), new.day))
    return rule


def _fits(rule: Rule, day: date) -> bool:
    """Whether the rule, begun on this day, has it."""
    start = datetime.combine(day, MIDNIGHT)
    return next(pattern(replace(rule, until=None), start, start), None) == start


def _swapped(values: tuple[Named, ...], old: set[Named], new: Named) -> tuple[Named, ...]:
    """The values with `new` in the place of the old ones, or of the only one."""
    return in_order(set(values) - old | {new}) if len(values) > 1 else (new,)


def _on_plain_day(rule: Rule, day: date) -> Rule:
    rule = replace(rule, days=(), month_days=(), positions=())
    if rule.frequency in {Frequency.MONTHLY, Frequency.YEARLY}:
        return replace(rule, month_days=(day.day,))
    return replace(rule, days=(Weekday(0, day.weekday()),))


def _ordinals(rule: Rule, day: date) -> tuple[int, int]:
    """Which of its weekdays a day is, from the front and the back of the month or of the year."""
    first, last = day.replace(day=1), last_of_month(day)
    if rule.frequency is Frequency.YEARLY and not rule.months:
        first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    return (day - first).days // 7 + 1, -((last - day).days // 7) - 1


def _names(rule: Rule, day: date) -> set[Weekday]:
    """The weekdays of BYDAY that mean this day."""
    return {Weekday(ordinal, day.weekday()) for ordinal in (0, *_ordinals(rule, day))}


def _name(rule: Rule, day: date, instead_of: set[Weekday]) -> Weekday:
    """How the rule calls a new day: as a weekday, or as the nth or last one, as it did before."""
    if not any(weekday.ordinal for weekday in instead_of or rule.days):
        return Weekday(0, day.weekday())
    nth, nth_last = _ordinals(rule, day)
    was_last = any(weekday.ordinal < 0 for weekday in instead_of)
    is_last = nth_last == -1 and (was_last or nth in {5, 53})
    return Weekday(nth_last if is_last else nth, day.weekday())
