"""A line as the fields of a task, and where in the line they stood."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from todos.quickadd.found import Found, Reader, Words
from todos.quickadd.lexing import TAIL, Region, regions_of, words_of
from todos.quickadd.lines import LONGEST_LINE
from todos.quickadd.marks import Mark, marks_of
from todos.quickadd.phrases import beyond_in, phrases_in
from todos.recurrence import Rule, first_due

NOON = time(12)
NOTHING = re.compile(rf"[\s{re.escape(TAIL)}]*")
DASH = re.compile(r"[-\u2013\u2014]\s+")


Clock = time


class Span(NamedTuple):
    """A part of the line that was understood, in code points."""

    start: int
    end: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a line says. A time without a zone is of wherever the person is.

    `whole` is all of the line as a title, without the marks that only kept something literal.
    """

    title: str
    description: str = ""
    list_name: str | None = None
    tags: tuple[str, ...] = ()
    priority: int | None = None
    day: date | None = None
    time: Clock | None = None
    zone: None = None
    rule: str = ""
    repeats_from: str = "due"
    start_on: date | None = None
    spans: tuple[Span, ...] = ()
    hints: tuple[str, ...] = ()
    whole: str = ""


class Recurrence(NamedTuple):
    rule: str
    repeats_from: str
    day: date | None
    time: Clock | None


@dataclass(frozen=True, slots=True)
class When:
    """What the phrases of a line come to."""

    day: date | None = None
    time: Clock | None = None
    rule: str = ""
    repeats_from: str = "due"
    start_on: date | None = None


def parse(
    text: str,
    *,
    now: datetime,
    date_order: str = "dmy",
    week_start: int = 1,
    lists: Collection[str] = (),
    archived: Collection[str] = (),
) -> Parsed:
    """What one line says, read at `now`, which is aware and in the person's zone. Never raises.

    `date_order` is dmy, mdy or ymd, `week_start` 1 (Monday) to 7; `lists` are the names of the
    person's lists, `archived` of those that they put away. What is not understood is the title.
    """
    if len(text) > LONGEST_LINE:
        return plain(text, _("Only lines of up to %d characters are read.") % LONGEST_LINE)
    reader = Reader(now, date_order, week_start)
    regions = regions_of(text)
    marks = list(marks_of(text, lists, regions))
    if marks and regions:
        marked = covered(text, [(mark.start, mark.end) for mark in marks])
        regions = [region for region in regions if 1 not in marked[region.start : region.end]]
    words = without_marks(words_of(text, regions), marks)
    found, when, doubled = read_phrases(words, reader)
    spans, hints = spans_of(text, marks, found, doubled, archived)
    hints += [
        _("“%s” is of a year before 1970 or after 2200, so it stays text.")
        % text[words[each.first].start : words[each.stop - 1].end]
        for each in beyond_in(words, reader)
    ]
    dropped = [place for region in kept(text, regions, reader, lists) for place in region.marks]
    title, whole = title_of(text, spans, dropped), title_of(text, (), dropped)
    if spans and not title:
        return plain(whole, _("Nothing is left for the title, so all of it is the title."))
    of_kind = {mark.kind: mark.value for mark in marks}
    tags = {mark.value.casefold(): mark.value for mark in reversed(marks) if mark.kind == "tag"}
    return Parsed(
        title=title,
        description=of_kind.get("description", ""),
        list_name=of_kind.get("list"),
        tags=tuple(reversed(tags.values())),
        priority=int(of_kind["priority"]) if "priority" in of_kind else None,
        day=when.day,
        time=when.time,
        rule=when.rule,
        repeats_from=when.repeats_from,
        start_on=when.start_on,
        spans=tuple(spans),
        hints=tuple(hints),
        whole=whole,
    )


def plain(text: str, hint: str) -> Parsed:
    title = " ".join(text.split())
    return Parsed(title=title, hints=(hint,), whole=title)


def parse_recurrence(
    text: str, *, now: datetime, date_order: str = "dmy", week_start: int = 1
) -> Recurrence:
    """The rule that the words say, with or without “every”, and its first due.

    Raises ValidationError when any of the words is not part of it.
    """
    reader = Reader(now, date_order, week_start)
    for line in (text, f"every {text}"):
        words = words_of(line) if len(line) <= LONGEST_LINE else []
        found, when, doubled = read_phrases(words, reader)
        if when.rule and not doubled and sum(len(each) for each, _kind in found) == len(words):
            return Recurrence(when.rule, when.repeats_from, when.day, when.time)
    raise ValidationError(
        _("Say how it repeats in words such as “every 2 weeks on Monday and Friday”.")
    )


