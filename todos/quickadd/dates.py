"""Days: tomorrow, next Monday, 27 Jan, the 17th, in 3 days, 27/1."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import UTC, date, time, timedelta
from typing import NamedTuple

from todos.quickadd.found import Clock, Found, Reader, Strength, Words, low, next_low
from todos.quickadd.words import (
    ALL_WEEKDAYS,
    BEFORE_DAY,
    MANY_WEEKDAYS,
    MONTHS,
    NAMED_DAYS,
    NOT_DATES,
    NUMBERS,
    PARTS_OF_DAY,
    SHORT_WEEKDAYS,
    SMALL_WORDS,
    TONIGHT,
    UNITS,
    WEEKDAYS,
    WORDY,
)

FIRST_YEAR, LAST_YEAR = 1970, 2200
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
NUMBER_DATE = re.compile(r"([0-9]{1,4})([/.])([0-9]{1,2})(?:\2([0-9]{1,4}))?")
DAY_NUMBER = re.compile(r"([0-9]{1,2})(st|nd|rd|th)?")
YEAR = re.compile(r"[0-9]{4}")
COUNT = re.compile(r"[0-9]{1,3}")


class Day(NamedTuple):
    """A day that the words up to `stop` name."""

    stop: int
    day: date
    strength: Strength = Strength.PLAIN
    time: Clock | None = None  # for certain, as in “in 3 hours”
    part: Clock | None = None  # unless another is said, as in “tomorrow morning”
    is_beyond: bool = False  # of a year before or after those that are kept


def read_date(words: Words, first: int, reader: Reader) -> Found | None:
    """The date at `first`, with the words before it that belong to it (“by the 17th”)."""
    place, strength = first, Strength.NEVER
    while low(words, place) in BEFORE_DAY and not words[place].tail and place < first + 2:
        if low(words, place) != "for":
            strength = Strength.PLAIN
        place += 1
    named = read_day(words, place, reader)
    if named is None:
        return None
    if named.is_beyond:
        return Found("beyond", first, named.stop, Strength.NEVER)
    return Found(
        "date",
        first,
        named.stop,
        max(strength, named.strength),
        day=named.day,
        time=named.time,
        part=named.part,
    )


def read_day(words: Words, place: int, reader: Reader) -> Day | None:
    """The day at `place`, with the part of the day after it."""
    if low(words, place) == "the" and not words[place].tail:
        named = after_article(words, place + 1, reader)
    else:
        named = one_of_words(words, place, reader) or one_of_numbers(words, place, reader)
    if named is None or named.time or named.part or named.is_beyond:
        return named
    part = PARTS_OF_DAY.get(next_low(words, named.stop - 1))
    if part is None:
        return named
    strength = named.strength and max(named.strength, Strength.UNSURE)
    return named._replace(stop=named.stop + 1, part=part, strength=strength)


def after_article(words: Words, place: int, reader: Reader) -> Day | None:
    """The day after “the”: the 17th, the 27th of January, the weekend, the day after tomorrow."""
    if low(words, place) in {"weekend", "end", "day"}:
        return one_of_words(words, place, reader)
    number = DAY_NUMBER.fullmatch(low(words, place))
    if not (number and number[2]):
        return None
    named = one_of_numbers(words, place, reader)
    # “The 5th Wave”: a number with “the” needs “on”, “by” or “due” before it.
    if named and named.stop == place + 1:
        return named._replace(strength=Strength.NEVER)
    return named


def one_of_words(words: Words, place: int, reader: Reader) -> Day | None:
    word = low(words, place)
    if word in SIMPLE:
        return SIMPLE[word](words, place, reader)
    if word in WEEKDAYS or word in SHORT_WEEKDAYS:
        return weekday_and_date(words, place, reader)
    if word in MONTHS:
        return month_and_day(words, place, reader)
    return None


def today(words: Words, place: int, reader: Reader) -> Day:
    return Day(place + 1, reader.today)


def tonight(words: Words, place: int, reader: Reader) -> Day:
    """Today; at nine in the evening unless that has passed."""
    is_over = reader.now.time().replace(tzinfo=None) >= TONIGHT
    return Day(place + 1, reader.today, part=None if is_over else TONIGHT)


def tomorrow(words: Words, place: int, reader: Reader) -> Day:
    return Day(place + 1, reader.today + timedelta(days=1))


def short_tomorrow(words: Words, place: int, reader: Reader) -> Day | None:
    """Tom: a name after “with”, “by” and the like."""
    before = words[place - 1].low if place else ""
    if before == "by" or before in SMALL_WORDS:
        return None
    return Day(place + 1, reader.today + timedelta(days=1), Strength.UNSURE)


def day_after_tomorrow(words: Words, place: int, reader: Reader) -> Day | None:
    if next_low(words, place) == "after" and next_low(words, place + 1) == "tomorrow":
        return Day(place + 3, reader.today + timedelta(days=2))
    return None


def weekend(words: Words, place: int, reader: Reader) -> Day:
    return Day(place + 1, coming_weekend(reader), Strength.UNSURE)


def coming_weekend(reader: Reader) -> date:
    """The coming Saturday; today if the weekend is here."""
    if reader.today.weekday() >= 5:
        return reader.today
    return reader.today + timedelta(days=5 - reader.today.weekday())


def this(words: Words, place: int, reader: Reader) -> Day | None:
    """This Friday (today, if it is one), this weekend, this evening."""
    word = next_low(words, place)
    if word in PARTS_OF_DAY:
        return Day(place + 2, reader.today, part=PARTS_OF_DAY[word])
    if word == "weekend":
        return Day(place + 2, coming_weekend(reader))
    if word in ALL_WEEKDAYS and word not in MANY_WEEKDAYS:
        ahead = (ALL_WEEKDAYS[word] - reader.today.weekday()) % 7
        return Day(place + 2, reader.today + timedelta(days=ahead))
    return None


def following(words: Words, place: int, reader: Reader) -> Day | None:
    """Next Monday, next week, next weekend, next month, next year: of the week after this one."""
    word = next_low(words, place)
    day: date | None = None
    next_week = reader.first_of_week + timedelta(days=7)
    if word in ALL_WEEKDAYS and word not in MANY_WEEKDAYS:
        day = next_week + timedelta(days=(ALL_WEEKDAYS[word] - next_week.weekday()) % 7)
    elif word == "week":
        day = next_week
    elif word == "weekend":
        saturday = reader.today + timedelta(days=(5 - reader.today.weekday()) % 7)
        day = saturday + timedelta(days=7)
        if reader.today.weekday() == 6:
            day = saturday
    elif word == "month":
        day = month_after(reader.today.replace(day=1), 1)
    elif word == "year":
        day = date(reader.today.year + 1, 1, 1)
    return Day(place + 2, day) if day else None


def end_of(words: Words, place: int, reader: Reader) -> Day | None:
    """End of month, end of the month, end of this or next month; week and year likewise."""
    stop = place + 1
    if next_low(words, place) != "of":
        return None
    which = next_low(words, stop)
    if which in {"the", "this", "next"}:
        stop += 1
    unit = next_low(words, stop)
    ahead = 1 if which == "next" else 0
    if unit == "week":
        day = reader.first_of_week + timedelta(days=6 + 7 * ahead)
    elif unit == "month":
        day = end_of_month(month_after(reader.today.replace(day=1), ahead))
    elif unit == "year":
        day = date(reader.today.year + ahead, 12, 31)
    else:
        return None
    return Day(stop + 2, day)


def later(words: Words, place: int, reader: Reader) -> Day | None:
    """In 3 days, in two weeks, in an hour."""
    number = number_of(next_low(words, place))
    if not number or words[place + 1].tail:
        return None
    unit = UNITS.get(low(words, place + 2), "")
    stop = place + 3
    if unit in {"minute", "hour"}:
        moment = reader.now.astimezone(UTC) + timedelta(**{f"{unit}s": number})
        local = moment.astimezone(reader.now.tzinfo)
        return Day(stop, local.date(), time=time(local.hour, local.minute))
    day = days_later(reader.today, unit, number)
    return Day(stop, day) if day else None


def days_later(day: date, unit: str, number: int) -> date | None:
    """`day` and so many units more; None when that is no unit, or beyond what is kept."""
    if unit in {"day", "week", "fortnight"}:
        return day + timedelta(days=number * {"day": 1, "week": 7, "fortnight": 14}[unit])
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit, 0) * number
    if not months or day.year + months // 12 + 1 > LAST_YEAR:
        return None
    first = month_after(day.replace(day=1), months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def number_of(word: str) -> int | None:
    """The number that a word or digits say, up to 999; None when it is none."""
    if word in NUMBERS:
        return NUMBERS[word]
    return int(word) if COUNT.fullmatch(word) else None


def month_after(first: date, months: int) -> date:
    """The first of the month that many months after that of `first`, which is a first itself."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def weekday_and_date(words: Words, place: int, reader: Reader) -> Day | None:
    """Monday (the next one), or Monday 27 January, where the date counts."""
    word = low(words, place)
    if words[place].tail in {"", ",", "."} and place + 1 < len(words):
        start = place + 1
        if low(words, start) == "the" and not words[start].tail:
            start += 1
        dated = one_of_numbers(words, start, reader) or (
            month_and_day(words, start, reader) if low(words, start) in MONTHS else None
        )
        if dated and dated.is_beyond:
            return dated
        if dated and dated.day.weekday() == ALL_WEEKDAYS[word]:
            return dated._replace(strength=Strength.PLAIN)
    ahead = (ALL_WEEKDAYS[word] - reader.today.weekday() - 1) % 7 + 1
    strength = Strength.DOUBTFUL if word in WORDY else Strength.UNSURE
    if place and words[place - 1].low in NAMED_DAYS:
        strength = Strength.NEVER
    return Day(place + 1, reader.today + timedelta(days=ahead), strength)


