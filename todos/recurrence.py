"""When a task repeats: rules, and the dues that follow from them. Dates to dates, no rows.

A rule is a part of RFC 5545's RRULE (section 3.3.10). Two things differ on purpose:

* A day of the month that a month lacks is its last day, as RFC 7529 says with SKIP=BACKWARD
  (section 4.1): 31 January, 28 February, 31 March. Where BYSETPOS chooses among days, and for days
  counted from the end of the month, a missing day is left out instead.
* COUNT counts what is completed (`counted_down`), not days from the beginning.

Dues are told by the clock on the wall. Those with a time follow each other in real time too: a time
that the clock skips comes as much later as the clock leaps, one that comes twice is the first.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from dateutil import rrule
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 12, 31)
LONGEST_RULE = 300
MOST = 999  # of INTERVAL and of COUNT
PARTS = (
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYMONTH",
    "BYMONTHDAY",
    "BYDAY",
    "BYSETPOS",
    "WKST",
)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MIDNIGHT = time(0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# No clock ever leapt further: Samoa left out 30 December 2011.
LARGEST_LEAP = DAY


class Due(NamedTuple):
    """When a task is due by the clock on the wall; without a time, on the day."""

    day: date
    time: time | None


class Frequency(StrEnum):
    HOURLY = "HOURLY"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Weekday(NamedTuple):
    """A day of the week, 0 for Monday; with an ordinal, the nth or nth last of its period."""

    ordinal: int
    day: int

    def __str__(self) -> str:
        return f"{self.ordinal or ''}{CODES[self.day]}"


WORKDAYS = tuple(Weekday(0, day) for day in range(5))


@dataclass(frozen=True)
class Rule:
    """How a task repeats. Made by `Rule.parse`; `str` is its canonical RRULE."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[Weekday, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    @classmethod
    def parse(cls, text: str) -> Rule:
        """The rule that `text` tells. Raises ValidationError when it is none, or never happens."""
        parts = _parts(text)
        rule = cls(
            frequency=_frequency(parts),
            interval=_number(parts, "INTERVAL") or 1,
            count=_number(parts, "COUNT"),
            until=_until(parts),
            months=_numbers(parts, "BYMONTH", 12, signed=False),
            month_days=_numbers(parts, "BYMONTHDAY", 31),
            days=_weekdays(parts),
            positions=_numbers(parts, "BYSETPOS", 366),
            week_start=_week_start(parts),
        )
        _check(rule)
        return rule

    def __str__(self) -> str:
        parts: dict[str, Any] = {
            "FREQ": self.frequency,
            "INTERVAL": "" if self.interval == 1 else self.interval,
            "COUNT": self.count or "",
            "UNTIL": f"{self.until:%Y%m%d}" if self.until else "",
            "BYMONTH": ",".join(map(str, self.months)),
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYDAY": ",".join(map(str, self.days)),
            "BYSETPOS": ",".join(map(str, self.positions)),
            "WKST": CODES[self.week_start] if self.week_start else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value != "")

    @property
    def is_hourly(self) -> bool:
        return self.frequency is Frequency.HOURLY

    @property
    def chooses_days(self) -> bool:
        """Whether the rule names its days, and does not take them from its anchor."""
        return bool(self.days or self.month_days)


# What follows


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
    begun = replace(rule, interval=1)
    before = Due(today - timedelta(days=1), time)
    present = _present(now, timed=rule.is_hourly or time is not None)
    found = _occurrences(begun, before, today, _zone(now), since=datetime.combine(today, MIDNIGHT))
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


# Changing a rule


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
        rule = replace(rule, months=_sorted({*rule.months, new.month} - {old.month}))
    if rule.positions or (rule.days and rule.month_days):
        return _on_plain_day(rule, new)
    if rule.days:
        named = _names(rule, old) & set(rule.days)
        return replace(rule, days=_sorted({*rule.days, _name(rule, new, named)} - named))
    if rule.month_days:
        return replace(rule, month_days=_sorted({*rule.month_days} - _numbers_of(old) | {new.day}))
    return rule


def _fits(rule: Rule, day: date) -> bool:
    """Whether the rule, begun on this day, has it."""
    start = datetime.combine(day, MIDNIGHT)
    return next(_pattern(replace(rule, until=None), start, start), None) == start


