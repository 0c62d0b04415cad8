"""Times of day: 5pm, 5 pm, 17:00, at 5, at noon."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time

from todos.quickadd.found import Found, Strength, Words, low, next_low
from todos.quickadd.words import BEFORE_TIME, NAMED_TIMES

CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(am|pm|a\.m|p\.m)")
CLOCK_24 = re.compile(r"([0-9]{1,2}):([0-9]{2})")
HOUR = re.compile(r"[0-9]{1,2}(?:[:.][0-9]{2})?")
LOOSE = re.compile(r"([0-9]{1,2})(?:\.([0-9]{2})|h([0-9]{2})?)")
HALVES = frozenset({"am", "pm", "a.m", "p.m"})
NOON = 12


def read_time(words: Words, first: int) -> Found | None:
    """The time at `first`, with the “at” or “by” before it."""
    place = first
    if low(words, first) in BEFORE_TIME and not words[first].tail:
        place += 1
    found = time_at(words, first, place)
    if found and words[first].low == "for":
        return replace(found, strength=min(found.strength, Strength.UNSURE))
    return found


def time_at(words: Words, first: int, place: int) -> Found | None:
    word = low(words, place)
    if word in NAMED_TIMES:
        named = place > first or word != "midnight"
        strength = Strength.PLAIN if place > first else Strength.UNSURE
        clock = NAMED_TIMES[word]
        return Found("time", first, place + 1, strength, time=clock) if named else None
    if not word or word[0] not in "0123456789":
        return None
    half = next_low(words, place)
    if half in HALVES and HOUR.fullmatch(word):
        clock_with_half = clock_of(word + half)
        return Found("time", first, place + 2, time=clock_with_half) if clock_with_half else None
    clock_read = clock_of(word)
    if clock_read is not None:
        is_bare = not word.endswith("m") and is_ambiguous(word)
        return Found("time", first, place + 1, time=clock_read, is_bare=is_bare)
    before = low(words, first) if place > first else ""
    return loose(word, first, place, before) or (
        bare_hour(word, first, place) if before not in {"", "for"} else None
    )


def clock_of(word: str) -> time | None:
    """The time that 5pm, 5.30pm or 17:00 says; None when it says none."""
    if match := CLOCK.fullmatch(word):
        hour, minute = int(match[1]), int(match[2] or 0)
        if not 1 <= hour <= NOON or minute > 59:
            return None
        return time(hour % NOON + (NOON if match[3][0] == "p" else 0), minute)
    if match := CLOCK_24.fullmatch(word):
        return on_clock(match[1], int(match[2]))
    return None


def loose(word: str, first: int, place: int, before: str) -> Found | None:
    """17.30, which “at” must precede; 17h30 and 18h, which may be how long something takes."""
    match = LOOSE.fullmatch(word)
    if not match or ("." in word and before != "at"):
        return None
    hour = match[1] if "." in word else match[1].zfill(2)
    clock = on_clock(hour, int(match[2] or match[3] or 0))
    if clock is None:
        return None
    is_likely = before in {"at", "by"} or (len(match[1]) == 2 and match[3])
    strength = Strength.UNSURE if is_likely else Strength.DOUBTFUL
    is_bare = "." in word and hour[0] != "0" and int(hour) < NOON
    return Found("time", first, place + 1, strength, time=clock, is_bare=is_bare)


def bare_hour(word: str, first: int, place: int) -> Found | None:
    """At 5, at 17: the hour alone, which “at” or “by” must precede."""
    if len(word) > 2 or not word.isdigit():
        return None
    clock = on_clock(word, 0)
    if clock is None:
        return None
    return Found("time", first, place + 1, Strength.UNSURE, time=clock, is_bare=is_ambiguous(word))


def on_clock(hour: str, minute: int) -> time | None:
    """The time on a clock of 24 hours; a 1 to 6 without a zero before it is of the afternoon."""
    number = int(hour)
    if number > 23 or minute > 59:
        return None
    if len(hour) == 1 and 1 <= number <= 6:
        number += NOON
    return time(number, minute)


def is_ambiguous(word: str) -> bool:
    """Whether the hour that is written could be of the evening."""
    return word[0] != "0" and int(word.split(":")[0]) < NOON
