"""Several pasted lines: each is a task, an indented one a sub-task of the line above."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_LINE = 1000
MOST_LINES = 100
TAB = 4
BULLET = re.compile(r"(?:[-*•][ \t]+)?(?:\[ ?\][ \t]+)?")


def split_lines(text: str) -> list[tuple[int, str]]:
    """The lines of `text` with their depth, 0 for the outermost, without bullets.

    A line is at most one step deeper than the one before it. Empty lines are left out.
    Raises ValidationError when there are too many lines, or one is too long.
    """
    found: list[tuple[int, str]] = []
    indents: list[int] = []
    for line in text.splitlines():
        words = line.strip()
        words = words[bullet.end() :] if (bullet := BULLET.match(words)) else words
        if not words or words in {"-", "*", "•", "[]", "[ ]"}:
            continue
        if len(found) == MOST_LINES:
            raise ValidationError(_("Add at most %(most)d lines at once.") % {"most": MOST_LINES})
        if len(words) > LONGEST_LINE:
            raise ValidationError(
                _("Keep each line to %(longest)d characters or fewer.") % {"longest": LONGEST_LINE}
            )
        indent = indent_of(line)
        while indents and indents[-1] >= indent:
            indents.pop()
        found.append((len(indents), words))
        indents.append(indent)
    return found


def indent_of(line: str) -> int:
    """How far the line is indented, in columns; a tab goes to the next multiple of four."""
    blank = line[: len(line) - len(line.lstrip())]
    return len(blank.expandtabs(TAB))