def one_of_numbers(words: Words, place: int, reader: Reader) -> Day | None:
    """The day at `place`, which begins with digits: 27 Jan, the 17th, 2027-01-27, 27/1."""
    word = low(words, place)
    if not word or word[0] not in "0123456789":
        return None
    if iso := ISO_DATE.fullmatch(word):
        return written(place + 1, int(iso[1]), int(iso[2]), int(iso[3]))
    if number := DAY_NUMBER.fullmatch(word):
        return day_and_month(words, place, reader) or (
            day_of_month(words, place, reader) if number[2] and is_ordinal(word) else None
        )
    return slashed(words, place, reader)


def is_ordinal(word: str) -> bool:
    """Whether a number has the ending that belongs to it: 1st, 11th, 22nd."""
    number = int(word[:-2])
    right = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return word.endswith(right)


def day_and_month(words: Words, place: int, reader: Reader) -> Day | None:
    """27 Jan, 27th January, 27th of January 2027."""
    number = DAY_NUMBER.fullmatch(low(words, place))
    stop = place + 1
    if next_low(words, place) == "of":
        stop += 1
    name = "" if words[place].tail else low(words, stop)
    if not number or name not in MONTHS:
        return None
    return dated(words, stop + 1, reader, MONTHS[name], int(number[1]), weak=name in WORDY)


