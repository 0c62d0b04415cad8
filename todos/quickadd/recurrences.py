"""How a task repeats: daily, every 2 weeks, every Mon and Fri, every 3rd Friday, every! 3 days."""

from __future__ import annotations

import re
from collections.abc import Callable

from todos.quickadd.clauses import (
    ALL_DAYS,
    Cursor,
    Parts,
    days,
    nth_days,
    qualify,
    weekdays,
)
from todos.quickadd.dates import number_of, read_day
from todos.quickadd.found import Found, Reader, Strength, Words, low, next_low
from todos.quickadd.words import (
    ADVERBS,
    FREQUENCIES,
    MONTHS,
    PARTS_OF_DAY,
    UNITS,
    WEEKENDS,
    WORKDAYS,
)

TIMES = re.compile(r"[1-9][0-9]{0,2}")
LONGEST_PHRASE = 9  # words: on the 1st and last workday of each month


def read_every(words: Words, first: int, reader: Reader) -> Found | None:
    """The recurrence at `first`: “every …”, “each …” or “every! …”, from the completion."""
    if words[first].tail:
        return None
    at = Cursor(words, first + 1)
    part = PARTS_OF_DAY.get(at.low)
    if part:
        at.place += 1
        parts: Parts | None = period("DAILY")
    else:
        parts = next((found for read in READERS if (found := at.attempt(read))), None)
    if parts is None:
        return None
    qualify(at, parts)
    if not part and at.low in PARTS_OF_DAY and parts["FREQ"] != "HOURLY":
        part = PARTS_OF_DAY[at.take(*PARTS_OF_DAY)]
    return Found(
        "recurrence",
        first,
        at.place,
        rule=text_of(parts),
        part=part,
        from_completion=words[first].low == "every!",
    )


def read_adverb(words: Words, first: int, reader: Reader) -> Found | None:
    """Daily, weekly, monthly, yearly; monthly on the 1st."""
    at = Cursor(words, first + 1)
    named = at.attempt(on_days)
    rule = text_of(period(*ADVERBS[words[first].low]) | (named or {}))
    strength = Strength.PLAIN if named else Strength.UNSURE
    return Found("recurrence", first, at.place, strength, rule=rule)


def read_each_month(words: Words, first: int, reader: Reader) -> Found | None:
    """On the 1st of every month, the last Friday of each month."""
    if not any(word.low == "month" for word in words[first : first + LONGEST_PHRASE]):
        return None
    at = Cursor(words, first)
    at.take("on")
    at.take("the")
    parts = nth_days(at)
    is_each = at.take_all("of", "every", "month") or at.take_all("of", "each", "month")
    if not parts or not is_each:
        return None
    return Found("recurrence", first, at.place, rule=text_of(period("MONTHLY") | parts))


def read_start(words: Words, first: int, reader: Reader) -> Found | None:
    """Starting tomorrow, starting on 1 Dec."""
    place = first + 1
    if next_low(words, first) in {"on", "from"} and not words[place].tail:
        place += 1
    named = None if words[place - 1].tail else read_day(words, place, reader)
    if named is None or named.is_beyond:
        return None
    return Found("start", first, named.stop, day=named.day)


def read_end(words: Words, first: int, reader: Reader) -> Found | None:
    """Until 1 March: the last day of a recurrence."""
    named = None if words[first].tail else read_day(words, first + 1, reader)
    if named is None or named.is_beyond:
        return None
    return Found("until", first, named.stop, day=named.day)


def read_count(words: Words, first: int) -> Found | None:
    """5 times, or for 5 times: how often a recurrence happens."""
    place = first + 1 if low(words, first) == "for" else first
    if next_low(words, place) not in {"times", "time"}:
        return None
    word = low(words, place)
    number = int(word) if TIMES.fullmatch(word) else number_of(word)
    return Found("until", first, place + 2, count=number) if number else None


def period(frequency: str, interval: int = 1) -> Parts:
    return {"FREQ": frequency} | ({} if interval == 1 else {"INTERVAL": interval})


def text_of(parts: Parts) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def units(at: Cursor) -> Parts | None:
    """Day, 3 days, other week, 2nd week on Mon and Fri, month on the 31st."""
    interval = at.attempt(steps) or 1
    unit = UNITS.get(at.low, "")
    if unit not in FREQUENCIES:
        return None
    frequency, times = FREQUENCIES[unit]
    at.place += 1
    parts = period(frequency, interval * times)
    named = at.attempt(on_days) or {}
    return parts | named


def steps(at: Cursor) -> int | None:
    """Other (2), 3, three, 3rd: of the units that follow."""
    if at.take("other", "second"):
        return 2
    number = number_of(at.low)
    if number:
        at.place += 1
        return number
    number = at.ordinal()
    # The first and the last day, and the 3rd day of the month, are days of the month.
    ahead = at.words[at.place + 1 : at.place + 2]
    return None if not number or number < 2 or (ahead and ahead[0].low == "of") else number


def on_days(at: Cursor) -> Parts | None:
    return days(at) if at.take("on") else None


def other_weekday(at: Cursor) -> Parts | None:
    """Other Monday: every second one."""
    names = weekdays(at) if at.take("other") else ""
    return period("WEEKLY", 2) | {"BYDAY": names} if names else None


def weekly(at: Cursor) -> Parts | None:
    """Weekday, weekend, Mon and Fri."""
    if at.take(*WORKDAYS):
        names = "MO,TU,WE,TH,FR"
    elif at.take(*WEEKENDS):
        names = "SA"
    else:
        names = weekdays(at)
    return period("WEEKLY") | {"BYDAY": names} if names else None


def monthly(at: Cursor) -> Parts | None:
    """3rd Friday, last day, last workday, 1st and 15th; with “of January”, of each year."""
    parts = nth_days(at)
    if parts is None:
        return None
    if parts.get("BYDAY") == ALL_DAYS:
        parts = {"BYMONTHDAY": parts["BYSETPOS"]}
    month = at.attempt(of_month)
    return (period("YEARLY") | {"BYMONTH": month} if month else period("MONTHLY")) | parts


def of_month(at: Cursor) -> int | None:
    return MONTHS.get(at.take(*MONTHS)) if at.take("of") else None


def yearly(at: Cursor) -> Parts | None:
    """27 Jan, January 27th, 27th of January."""
    parts = at.date_of_year()
    return period("YEARLY") | parts if parts else None


READERS: tuple[Callable[[Cursor], Parts | None], ...] = (
    units,
    other_weekday,
    weekly,
    yearly,
    monthly,
)
