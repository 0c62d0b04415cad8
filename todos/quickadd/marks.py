"""What has a mark before it: #list, @tag, p1 to p4, and // before a description."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from todos.quickadd.lexing import TAIL, Region

MARK = re.compile(
    r"""(?<!\S) (?: //(?!\S) | [\#@]"[^"]+" | [\#@]\S+ | [pP][1-4](?=[.,;:!?)…]*(?:\s|\Z)) )""",
    re.VERBOSE,
)
END_OF_WORD = re.compile(r"[.,;:!?)…]*(?:\s|\Z)")
LONGEST_TAG = 50


class Mark(NamedTuple):
    """A marked part of the line; `value` is the name, or the number of the priority.

    `kind` is "unknown list" for a list that is none of the person's.
    """

    start: int
    end: int
    kind: str
    value: str


def marks_of(
    text: str, lists: Collection[str], regions: Iterable[Region] = (), *, to_end: bool = True
) -> Iterator[Mark]:
    """The marks of the line outside `regions`, in order.

    The description takes the rest of the line, unless `to_end` is false.
    """
    place = 0
    names: dict[int, dict[str, str]] | None = None
    literal = iter(regions)
    region = next(literal, None)
    while match := MARK.search(text, place):
        start, sign = match.start(), match.group()[0]
        while region and region.end <= start:
            region = next(literal, None)
        if region and region.start <= start:
            place = region.end
            continue
        place = match.end()
        if sign == "/":
            end = len(text.rstrip()) if to_end else place
            yield Mark(start, end, "description", text[place:].strip())
            if to_end:
                return
            continue
        if sign in "pP":
            yield Mark(start, place, "priority", match.group()[1])
            continue
        if sign == "#":
            names = by_length(lists) if names is None else names
            mark: Mark | None = list_at(text, match, names)
        else:
            mark = tag_at(match)
        if mark:
            place = mark.end
            yield mark


def by_length(lists: Collection[str]) -> dict[int, dict[str, str]]:
    """Names of lists by their length, the longest first, and by what makes them the same name."""
    names: dict[int, dict[str, str]] = {}
    for name in sorted(lists, key=len, reverse=True):
        names.setdefault(len(name), {}).setdefault(name.casefold(), name)
    return names


def list_at(text: str, match: re.Match[str], names: dict[int, dict[str, str]]) -> Mark | None:
    """The list after “#”: in quotes, or the longest known name that stands there."""
    start, first = match.start(), match.start() + 1
    if text[first] == '"':
        name = match.group()[2:-1]
        known = names.get(len(name), {}).get(name.casefold())
        return Mark(start, match.end(), "list" if known else "unknown list", known or name)
    for length, known_names in names.items():
        end = first + length
        known = known_names.get(text[first:end].casefold())
        if known and END_OF_WORD.match(text, end):
            return Mark(start, end, "list", known)
    name = match.group()[1:].rstrip(TAIL)
    # A number after “#” is that of an issue or a house.
    if not name or name.isdigit() or not name[0].isalnum():
        return None
    return Mark(start, first + len(name), "unknown list", name)


def tag_at(match: re.Match[str]) -> Mark | None:
    """The tag after “@”: in quotes, or up to a space or a comma."""
    name = match.group()[1:]
    if name[0] == '"':
        end, name = match.end(), name[1:-1]
    else:
        name = name.split(",")[0].rstrip(TAIL)
        end = match.start() + 1 + len(name)
    is_name = any(letter.isalnum() for letter in name) and not {"@", ",", '"'} & {*name}
    if not is_name or len(name) > LONGEST_TAG:
        return None
    return Mark(match.start(), end, "tag", name)
