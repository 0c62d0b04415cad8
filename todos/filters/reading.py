"""Reading a filter from left to right.

filter       alternative ("|" alternative)*
alternative  condition ("&" condition)*
condition    "!" condition, "(" filter ")", or a term
"""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.fields import clean_text
from accounts.models import User
from todos.filters.conditions import understood
from todos.filters.days import Days
from todos.filters.expressions import Expression, Node, Not, Several, Unclear
from todos.filters.pieces import Character, Piece

LONGEST_FILTER = 500
MOST_TERMS = 50
DEEPEST_NESTING = 20


def parse(text: str, *, now: datetime, date_order: str = "dmy", week_start: int = 1) -> Expression:
    """Read a filter; `now` is local to the person, whose days it speaks of.

    Raises ValidationError that names the place, in words and as the parameter `position`.
    """
    if len(text) > LONGEST_FILTER:
        reason = _("A filter has %(most)d characters at most.") % {"most": LONGEST_FILTER}
        raise Unclear(reason, LONGEST_FILTER)
    text = clean_text(text)
    return Expression(Reader(text, Days(now, date_order, week_start)).filter())


def parse_for(user: User, text: str, *, now: datetime) -> Expression:
    """Read a filter of `user`, who writes days in their own order. Raises as `parse` does."""
    return parse(text, now=now, date_order=user.date_order, week_start=user.week_start)


def told(user: User, text: str, *, now: datetime) -> str:
    """What a filter of `user` finds, in words, or else why it cannot be read (any more)."""
    try:
        return parse_for(user, text, now=now).text
    except ValidationError as refusal:
        return " ".join(refusal.messages)


def searching(text: str) -> str:
    """The filter that searches for `text`, whatever signs are in it."""
    return "search: " + re.sub(r'([&|()"\\])', r"\\\1", text)


class Reader:
    """Reads a filter from left to right."""

    def __init__(self, text: str, days: Days) -> None:
        self.text = text
        self.days = days
        self.at = 0
        self.depth = 0
        self.terms = 0

    def filter(self) -> Node:
        node = self.several("|")
        if self.next() == ")":
            raise Unclear(_("This bracket closes nothing."), self.at)
        return node

    def several(self, sign: str) -> Node:
        parts = [self.part_of(sign)]
        while self.next() == sign:
            self.at += 1
            parts.append(self.part_of(sign))
        return parts[0] if len(parts) == 1 else Several(sign, tuple(parts))

    def part_of(self, sign: str) -> Node:
        return self.several("&") if sign == "|" else self.condition()

    def condition(self) -> Node:
        sign, begins = self.next(), self.at
        if sign not in {"!", "("}:
            return self.term()
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise Unclear(_("This is nested too deeply."), begins)
        self.at += 1
        node: Node = Not(self.condition()) if sign == "!" else self.in_brackets(begins)
        self.depth -= 1
        return self.before_sign(node)

    def in_brackets(self, begins: int) -> Node:
        node = self.several("|")
        if self.next() != ")":
            raise Unclear(_("This bracket is not closed."), begins)
        self.at += 1
        return node

    def next(self) -> str:
        """The next character that is no space, or "" at the end."""
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def term(self) -> Node:
        if self.next() in {"", "&", "|", ")"}:
            raise Unclear(_("A condition is missing here."), self.at)
        self.terms += 1
        if self.terms > MOST_TERMS:
            reason = _("A filter has %(most)d conditions at most.") % {"most": MOST_TERMS}
            raise Unclear(reason, self.at)
        return self.before_sign(understood(self.piece(), self.days))

    def before_sign(self, node: Node) -> Node:
        """`node`, which was just read, if what follows it can follow a condition."""
        if self.next() not in {"", "&", "|", ")"}:
            raise Unclear(_("Write & or | between two conditions."), self.at)
        return node

    def piece(self) -> Piece:
        """The text up to the next sign: without its quotes and backslashes, but knowing them."""
        begins, written = self.at, []
        while self.at < len(self.text) and self.text[self.at] not in "&|()":
            if self.text[self.at] == "\\":
                self.at += 1
                if self.at == len(self.text):
                    raise Unclear(_("A backslash stands before a character."), self.at - 1)
                written.append(Character(self.text[self.at], self.at, is_literal=True))
            elif self.text[self.at] == '"' and self.may_quote():
                written += self.quoted()
            else:
                written.append(Character(self.text[self.at], self.at))
            self.at += 1
        while written and written[-1].is_space:
            written.pop()
        return Piece(written, begins)

    def may_quote(self) -> bool:
        """Whether a quotation mark here opens a quotation: not so in 5" nails."""
        return self.at == 0 or self.text[self.at - 1] in " \t:#@!&|("

    def quoted(self) -> list[Character]:
        closes = self.text.find('"', self.at + 1)
        if closes < 0:
            raise Unclear(_("This quotation is not closed."), self.at)
        inside = range(self.at + 1, closes)
        self.at = closes
        return [Character(self.text[place], place, is_literal=True) for place in inside]
