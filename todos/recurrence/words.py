"""A rule in words, which quick add reads back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from todos.recurrence.rules import WORKDAYS, Frequency, Rule

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = {
    Frequency.HOURLY: "hour",
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.YEARLY: "year",
}
GROUPS = {
    (0, 1, 2, 3, 4): "workday",
    (5, 6): "weekend day",
    (0, 1, 2, 3, 4, 5, 6): "day",
}


def explain(rule: Rule, counts_from: str = "due") -> str:
    """The rule in words, which quick add reads back.

        words     = every " " period [" on " days] [" in " months] [" if it is " which]
                    [", weeks from " WEEKDAY] [", until " DAY MONTH YEAR] [", " N " time" ["s"]]
        every     = "every" | "every!"                          ("every!": from the completion)
        period    = unit | N " " unit "s" | "weekday"           ("weekday": from Monday to Friday)
        unit      = "hour" | "day" | "week" | "month" | "year"
        days      = weekdays | "the " numbers | DAY " " MONTH   (the last for a year alone)
                  | "the " ordinals " " group                   (BYSETPOS)
        weekdays  = WEEKDAY {and WEEKDAY} | "the " nth {and nth}
        nth       = ordinal " " WEEKDAY | WEEKDAY
        which     = "a " WEEKDAY {or WEEKDAY} | "the " nth {or nth}
        numbers   = number {and number}
        number    = Nth | "last day" | Nth " last day"
        group     = "workday" | "weekend day" | "day" | WEEKDAY
                  | "of " weekdays | "of the " numbers
        ordinals  = ordinal {and ordinal}
        ordinal   = Nth | "last" | Nth " last"
        months    = MONTH {and MONTH} | "every month"
        and, or   = ", " between all but the last two, " and " or " or " between these

    Nth is 1st, 2nd, 3rd, 4th …; WEEKDAY is Monday …; MONTH is January …; N, DAY and YEAR are
    plain numbers. A rule that names no days takes them from its due date.
    """
    every = "every" if counts_from == "due" else "every!"
    rule = _in_weeks(rule)
    period = "weekday" if _is_every_weekday(rule) else _period(rule) + _on_days(rule)
    words = (every, " ", period, _in_months(rule), _condition(rule), _weeks_from(rule), _end(rule))
    return "".join(words)


@lru_cache(maxsize=1000)
def explained(rule: str, counts_from: str) -> str:
    """The same of a rule that is written down."""
    return explain(Rule.parse(rule), counts_from)


def _in_weeks(rule: Rule) -> Rule:
    """Every day that is a Monday is every week on Monday."""
    is_limited = rule.frequency is Frequency.DAILY and rule.interval == 1
    if is_limited and rule.days and not rule.month_days:
        return replace(rule, frequency=Frequency.WEEKLY)
    return rule


def _is_every_weekday(rule: Rule) -> bool:
    named = (rule.frequency, rule.interval, rule.days, rule.positions)
    return named == (Frequency.WEEKLY, 1, WORKDAYS, ())


def _period(rule: Rule) -> str:
    unit = UNITS[rule.frequency]
    return unit if rule.interval == 1 else f"{rule.interval} {unit}s"


def _on_days(rule: Rule) -> str:
    if rule.positions:
        return f" on the {_and(map(_ordinal, rule.positions))} {_group(rule)}"
    if _is_one_day_of_a_year(rule):
        return f" on {rule.month_days[0]} {MONTHS[rule.months[0] - 1]}"
    if rule.month_days:
        return f" on the {_and(map(_number_of_month, rule.month_days))}"
    return f" on {_weekday_words(rule)}" if rule.days else ""


def _group(rule: Rule) -> str:
    """What BYSETPOS chooses from."""
    group = GROUPS.get(tuple(weekday.day for weekday in rule.days))
    if group and not rule.month_days and not any(weekday.ordinal for weekday in rule.days):
        return group
    if rule.month_days:
        return f"of the {_and(map(_number_of_month, rule.month_days))}"
    one_name = len(rule.days) == 1 and not rule.days[0].ordinal
    if one_name and rule.frequency is not Frequency.WEEKLY and len(rule.months) < 2:
        return DAYS[rule.days[0].day]
    return f"of {_weekday_words(rule)}"


def _in_months(rule: Rule) -> str:
    if _is_one_day_of_a_year(rule):
        return ""
    if rule.months:
        return f" in {_and(MONTHS[month - 1] for month in rule.months)}"
    of_every_month = rule.frequency is Frequency.YEARLY and rule.month_days
    return " in every month" if of_every_month else ""


def _condition(rule: Rule) -> str:
    """The weekdays that limit days of the month: the 13th if it is a Friday."""
    if not (rule.month_days and rule.days):
        return ""
    return f" if it is {_weekday_words(rule, article='a ', joint='or')}"


def _weeks_from(rule: Rule) -> str:
    """The first day of the week, where it decides which days belong together."""
    days = {weekday.day for weekday in rule.days}
    parted = min(days, default=7) < rule.week_start <= max(days, default=0)
    decides = rule.frequency is Frequency.WEEKLY and (rule.interval > 1 or rule.positions)
    return f", weeks from {DAYS[rule.week_start]}" if parted and decides else ""


def _end(rule: Rule) -> str:
    if rule.until:
        return f", until {rule.until.day} {MONTHS[rule.until.month - 1]} {rule.until.year}"
    if rule.count:
        return f", {rule.count} time{'' if rule.count == 1 else 's'}"
    return ""


def _is_one_day_of_a_year(rule: Rule) -> bool:
    """27 January, not the last day of January or 27 January if it is a Monday."""
    one = len(rule.months) == len(rule.month_days) == 1 and rule.month_days[0] > 0
    return rule.frequency is Frequency.YEARLY and one and not rule.days and not rule.positions


def _weekday_words(rule: Rule, *, article: str = "", joint: str = "and") -> str:
    if any(weekday.ordinal for weekday in rule.days):
        article = "the "
    names = (
        f"{_ordinal(weekday.ordinal)} {DAYS[weekday.day]}" if weekday.ordinal else DAYS[weekday.day]
        for weekday in rule.days
    )
    return article + _and(names, joint)


def _number_of_month(number: int) -> str:
    return _ordinal(number) if number > 0 else f"{_ordinal(number)} day"


def _ordinal(number: int) -> str:
    if number < 0:
        return "last" if number == -1 else f"{_ordinal(-number)} last"
    teens = 10 < number % 100 < 14
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _and(words: Iterable[str], joint: str = "and") -> str:
    *first, last = words
    return f"{', '.join(first)} {joint} {last}" if first else last
