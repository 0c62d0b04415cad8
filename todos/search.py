"""Finding tasks by words: what is asked, and how each database compares text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts.fields import clean_text

MOST_WORDS = 20
LONGEST_SEARCH = 200


def words_of(text: str) -> list[str]:
    """The words to find. Raises ValidationError when they are too many, or no text."""
    words = clean_text(text).split()
    if len(words) > MOST_WORDS or len(text) > LONGEST_SEARCH:
        raise ValidationError(
            _("Search for %(most)d words and %(longest)d characters at most.")
            % {"most": MOST_WORDS, "longest": LONGEST_SEARCH}
        )
    return words


@receiver(connection_created, dispatch_uid="todos.compare_any_letters")
def compare_any_letters(connection: Any, **_: object) -> None:
    """Let SQLite ignore the case of every letter, as PostgreSQL does, not of A to Z alone."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("like", 3, like, deterministic=True)


def like(pattern: str | None, text: Any, escape: str) -> bool | None:
    if pattern is None or text is None:
        return None
    return compiled(pattern, escape).fullmatch(str(text).casefold()) is not None


@lru_cache(maxsize=64)
def compiled(pattern: str, escape: str) -> re.Pattern[str]:
    """A LIKE pattern as a regular expression for folded text."""
    parts, characters = [], iter(pattern.casefold())
    for character in characters:
        if character == escape:
            parts.append(re.escape(next(characters, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return re.compile("".join(parts), re.DOTALL)
