"""The language of filters: a question about tasks in words and signs, read into a `Q`.

`today | overdue & #Home` is read by `parse` or `parse_for`, which say what is not understood and
where. Reading asks no database; the expression that comes of it does, for lists and tags.
"""

from __future__ import annotations

from todos.filters.expressions import Expression, Name, Question, Unclear
from todos.filters.reading import LONGEST_FILTER, parse, parse_for, searching, told

__all__ = [
    "LONGEST_FILTER",
    "Expression",
    "Name",
    "Question",
    "Unclear",
    "parse",
    "parse_for",
    "searching",
    "told",
]
