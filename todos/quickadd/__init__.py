"""Quick add: one line of text as a task. Text to fields, no rows.

`parse` is the parser of the page, the API and everything else that takes a task as one line. What
it understands it takes out of the title, and says where it stood (`Span`).
"""

from __future__ import annotations

from todos.quickadd.lines import split_lines
from todos.quickadd.reading import (
    LONGEST_LINE,
    Parsed,
    Recurrence,
    Span,
    literal,
    parse,
    parse_due,
    parse_recurrence,
)

__all__ = [
    "LONGEST_LINE",
    "Parsed",
    "Recurrence",
    "Span",
    "literal",
    "parse",
    "parse_due",
    "parse_recurrence",
    "split_lines",
]
