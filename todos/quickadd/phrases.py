"""Which words of a line say when a task is due, and how it repeats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from todos.quickadd.dates import SIMPLE, read_date
from todos.quickadd.found import Found, Reader, Strength, Words
from todos.quickadd.recurrences import (
    read_adverb,
    read_count,
    read_each_month,
    read_end,
    read_every,
    read_start,
)
from todos.quickadd.times import read_time
from todos.quickadd.words import (
    ADVERBS,
    BEFORE_DAY,
    BETWEEN,
    ELSEWISE,
    ENDS,
    MONTHS,
    NAMED_TIMES,
    NUMBERS,
    ORDINALS,
    SHORT_WEEKDAYS,
    SMALL_WORDS,
    STARTS,
    WEEKDAYS,
)

Read = Callable[[Words, int, Reader], Found | None]
WHEN = frozenset({"date", "time"})
NOT_WHEN = WHEN | {"until", "beyond"}


def a_time(words: Words, place: int, reader: Reader) -> Found | None:
    return read_time(words, place)


def a_count(words: Words, place: int, reader: Reader) -> Found | None:
    return read_count(words, place)


# By the first word of a phrase: what it may be, tried in order.
HEADS: dict[str, tuple[Read, ...]] = {
    **dict.fromkeys(NUMBERS, (a_count,)),
    **dict.fromkeys(
        (*SIMPLE, *WEEKDAYS, *SHORT_WEEKDAYS, *MONTHS, *BEFORE_DAY, "the"), (read_date,)
    ),
    **dict.fromkeys((*NAMED_TIMES, "at"), (a_time,)),
    **dict.fromkeys(ADVERBS, (read_adverb,)),
    **dict.fromkeys(("every", "every!", "each", "ev"), (read_every,)),
    **dict.fromkeys(STARTS, (read_start,)),
    **dict.fromkeys(ENDS, (read_end,)),
    **dict.fromkeys(ORDINALS, (read_each_month,)),
    **dict.fromkeys(("on", "the"), (read_each_month, read_date)),
    "by": (read_date, a_time),
    "for": (a_count, read_date, a_time),
}
YEAR = re.compile(r"[0-9]{4}")
DIGITS: tuple[Read, ...] = (a_count, a_time, read_each_month, read_date)


def phrases_in(words: Words, reader: Reader) -> tuple[list[Found], bool]:
    """The phrases that count, in order, and whether there are others that do not.

    Several may say the same kind of thing.
    """
    found = list(candidates(words, reader))
    if not found:
        return found, False
    counted = plain_ones(words, without_elsewise(words, found))
    return counted, len(counted) < len(found)


def candidates(words: Words, reader: Reader) -> Iterator[Found]:
    place, end = 0, len(words)
    while place < end:
        word = words[place].low
        readers = HEADS.get(word) or (DIGITS if word and word[0] in "0123456789" else ())
        for read in readers:
            found = read(words, place, reader)
            if found:
                yield found
                place = found.stop
                break
        else:
            place += 1


def beyond_in(words: Words, reader: Reader) -> Iterator[Found]:
    """The dates of years before or after those that are kept: they stay text."""
    if not any(YEAR.search(word.low) for word in words):
        return iter(())
    return (phrase for phrase in candidates(words, reader) if phrase.kind == "beyond")


def without_elsewise(words: Words, found: list[Found]) -> list[Found]:
    """With those that say something else than when the task is due marked as such."""
    marked: list[Found] = []
    in_rule = False  # whether an unbroken row of phrases up to here has a recurrence
    for phrase in found:
        previous = marked[-1] if marked and marked[-1].stop == phrase.first else None
        in_rule = phrase.kind == "recurrence" or (in_rule and previous is not None)
        if (phrase.kind == "until" and not in_rule) or is_elsewise(words, phrase, previous):
            phrase = replace(phrase, strength=Strength.NEVER)
        if marked and are_ends_of_range(words, marked[-1], phrase):
            marked[-1] = replace(marked[-1], strength=Strength.NEVER)
            phrase = replace(phrase, strength=Strength.NEVER)
        marked.append(phrase)
    return marked


def is_elsewise(words: Words, phrase: Found, previous: Found | None) -> bool:
    """Whether the words before the phrase give it another sense: from Monday (at 9)."""
    before = words[phrase.first - 1] if phrase.first else None
    follows = before is not None and not before.tail and before.low in ELSEWISE
    if phrase.kind == "recurrence":
        return follows and phrase.strength is Strength.UNSURE
    if phrase.kind not in WHEN:
        return False
    goes_on = previous is not None and previous.kind in NOT_WHEN
    return follows or (goes_on and previous is not None and previous.strength is Strength.NEVER)


def are_ends_of_range(words: Words, one: Found, two: Found) -> bool:
    """Monday to Friday, 5pm or 6pm: two of a kind with one such word between."""
    is_near = one.kind == two.kind and one.kind in WHEN and two.first == one.stop + 1
    return is_near and words[one.stop].low in BETWEEN


def plain_ones(words: Words, found: list[Found]) -> list[Found]:
    """The plain ones, and those unsure at the end of the line or beside one that counts."""
    plain = [phrase.strength is Strength.PLAIN for phrase in found]
    certain = list(plain)
    order = range(len(found))
    for number in (*order, *reversed(order)):
        phrase = found[number]
        if plain[number] or phrase.strength is Strength.NEVER:
            continue
        counted = certain if phrase.strength is Strength.DOUBTFUL else plain
        is_alone = phrase.strength is Strength.UNSURE and ends_phrase(words, phrase)
        plain[number] = is_alone or any(
            counted[other] and found[other].kind != phrase.kind
            for other in neighbours(words, found, number)
        )
    return [phrase for phrase, counts in zip(found, plain, strict=True) if counts]


def ends_phrase(words: Words, phrase: Found) -> bool:
    """Whether nothing after an unsure phrase is what it could belong to.

    That is so at the end of the line; for a weekday also before punctuation and small words.
    """
    if all(word.start == word.end for word in words[phrase.stop :]):  # lone punctuation, if any
        return True
    last = words[phrase.stop - 1]
    is_name = phrase.kind == "date" and words[phrase.first].low in WEEKDAYS
    return is_name and (bool(last.tail) or words[phrase.stop].low in SMALL_WORDS)


def neighbours(words: Words, found: list[Found], number: int) -> Iterator[int]:
    """The phrases that stand directly before and after this one, in the same sentence."""
    for before, other in ((number - 1, number - 1), (number, number + 1)):
        if before < 0 or before + 1 >= len(found):
            continue
        stop = found[before].stop
        if stop == found[before + 1].first and words[stop - 1].tail in {"", ",", ":"}:
            yield other
