"""The days of a recurrence: on Mon and Fri, on the 31st, on the last workday, in January."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from todos.quickadd.found import Words, low
from todos.quickadd.words import ALL_WEEKDAYS, MONTHS, ORDINALS, RRULE_DAYS, WORKDAYS

Parts = dict[str, str | int]
Value = TypeVar("Value")

NTH = re.compile(r"([0-9]{1,3})(st|nd|rd|th)")
JOINTS = re.compile(r"[,/&+]")
DAY_OF_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
WORKDAY_NAMES = "MO,TU,WE,TH,FR"
WEEKEND_NAMES = "SA,SU"
ALL_DAYS = ",".join(RRULE_DAYS)


class Cursor:
    """A place among the words of one phrase; a comma may stand within it, a full stop may not."""

    def __init__(self, words: Words, place: int) -> None:
        self.words = words
        self.place = place

    @property
    def low(self) -> str:
        """The word here, "" at the end of the phrase."""
        if self.words[self.place - 1].tail not in {"", ","}:
            return ""
        return low(self.words, self.place)

    def take(self, *words: str) -> str:
        """Go past the word here if it is one of `words`, and return it."""
        word = self.low
        if not word or word not in words:
            return ""
        self.place += 1
        return word

    def take_all(self, *words: str) -> bool:
        """Go past all of `words` in their order, or past none."""
        return bool(self.attempt(lambda at: all(at.take(word) for word in words)))

    def attempt(self, read: Callable[[Cursor], Value]) -> Value:
        """What `read` reads from here; the place stays when that is nothing."""
        place = self.place
        value = read(self)
        if not value:
            self.place = place
        return value

    def ordinal(self) -> int | None:
        """3rd, third, last (-1), 2nd last (-2)."""
        number = nth_of(self.low)
        if number is None:
            return None
        self.place += 1
        if number > 0 and self.take("last"):
            return -number
        return number

    def date_of_year(self) -> Parts | None:
        """27 Jan, January 27th, the 27th of January."""
        return self.attempt(date_of_year)

    def list_of(self, read: Callable[[Cursor], Value], *joints: str) -> list[Value]:
        """One or more of what `read` reads, with commas, “and” or nothing between."""
        found: list[Value] = []
        place = self.place
        while value := self.attempt(read):
            found.append(value)
            place = self.place
            self.take(*(joints or ("and", "&")))
        self.place = place
        return found


def nth_of(word: str) -> int | None:
    """The number of 3rd, third or last (-1)."""
    if word in ORDINALS:
        return ORDINALS[word]
    match = NTH.fullmatch(word)
    return int(match[1]) if match and int(match[1]) > 0 else None


def date_of_year(at: Cursor) -> Parts | None:
    at.take("the")
    month = at.take(*MONTHS)
    match = DAY_OF_MONTH.fullmatch(at.low)
    if not match or not 1 <= int(match[1]) <= 31:
        return None
    at.place += 1
    if not month:
        at.take("of")
        month = at.take(*MONTHS)
    return {"BYMONTH": MONTHS[month], "BYMONTHDAY": int(match[1])} if month else None


def weekday(at: Cursor) -> str:
    name = at.take(*ALL_WEEKDAYS)
    return RRULE_DAYS[ALL_WEEKDAYS[name]] if name else ""


def weekdays(at: Cursor) -> str:
    """Mon; Mon and Fri; Mon, Wed and Fri; Mon Wed Fri; Mon/Wed/Fri: as BYDAY has them."""
    names = [name for several in at.list_of(joined_weekdays) for name in several]
    return ",".join(dict.fromkeys(names))


def joined_weekdays(at: Cursor) -> list[str]:
    names = JOINTS.split(at.low)
    if not all(name in ALL_WEEKDAYS for name in names):
        return []
    at.place += 1
    return [RRULE_DAYS[ALL_WEEKDAYS[name]] for name in names]


def days(at: Cursor) -> Parts | None:
    """What “on …” names: 27 January, Mon and Fri, the 31st, the last workday."""
    if found := at.date_of_year():
        return found
    if names := weekdays(at):
        return {"BYDAY": names}
    at.take("the")
    return nth_days(at)


def nth_days(at: Cursor) -> Parts | None:
    """3rd Friday, last day, 1st and 15th, 2nd last workday: days that are counted."""
    for read in (numbers, named_days, chosen_days):
        if parts := at.attempt(read):
            return parts
    return None


def numbers(at: Cursor) -> Parts | None:
    """1st and 15th, last day: BYMONTHDAY."""
    found = at.list_of(number_of_month)
    if not found or at.low in ALL_WEEKDAYS or at.low in {*WORKDAYS, "day", "last", "weekend"}:
        return None
    if at.attempt(another_ordinal):
        return None
    if at.low == "of" and low(at.words, at.place + 2) != "month" and is_group(at):
        return None
    return {"BYMONTHDAY": ",".join(map(str, dict.fromkeys(found)))}


def another_ordinal(at: Cursor) -> bool:
    """Whether the numbers go on, as in “1st and 3rd Friday”: then they are none of the month."""
    at.take("and", "&")
    return at.ordinal() is not None


def is_group(at: Cursor) -> bool:
    """Whether “of” begins the days that the numbers choose from."""
    return low(at.words, at.place + 1) in {"the", *ALL_WEEKDAYS}


def number_of_month(at: Cursor) -> int:
    """31st, last day (-1), 2nd last day (-2); not the 1st of “1st Friday” or “1st day”."""
    at.take("the")
    number = at.ordinal() or 0
    word = at.low
    if number < 0:
        return number if at.take("day") and number >= -31 else 0
    is_counted = word in ALL_WEEKDAYS or word in WORKDAYS or word in {"weekend", "day"}
    return 0 if number > 31 or is_counted else number


def named_days(at: Cursor) -> Parts | None:
    """3rd Friday, 1st Monday and last Friday: BYDAY."""
    names = at.list_of(named_day)
    return {"BYDAY": ",".join(names)} if names else None


def named_day(at: Cursor) -> str:
    at.take("the")
    number = at.attempt(Cursor.ordinal)
    name = weekday(at)
    return f"{number or ''}{name}" if name else ""


def chosen_days(at: Cursor) -> Parts | None:
    """Last workday, 1st and 3rd Friday: BYSETPOS among days."""
    positions = at.list_of(Cursor.ordinal)
    group = at.attempt(group_of_days) if positions else None
    if not group:
        return None
    return group | {"BYSETPOS": ",".join(map(str, positions))}


def group_of_days(at: Cursor) -> Parts | None:
    """Workday, weekend day, day, Friday; of Monday and Friday; of the 1st and 2nd; of January."""
    if at.take(*WORKDAYS):
        return {"BYDAY": WORKDAY_NAMES}
    if at.take_all("weekend", "day"):
        return {"BYDAY": WEEKEND_NAMES}
    if at.take("day"):
        return {"BYDAY": ALL_DAYS}
    if name := weekday(at):
        return {"BYDAY": name}
    if not at.take("of"):
        return None
    if months := at.list_of(month):
        return {"BYMONTH": ",".join(map(str, months))}
    at.take("the")
    return at.attempt(numbers) or at.attempt(named_days)


def month(at: Cursor) -> int:
    return MONTHS.get(at.take(*MONTHS), 0)


def qualify(at: Cursor, parts: Parts) -> None:
    """Add what stands after the days: of the month, in January, if it is Friday."""
    if not at.take_all("of", "the", "month"):
        at.take_all("of", "every", "month")
    in_each_month = at.take_all("in", "every", "month")
    months = [] if in_each_month else at.attempt(in_months)
    if months:
        parts["BYMONTH"] = ",".join(map(str, months))
    of_a_year = parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts
    if of_a_year and "BYMONTHDAY" in parts and not in_each_month:
        # The last day of a year is that of December, not that of each month.
        parts |= {"BYDAY": ALL_DAYS, "BYSETPOS": parts.pop("BYMONTHDAY")}
    if conditions := at.attempt(if_it_is):
        parts |= conditions
    if at.take_all("weeks", "from") and (name := weekday(at)):
        parts["WKST"] = name


def in_months(at: Cursor) -> list[int]:
    return at.list_of(month) if at.take("in") else []


def if_it_is(at: Cursor) -> Parts | None:
    if not at.take_all("if", "it", "is"):
        return None
    at.take("the", "a")
    names = at.list_of(named_day, "or")
    return {"BYDAY": ",".join(names)} if names else None
