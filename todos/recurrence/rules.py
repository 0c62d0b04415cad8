"""A rule of repetition: a part of RFC 5545's RRULE, read and written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from dateutil import rrule
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 12, 31)
LONGEST_RULE = 300
MOST = 999  # of INTERVAL and of COUNT
MOST_IN_A_MONTH, MOST_IN_A_YEAR = 5, 53  # of each weekday
PARTS = (
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"),
)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MIDNIGHT = time(0)


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
        return _read(text)

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


def as_dateutil(rule: Rule, start: datetime, last: datetime) -> rrule.rrule:
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


Named = TypeVar("Named", int, Weekday)


def in_order(values: set[Named]) -> tuple[Named, ...]:
    """In the order of the calendar as far as it goes: first days, then last ones."""

    def key(value: Named) -> tuple[bool, Named]:
        number = value.ordinal if isinstance(value, Weekday) else value
        return number < 0, value

    return tuple(sorted(values, key=key))


@lru_cache(maxsize=1000)
def _read(text: str) -> Rule:
    parts = _parts(text)
    rule = Rule(
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


def _parts(text: str) -> dict[str, str]:
    if len(text) > LONGEST_RULE:
        raise ValidationError(
            _("A rule has %(longest)d characters at most.") % {"longest": LONGEST_RULE}
        )
    text = text.strip().upper().removeprefix("RRULE:")
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
    return in_order(numbers)


def _weekdays(parts: dict[str, str]) -> tuple[Weekday, ...]:
    if "BYDAY" not in parts:
        return ()
    days = set()
    for text in parts["BYDAY"].split(","):
        found = re.fullmatch(rf"([+-]?[0-9]{{1,2}})?({'|'.join(CODES)})", text, re.ASCII)
        if found is None or (found[1] and not 0 < abs(int(found[1])) <= MOST_IN_A_YEAR):
            raise ValidationError(
                _("BYDAY has days such as MO, or 3FR or -1FR for the 3rd and the last Friday.")
            )
        days.add(Weekday(int(found[1] or 0), CODES.index(found[2])))
    return in_order(days)


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
    in_months = rule.frequency is Frequency.MONTHLY or rule.months
    if in_months and any(abs(weekday.ordinal) > MOST_IN_A_MONTH for weekday in rule.days):
        raise ValidationError(_("A month has no weekday six times: this never happens."))
    if rule.month_days and rule.frequency is Frequency.WEEKLY:
        raise ValidationError(_("A week has no days of the month: leave out BYMONTHDAY."))
    if rule.positions and not rule.chooses_days:
        raise ValidationError(_("BYSETPOS needs days to choose from."))
    if rule.positions and rule.frequency in {Frequency.HOURLY, Frequency.DAILY}:
        raise ValidationError(_("BYSETPOS chooses among the days of a week, a month or a year."))
    if not _ever_happens(rule):
        raise ValidationError(_("There is no such day: this never happens."))


def _ever_happens(rule: Rule) -> bool:
    """Whether a day of the calendar fits, without moving to the last day of a month.

    Weekdays come back to the same days every 28 years; dateutil knows no year after these.
    """
    if rule.frequency in {Frequency.HOURLY, Frequency.DAILY}:
        every_day = tuple(range(1, 32))
        rule = replace(rule, frequency=Frequency.MONTHLY, month_days=rule.month_days or every_day)
    first, last = date(9972, 1, 1), date(9999, 12, 31)
    found = as_dateutil(
        replace(rule, interval=1),
        datetime.combine(first, MIDNIGHT),
        datetime.combine(last, MIDNIGHT),
    )
    return next(iter(found), None) is not None