def parse_due(
    text: str, *, now: datetime, date_order: str = "dmy", week_start: int = 1
) -> Recurrence:
    """When the words say that something is due, and the rule if they say that it repeats.

    Raises ValidationError when any of the words is not part of it.
    """
    words = words_of(text) if len(text) <= LONGEST_LINE else []
    found, when, doubled = read_phrases(words, Reader(now, date_order, week_start))
    is_whole = bool(words) and sum(len(each) for each, _kind in found) == len(words)
    if not is_whole or doubled or when.start_on or when.day is None:
        raise ValidationError(
            _("Say when in words such as “tomorrow 9am”, “next Friday” or “every Monday”.")
        )
    return Recurrence(when.rule, when.repeats_from, when.day, when.time)


def literal(text: str, span: Span) -> str:
    """The line with that part kept as text: in quotes, or a single word behind a backslash."""
    before, words, after = text[: span.start], text[span.start : span.end], text[span.end :]
    if span.kind == "description" and '"' not in words:
        return f'{before}"{words}"{after}'
    is_one = not any(letter.isspace() for letter in words)
    if is_one or '"' in words:
        return f"{before}\\{words}{after}"
    return f'{before}"{words}"{after}'


# Reading the phrases

Places = list[tuple[Words, str]]


def read_phrases(words: Words, reader: Reader) -> tuple[Places, When, set[str]]:
    """The words that were understood with their kinds; what they say; kinds that came twice.

    What is left when phrases are taken out is read again: words that come to stand together in
    the title may say something too.
    """
    taken: dict[str, Found] = {}
    when = When()
    places: Places = []
    doubled: set[str] = set()
    refused: frozenset[str] = frozenset()
    while True:
        found, has_others = phrases_in(words, reader)
        found = [each for each in found if each.kind not in refused]
        new = {each.kind: each for each in found if each.kind not in taken}
        doubled |= {each.kind for each in found if new.get(each.kind) is not each}
        said = when_of(taken | new, reader) if new else None
        if not new:
            break
        if said is None:
            refused = frozenset({"recurrence", "until"})
            continue
        when = said
        taken |= new
        places += [(words[each.first : each.stop], each.kind) for each in new.values()]
        inside = {place for each in new.values() for place in range(each.first, each.stop)}
        left = [place for place in range(len(words)) if place not in inside]
        is_seamless = not left or left[0] > max(inside) or left[-1] < min(inside)
        if is_seamless and not has_others:
            break
        words = [words[place] for place in left]
    return places, when, doubled - refused


def when_of(taken: dict[str, Found], reader: Reader) -> When | None:
    """What the phrases come to; None when the recurrence among them never happens."""
    date_said, repeats, start = (taken.get(kind) for kind in ("date", "recurrence", "start"))
    day = date_said.day if date_said else None
    clock = time_of(taken)
    if repeats is None:
        if day is None and clock is not None:
            day = next_time(clock, reader)
        return When(day, clock, start_on=start.day if start else None)
    try:
        rule = rule_of(repeats.rule + ending(taken.get("until")))
    except ValidationError:
        return None
    if day is None:
        due = first_due(rule, time=clock, now=beginning(start, reader))
        if due is None:
            return None
        day, clock = due
    return When(day, clock, str(rule), "completion" if repeats.from_completion else "due")


def time_of(taken: dict[str, Found]) -> time | None:
    """The time that was said, or that a part of the day stands for (“tonight”)."""
    said, date_said, repeats = (taken.get(kind) for kind in ("time", "date", "recurrence"))
    part = (date_said and date_said.part) or (repeats and repeats.part) or None
    if said is None or said.time is None:
        return (date_said and date_said.time) or part
    if said.is_bare and part and part > NOON > said.time:
        return said.time.replace(hour=said.time.hour + 12)
    return said.time


@lru_cache(maxsize=512)
def rule_of(text: str) -> Rule:
    return Rule.parse(text)


def next_time(clock: time, reader: Reader) -> date:
    """Today, or tomorrow when that time has passed."""
    has_passed = clock < reader.now.time().replace(second=0, microsecond=0)
    return reader.today + timedelta(days=1 if has_passed else 0)


def ending(until: Found | None) -> str:
    if until is None:
        return ""
    return f";UNTIL={until.day:%Y%m%d}" if until.day else f";COUNT={until.count}"