def month_and_day(words: Words, place: int, reader: Reader) -> Day | None:
    """Jan 27, January 27th, Jan 27, 2027."""
    name = low(words, place)
    if words[place].tail not in {"", "."}:
        return None
    number = DAY_NUMBER.fullmatch(low(words, place + 1))
    if not number:
        return None
    return dated(words, place + 2, reader, MONTHS[name], int(number[1]), weak=name in WORDY)


def dated(
    words: Words, stop: int, reader: Reader, month: int, number: int, *, weak: bool
) -> Day | None:
    """The day of that month: of the year at `stop` if there is one, else the next such day."""
    year = low(words, stop) if words[stop - 1].tail in {"", ","} else ""
    if YEAR.fullmatch(year):
        return written(stop + 1, int(year), month, number)
    day = next_such_day(reader.today, month, number)
    if day is None:
        return None
    return Day(stop, day, Strength.UNSURE if weak else Strength.PLAIN)


def next_such_day(today: date, month: int, number: int) -> date | None:
    """The next day of that month and number, today at the earliest; None if there never is one."""
    for year in range(today.year, today.year + 9):
        if month == 2 and number == 29 and not isleap(year):
            continue
        day = day_of(year, month, number)
        if day is None:
            return None
        if day >= today:
            return day
    return None


def day_of_month(words: Words, place: int, reader: Reader) -> Day | None:
    """The next day with that number; the 31st is of a month that has one."""
    number = int(low(words, place)[:-2])
    if not 1 <= number <= 31:
        return None
    first = reader.today.replace(day=1)
    while True:
        day = day_of(first.year, first.month, number)
        if day and day >= reader.today:
            return Day(place + 1, day, Strength.UNSURE)
        first = month_after(first, 1)


def slashed(words: Words, place: int, reader: Reader) -> Day | None:
    """27/1, 27/1/27, 27/1/2027, 2027/1/27 and 27.1.2027, in the person's order."""
    word = low(words, place)
    numbers = NUMBER_DATE.fullmatch(word)
    if not numbers:
        return None
    one, sign, two, three = numbers.groups()
    if three is None:
        return without_year(word, one, two, reader, place) if sign == "/" else None
    if len(one) == 4 or (reader.date_order == "ymd" and len(three) <= 2):
        year, month, day = one, two, three
    else:
        day, month = (two, one) if reader.date_order == "mdy" else (one, two)
        year = three
    is_whole = len(year) == 4
    # 3.11.27 is a version, 3/11/27 a date.
    if not (is_whole or (len(year) == 2 and sign == "/")) or len(day) > 2 or len(month) > 2:
        return None
    named = written(place + 1, int(year) if is_whole else 2000 + int(year), int(month), int(day))
    return named and (named if is_whole else named._replace(strength=Strength.UNSURE))


def without_year(word: str, one: str, two: str, reader: Reader, place: int) -> Day | None:
    """27/1: the next such day."""
    if len(one) > 2:
        return None
    day, month = (one, two) if reader.date_order == "dmy" else (two, one)
    found = next_such_day(reader.today, int(month), int(day))
    strength = Strength.DOUBTFUL if word in NOT_DATES else Strength.UNSURE
    return Day(place + 1, found, strength) if found else None


def written(stop: int, year: int, month: int, number: int) -> Day | None:
    """The day that the words up to `stop` write with its year; None if that is no day."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        day = day_of(year, month, number)
        return Day(stop, day) if day else None
    day = day_of(2000, month, number)
    return Day(stop, day, Strength.NEVER, is_beyond=True) if day else None


def day_of(year: int, month: int, number: int) -> date | None:
    """The date, or None when there is no such day from 1970 to 2200."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


SIMPLE = {
    "today": today,
    "tonight": tonight,
    "tomorrow": tomorrow,
    "tmrw": tomorrow,
    "tmr": tomorrow,
    "tom": short_tomorrow,
    "day": day_after_tomorrow,
    "weekend": weekend,
    "this": this,
    "next": following,
    "end": end_of,
    "in": later,
}