def _on_plain_day(rule: Rule, day: date) -> Rule:
    rule = replace(rule, days=(), month_days=(), positions=())
    if rule.frequency in {Frequency.MONTHLY, Frequency.YEARLY}:
        return replace(rule, month_days=(day.day,))
    return replace(rule, days=(Weekday(0, day.weekday()),))


def _numbers_of(day: date) -> set[int]:
    """The numbers of BYMONTHDAY that mean this day."""
    last = _last_of_month(day)
    late = set(range(day.day, 32)) if day == last else set()
    return {day.day, (day - last).days - 1} | late


def _ordinals(rule: Rule, day: date) -> tuple[int, int]:
    """Which of its weekdays a day is, from the front and the back of the month or of the year."""
    first, last = day.replace(day=1), _last_of_month(day)
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


# In words

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
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

        words     = every " " period [" on " days] [" in " months] [" if it is " weekdays]
                    [", weeks from " WEEKDAY] [", until " DAY MONTH YEAR] [", " N " time" ["s"]]
        every     = "every" | "every!"                          ("every!": from the completion)
        period    = unit | N " " unit "s" | "weekday"           ("weekday": from Monday to Friday)
        unit      = "hour" | "day" | "week" | "month" | "year"
        days      = weekdays | "the " numbers | DAY " " MONTH   (the last for a year alone)
                  | "the " ordinals " " group                   (BYSETPOS)
        weekdays  = WEEKDAY {and WEEKDAY} | "the " nth {and nth}
        nth       = ordinal " " WEEKDAY | WEEKDAY
        numbers   = number {and number}
        number    = Nth | "last day" | Nth " last day"
        group     = "workday" | "weekend day" | "day" | WEEKDAY
                  | "of " weekdays | "of the " numbers [" if it is " weekdays]
        ordinals  = ordinal {and ordinal}
        ordinal   = Nth | "last" | Nth " last"
        months    = MONTH {and MONTH} | "every month"
        and       = ", " between all but the last two, " and " between these

    Nth is 1st, 2nd, 3rd, 4th …; WEEKDAY is Monday …; MONTH is January …; N, DAY and YEAR are
    plain numbers. A rule that names no days takes them from its due date.
    """
    every = "every" if counts_from == "due" else "every!"
    weeks = replace(rule, frequency=Frequency.WEEKLY)
    if (
        rule.frequency is Frequency.DAILY
        and rule.interval == 1
        and rule.days
        and not rule.month_days
    ):
        rule = weeks
    if rule == replace(weeks, interval=1, days=WORKDAYS, month_days=(), positions=()):
        words = f"{every} weekday"
    else:
        words = f"{every} {_period(rule)}{_on_days(rule)}"
    return f"{words}{_in_months(rule)}{_condition(rule)}{_weeks_from(rule)}{_end(rule)}"


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
    if not rule.days:
        return f"of {_and(MONTHS[month - 1] for month in rule.months)}"
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
    both = rule.month_days and rule.days
    return f" if it is {_weekday_words(rule)}" if both else ""


def _weeks_from(rule: Rule) -> str:
    """The first day of the week, where it decides which days belong together."""
    days = {weekday.day for weekday in rule.days}
    apart = any(day < rule.week_start for day in days) and any(
        day >= rule.week_start for day in days
    )
    decides = rule.frequency is Frequency.WEEKLY and (rule.interval > 1 or rule.positions)
    return f", weeks from {DAYS[rule.week_start]}" if apart and decides else ""


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


def _weekday_words(rule: Rule) -> str:
    the = "the " if any(weekday.ordinal for weekday in rule.days) else ""
    return the + _and(
        f"{_ordinal(weekday.ordinal)} {DAYS[weekday.day]}" if weekday.ordinal else DAYS[weekday.day]
        for weekday in rule.days
    )


def _number_of_month(number: int) -> str:
    return _ordinal(number) if number > 0 else f"{_ordinal(number)} day"


def _ordinal(number: int) -> str:
    if number < 0:
        return "last" if number == -1 else f"{_ordinal(-number)} last"
    teens = 10 < number % 100 < 14
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _and(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


# Reckoning


def _zone(now: datetime) -> tzinfo:
    if now.tzinfo is None:
        raise ValueError("now needs the zone of the dues")
    return now.tzinfo


def _wall(moment: datetime) -> datetime:
    """What clock and calendar showed, without their zone."""
    return moment.replace(tzinfo=None, fold=0)


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


def _occurrences(
    rule: Rule, after: Due, anchor: date, zone: tzinfo, since: datetime | None = None
) -> Iterator[Due]:
    """Those strictly after `after`, each later than the one before it on the wall and in real time.

    With `since`, only those from that time on the wall.
    """
    if not FIRST_DAY <= after.day <= LAST_DAY:
        after = Due(FIRST_DAY - timedelta(days=1), after.time)
    if rule.is_hourly:
        after = Due(after.day, after.time or MIDNIGHT)
    begin = datetime.combine(after.day, after.time or MIDNIGHT)
    start = begin if rule.is_hourly else datetime.combine(anchor, MIDNIGHT)
    latest = _moment(after, zone)
    for found in _pattern(rule, start, max(begin, since or begin)):
        due = Due(found.date(), found.time() if rule.is_hourly else after.time)
        if due > after and _exists(due.day, zone) and _moment(due, zone) > latest:
            latest = _moment(due, zone)
            yield due


def _pattern(rule: Rule, start: datetime, since: datetime) -> Iterator[datetime]:
    """The times on the wall that the rule, begun at `start`, has from the day of `since` on.

    Costs the same however long ago `start` was: the reckoning begins whole periods later.
    """
    rule = _with_days_of(start, rule)
    clamps = not rule.positions and any(number > 28 for number in rule.month_days)
    numbers = {late for number in rule.month_days for late in range(min(number, 28), number + 1)}
    wider = replace(rule, month_days=_sorted(numbers)) if clamps else rule
    last = datetime.combine(min(rule.until or LAST_DAY, LAST_DAY), time.max)
    found = _rrule(wider, _aligned(rule, start, max(start, since)), last)
    earliest = max(start, datetime.combine(since, MIDNIGHT), datetime.combine(FIRST_DAY, MIDNIGHT))
    for time_on_wall in found:
        if time_on_wall < earliest:
            continue
        if not clamps or not _numbers_of(time_on_wall.date()).isdisjoint(rule.month_days):
            yield time_on_wall


def _rrule(rule: Rule, start: datetime, last: datetime) -> rrule.rrule:
    """As dateutil reckons the rule, its COUNT and UNTIL apart."""
    return rrule.rrule(
        getattr(rrule, rule.frequency),
        dtstart=start,
        interval=rule.interval,
        until=last,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or None,
        byweekday=[rrule.weekday(day, ordinal or None) for ordinal, day in rule.days] or None,
        bysetpos=rule.positions or None,
        wkst=rule.week_start,
    )


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


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


Named = TypeVar("Named", int, Weekday)


def _sorted(values: set[Named]) -> tuple[Named, ...]:
    """In the order of the calendar as far as it goes: first days, then last ones."""

    def key(value: Named) -> tuple[bool, Named]:
        number = value.ordinal if isinstance(value, Weekday) else value
        return number < 0, value

    return tuple(sorted(values, key=key))


# Reading a rule


def _parts(text: str) -> dict[str, str]:
    text = text.strip().upper().removeprefix("RRULE:")
    if len(text) > LONGEST_RULE:
        raise ValidationError(
            _("A rule has %(longest)d characters at most.") % {"longest": LONGEST_RULE}
        )
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _equals, value = part.partition("=")
        if name not in PARTS:
            raise ValidationError(
                _("A rule has parts such as FREQ=WEEKLY, not “%(part)s”.") % {"part": part[:40]}
            )
        if name in parts:
            raise ValidationError(_("%(name)s is in the rule twice.") % {"name": name})
        parts[name] = value
    return parts


def _frequency(parts: dict[str, str]) -> Frequency:
    try:
        return Frequency(parts["FREQ"])
    except (KeyError, ValueError):
        raise ValidationError(
            _("FREQ is one of HOURLY, DAILY, WEEKLY, MONTHLY and YEARLY.")
        ) from None


def _number(parts: dict[str, str], name: str) -> int | None:
    if name not in parts:
        return None
    if not re.fullmatch(r"0*[1-9][0-9]{0,2}", parts[name], re.ASCII):
        raise ValidationError(
            _("%(name)s is a number from 1 to %(most)d.") % {"name": name, "most": MOST}
        )
    return int(parts[name])


def _until(parts: dict[str, str]) -> date | None:
    if "UNTIL" not in parts:
        return None
    refused = ValidationError(_("UNTIL is a day from 1970 to 2200, such as 20261231."))
    if not re.fullmatch(r"[0-9]{8}", parts["UNTIL"], re.ASCII):
        raise refused
    try:
        until = date.fromisoformat(parts["UNTIL"])
    except ValueError:
        raise refused from None
    if not FIRST_DAY <= until <= LAST_DAY:
        raise refused
    return until


def _numbers(
    parts: dict[str, str], name: str, most: int, *, signed: bool = True
) -> tuple[int, ...]:
    if name not in parts:
        return ()
    texts = parts[name].split(",")
    numbers = {int(text) for text in texts if re.fullmatch(r"[+-]?[0-9]{1,3}", text, re.ASCII)}
    fits = all(0 < abs(number) <= most and (signed or number > 0) for number in numbers)
    if not fits or len(numbers) < len({*texts}) or not numbers:
        words = (
            _("%(name)s has numbers from 1 to %(most)d, or from -%(most)d to -1.")
            if signed
            else _("%(name)s has numbers from 1 to %(most)d.")
        )
        raise ValidationError(words % {"name": name, "most": most})
    return _sorted(numbers)


def _weekdays(parts: dict[str, str]) -> tuple[Weekday, ...]:
    if "BYDAY" not in parts:
        return ()
    days = set()
    for text in parts["BYDAY"].split(","):
        found = re.fullmatch(rf"([+-]?[0-9]{{1,2}})?({'|'.join(CODES)})", text, re.ASCII)
        if found is None or (found[1] and not 0 < abs(int(found[1])) <= 53):
            raise ValidationError(
                _("BYDAY has days such as MO, or 3FR or -1FR for the 3rd and the last Friday.")
            )
        days.add(Weekday(int(found[1] or 0), CODES.index(found[2])))
    return _sorted(days)


def _week_start(parts: dict[str, str]) -> int:
    if parts.get("WKST", "MO") not in CODES:
        raise ValidationError(_("WKST is one of MO, TU, WE, TH, FR, SA and SU."))
    return CODES.index(parts.get("WKST", "MO"))


def _check(rule: Rule) -> None:
    """Refuse what RFC 5545 excludes, and what never happens."""
    months_or_years = rule.frequency in {Frequency.MONTHLY, Frequency.YEARLY}
    if rule.count and rule.until:
        raise ValidationError(_("A rule ends by COUNT or by UNTIL, not by both."))
    if any(weekday.ordinal for weekday in rule.days) and not months_or_years:
        raise ValidationError(_("Only months and years have a first or a last weekday."))
    if rule.month_days and rule.frequency is Frequency.WEEKLY:
        raise ValidationError(_("A week has no days of the month: leave out BYMONTHDAY."))
    if rule.positions and not (rule.months or rule.chooses_days):
        raise ValidationError(_("BYSETPOS needs days to choose from."))
    if rule.positions and rule.frequency in {Frequency.HOURLY, Frequency.DAILY}:
        raise ValidationError(_("BYSETPOS chooses among the days of a week, a month or a year."))
    if not _ever_happens(rule):
        raise ValidationError(_("There is no such day: this never happens."))


def _ever_happens(rule: Rule) -> bool:
    """Whether a day of the calendar fits, without moving to the last day of a month.

    Days of the month fall on the same weekdays every 28 years.
    """
    often = replace(
        rule, interval=1, frequency=Frequency.DAILY if rule.is_hourly else rule.frequency
    )
    first, last = date(2000, 1, 1), date(2029, 1, 1)
    found = _rrule(often, datetime.combine(first, MIDNIGHT), datetime.combine(last, MIDNIGHT))
    return next(iter(found), None) is not None
