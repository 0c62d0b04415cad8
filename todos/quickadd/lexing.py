"""A line as words, and what in it is to be kept literal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from todos.quickadd.words import LOWER_ONLY

WORD = re.compile(r"\S+")
QUOTED = re.compile(r'(?<!\S)"[^"]*"(?=[\s.,;:!?)]|$)')
ESCAPED = re.compile(r'(?<!\S)\\(?:[#@]"[^"]*"|\S+)')
TAIL = ".,;:!?)…"


class Word(NamedTuple):
    """A word of the line, without the punctuation after it; `low` is "" if it is literal."""

    start: int
    end: int
    low: str
    tail: str


class Region(NamedTuple):
    """A part of the line that is literal; `marks` are the places of its quotes or backslash."""

    start: int
    end: int
    marks: tuple[int, ...]


def regions_of(text: str) -> list[Region]:
    """What stands in quotes or behind a backslash, in order."""
    quoted = []
    if '"' in text:
        quoted = [
            Region(match.start(), match.end(), (match.start(), match.end() - 1))
            for match in QUOTED.finditer(text)
        ]
    if "\\" not in text:
        return quoted
    regions = quoted + [
        Region(match.start(), match.end(), (match.start(),)) for match in ESCAPED.finditer(text)
    ]
    return without_overlaps(regions)


def without_overlaps(regions: Iterable[Region]) -> list[Region]:
    kept: list[Region] = []
    for region in sorted(regions):
        if not kept or region.start >= kept[-1].end:
            kept.append(region)
    return kept


def words_of(text: str, regions: Iterable[Region] = ()) -> list[Word]:
    """The words of `text`; those in `regions` cannot be understood as anything."""
    words = []
    ends = iter(regions)
    region = next(ends, None)
    for match in WORD.finditer(text):
        start, end = match.span()
        while region and region.end <= start:
            region = next(ends, None)
        if region and region.start < end:
            words.append(Word(start, end, "", ""))
            continue
        whole = match.group()
        if whole[-1] not in TAIL:
            words.append(Word(start, end, lowered(whole), ""))
            continue
        core = whole.rstrip(TAIL)
        if core.lower() == "every" and whole[5:6] == "!":
            core = whole[:6]
        words.append(Word(start, start + len(core), lowered(core), whole[len(core) :]))
    return words


def lowered(word: str) -> str:
    """The word in lower case; as it is where its capital makes it a name."""
    low = word.lower()
    return word if low in LOWER_ONLY else low