def beginning(start: Found | None, reader: Reader) -> datetime:
    """The moment from which a recurrence is looked for."""
    if start is None or start.day is None or start.day <= reader.today:
        return reader.now
    return datetime.combine(start.day, time.min, reader.now.tzinfo)


# Where they stood


def covered(text: str, places: Iterable[tuple[int, int]]) -> bytearray:
    """For each character of the text 1 if it is in one of `places`."""
    found = bytearray(len(text))
    for start, end in places:
        found[start:end] = b"\1" * (end - start)
    return found


def without_marks(words: Words, marks: list[Mark]) -> Words:
    if not marks:
        return words
    left, rest = [], iter(marks)
    mark = next(rest, None)
    for word in words:
        while mark and mark.end <= word.start:
            mark = next(rest, None)
        if not (mark and mark.start < word.end + len(word.tail)):
            left.append(word)
    return left


def spans_of(
    text: str,
    marks: list[Mark],
    found: Places,
    doubled: set[str],
    archived: Collection[str],
) -> tuple[list[Span], list[str]]:
    """What was understood, in order, and what is to be told of the rest."""
    spans = [
        Span(start, end, kind, text[start:end])
        for words, kind in found
        for start, end in runs(text, words)
    ]
    hints = []
    last = {mark.kind: mark for mark in marks}
    for mark in marks:
        if mark.kind == "unknown list":
            hints.append(hint_of_list(mark, text, archived))
        elif mark.kind == "tag" or mark is last[mark.kind]:
            spans.append(Span(mark.start, mark.end, mark.kind, text[mark.start : mark.end]))
        else:
            doubled.add(mark.kind)
    spans.sort()
    hints += [
        _("Only one of a kind counts: “%s”.") % text_of(spans, kind) for kind in sorted(doubled)
    ]
    return spans, hints


def hint_of_list(mark: Mark, text: str, archived: Collection[str]) -> str:
    """Why a list that was named is none to add to."""
    named = next(marks_of(text[mark.start :], archived), None) if archived else None
    if named and named.kind == "list":
        return _("The list “%s” is archived.") % named.value
    return _("There is no list called “%s”.") % mark.value


def runs(text: str, words: Words) -> list[tuple[int, int]]:
    """Where the words stand, as one part unless something else is between them."""
    found = [(words[0].start, words[0].end)]
    for before, word in pairwise(words):
        if NOTHING.fullmatch(text, before.end, word.start):
            found[-1] = (found[-1][0], word.end)
        else:
            found.append((word.start, word.end))
    return found


def text_of(spans: list[Span], kind: str) -> str:
    return " ".join(span.text for span in spans if span.kind == kind)


# What is kept literal, and the title


def kept(text: str, regions: list[Region], reader: Reader, lists: Collection[str]) -> list[Region]:
    """Those of `regions` that keep something from being understood."""
    if not regions:
        return []
    letters = list(text)
    for region in regions:
        for place in region.marks:
            letters[place] = " "
    bare = "".join(letters)
    marks = list(marks_of(bare, lists, to_end=False))
    words = without_marks(words_of(bare), marks)
    places = [(mark.start, mark.end) for mark in marks]
    places += [
        (words[each.first].start, words[each.stop - 1].end) for each in phrases_in(words, reader)[0]
    ]
    understood = covered(text, places)
    return [region for region in regions if 1 in understood[region.start : region.end]]


def title_of(text: str, spans: Iterable[Span], dropped: Iterable[int]) -> str:
    """The line without what was understood, its seams and spaces tidied."""
    letters = list(text)
    for place in dropped:
        letters[place] = ""
    title, place = "", 0
    for number, span in enumerate([*spans, None]):
        piece = "".join(letters[place : span.start if span else len(letters)])
        title = joined(title, piece) if number else piece
        place = span.end if span else 0
    return " ".join(title.split())


def joined(left: str, right: str) -> str:
    """The text before and after a part that was taken out."""
    rest = right.lstrip(TAIL)
    tail, rest, left = right[: len(right) - len(rest)], rest.lstrip(), left.rstrip()
    if not left:
        dash = DASH.match(rest)
        return rest[dash.end() :] if dash else rest
    if not rest:
        left = left.rstrip(",;:-\u2013\u2014 ")
        return left + tail.strip(",;:") if left else ""
    return f"{left}{'' if left[-1] in TAIL else tail} {rest}"


__all__ = ["LONGEST_LINE", "Parsed", "Recurrence", "Span", "literal", "parse", "parse_recurrence"]
