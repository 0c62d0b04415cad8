"""Reading a JSON object of any size, one row of its arrays at a time."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.api.json import bounded, check_value, finite, members, refuse_constant

AT_ONCE = 64 * 1024
# The longest row there can be: a change of a description, with both of its texts escaped.
LONGEST_VALUE = 1024 * 1024
SPACE = " \t\n\r"
DECODER = json.JSONDecoder(
    object_pairs_hook=members,
    parse_constant=refuse_constant,
    parse_float=finite,
    parse_int=bounded,
)


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class JSONReader:
    """Reads from `source` as much as it needs. Raises ValidationError for what is no JSON, or
    could be read in two ways (as `accounts.api.json` says).
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.buffer, self.place, self.is_over = "", 0, False

    def members(self) -> Iterator[tuple[str, Any]]:
        """The members of the object: an array as an iterator of rows, which is to be read to its
        end, all else as its value.
        """
        self.expect("{")
        while True:
            name = self.value()
            self.expect(":")
            yield name, self.rows() if self.look() == "[" else self.value()
            if self.look() != ",":
                break
            self.expect(",")
        self.expect("}")
        if self.look():
            raise not_json(_("there is more after its end"))

    def rows(self) -> Iterator[Any]:
        self.expect("[")
        if self.look() == "]":
            self.expect("]")
            return
        while True:
            yield self.value()
            if self.look() != ",":
                break
            self.expect(",")
        self.expect("]")

    def look(self) -> str:
        """The next character that is no space, or "" at the end."""
        while True:
            while self.place < len(self.buffer) and self.buffer[self.place] in SPACE:
                self.place += 1
            if self.place < len(self.buffer):
                return self.buffer[self.place]
            if self.is_over:
                return ""
            self.fill()

    def expect(self, character: str) -> None:
        if self.look() != character:
            raise not_json(_("“%(character)s” is missing") % {"character": character})
        self.place += 1

    def value(self) -> Any:
        """The value that is next."""
        self.look()
        while True:
            try:
                value, end = DECODER.raw_decode(self.buffer, self.place)
                if end < len(self.buffer) or self.is_over:
                    check_value(value, depth=1)
                    self.place = end
                    return value
            except RecursionError:
                raise not_json(_("it is nested too deeply")) from None
            except json.JSONDecodeError as problem:
                if self.is_over:
                    raise not_json(problem.msg) from None
            except ValueError as problem:
                raise not_json(str(problem)) from None
            if len(self.buffer) - self.place > LONGEST_VALUE:
                raise not_json(_("a row is too long"))
            self.fill()

    def fill(self) -> None:
        """Read on, at least as much again as waits to be understood."""
        rest = self.buffer[self.place :]
        data = self.source.read(max(AT_ONCE, len(rest)))
        try:
            text = self.decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise not_json(_("it is not UTF-8")) from None
        self.buffer, self.place, self.is_over = rest + text, 0, not data


def not_json(why: str) -> ValidationError:
    return ValidationError(_("account.json is not JSON as we write it: %(why)s.") % {"why": why})
