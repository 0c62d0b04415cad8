"""Finding tasks by the words in their titles, descriptions and comments.

What is asked and what is stored are cut into words by one rule. A stored word begins with its
owner and its place, so that the words of one person lie together in the index: `12tmilk` is in a
title of owner 12, `12nmilk` in a description or a comment, and `12s25` is the sign "%".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import BigAutoField, BooleanField, F, Func, IntegerField, QuerySet
from django.utils.translation import gettext as _

from accounts.compiled import Compiled, insert, put
from accounts.fields import clean_text
from accounts.models import User
from todos.models import Comment, SearchText, Task, TaskQuerySet

MOST_WORDS = 20
LONGEST_SEARCH = 200
LONGEST_WORD = 64
# A row of PostgreSQL's index holds a megabyte of words, and a character up to four bytes.
LONGEST_TEXT = 250_000
SOME = 50

IN_TITLE, IN_NOTES, SIGN = "t", "n", "s"
LETTERS = "letters"
# The rule of `cut` for most texts, ten times as fast.
ASCII_WORD = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")
# Letters that are typed without their stroke, and those that are two in one.
PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
    }
)
# They choose how the sign before them is drawn.
VARIATION_SELECTORS = {chr(code) for code in range(0xFE00, 0xFE10)}
# Scripts without spaces between words: Thai to Burmese; Khmer; Japanese; Chinese.
SPACELESS = (
    (0x0E00, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0x20000, 0x3FFFF),
)
# Signs that people mean. Other punctuation is looked for only where it is all that was asked.
MEANT_SIGNS = set("%&@#*\\/_§")

POSTGRESQL_TASKS = (
    "SELECT task_id FROM todos_searchtext"
    " WHERE array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery"
)
SQLITE_REWRITE = "INSERT INTO todos_searchtext_words (todos_searchtext_words) VALUES ('optimize')"
SQLITE_TASKS = "SELECT rowid FROM todos_searchtext_words WHERE todos_searchtext_words MATCH %s"


def words_of(text: str) -> list[str]:
    """The words to find. Raises ValidationError when they are too many, or no text."""
    terms = clean_text(text).split()
    if len(terms) > MOST_WORDS or len(text) > LONGEST_SEARCH:
        raise ValidationError(
            _("Search for %(most)d words and %(longest)d characters at most.")
            % {"most": MOST_WORDS, "longest": LONGEST_SEARCH}
        )
    words: dict[str, None] = {}
    for term in terms:
        parts = cut(term)
        words |= dict.fromkeys([part for part in parts if is_meant(part)] or parts)
    return list(words)


def found(tasks: TaskQuerySet, words: Sequence[str], *, owner: User) -> TaskQuerySet:
    """Those of the `tasks` of `owner` that have all `words`, or longer ones that begin so."""
    return tasks.filter(Found(words=words, owner_id=owner.pk)) if words else tasks


def best_first(tasks: TaskQuerySet, words: Sequence[str], *, owner: User) -> TaskQuerySet:
    """What is `found`, the best match first.

    A word that is whole in the title counts 3, one that begins a word of the title 2, one that is
    elsewhere 1. Among equals open tasks come first, then the newer ones.
    """
    order: list[Any] = [F("completed_at").desc(nulls_first=True), "-pk"]
    if not words:
        return tasks.order_by(*order)
    score = Score(words=words[:MOST_WORDS], owner_id=owner.pk)
    return found(tasks, words, owner=owner).order_by(score.desc(), *order)


def comments_of(task: Any, some: slice) -> QuerySet[Comment, tuple[str]]:
    """Texts of comments on `task`, the latest first."""
    return Comment.objects.filter(task=task).order_by("-pk").values_list("text")[some]


LATEST_COMMENTS = Compiled(comments_of, task=BigAutoField(), some=slice)


def index(task: Task) -> None:
    """Store the words of `task` as they are now, with its latest comments. Two queries."""
    put(row_of(task, latest_comments(task)))


def latest_comments(task: Task) -> list[str]:
    """As many comments as `LONGEST_TEXT` has room for. One query for every `SOME` of them."""
    comments: list[str] = []
    while True:
        begin = len(comments)
        rows = LATEST_COMMENTS.rows(task=task.pk, some=slice(begin, begin + SOME))
        comments += [text for [text] in rows]
        if len(rows) < SOME or sum(map(len, comments)) > LONGEST_TEXT:
            return comments


def index_new(task: Task) -> None:
    """Store the words of a `task` that was just made. One query."""
    insert(row_of(task))


def forget_erased() -> None:
    """Write SQLite's index anew without the words that are only marked as erased in it.

    PostgreSQL's vacuum does the same by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(SQLITE_REWRITE)


def row_of(task: Task, comments: Iterable[str] = ()) -> SearchText:
    words = stored_words(task.owner_id, task.title, [task.description, *comments])
    return SearchText(task=task, owner_id=task.owner_id, words=words)


def stored_words(owner_id: int, title: str, texts: Iterable[str]) -> str:
    """What is stored of a task: each of its words once, with owner and place in front."""
    in_title = dict.fromkeys(cut(title))
    elsewhere = dict.fromkeys(word for text in texts for word in cut(text))
    stored = [stored_word(owner_id, IN_TITLE, word) for word in in_title]
    stored += [stored_word(owner_id, IN_NOTES, word) for word in elsewhere if word not in in_title]
    text = " ".join(stored)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rpartition(" ")[0]


def stored_word(owner_id: int, place: str, word: str) -> str:
    return f"{owner_id}{SIGN}{ord(word):x}" if is_sign(word) else f"{owner_id}{place}{word}"


def cut(text: str) -> list[str]:
    """The words of `text`, folded, each once and in their order; a sign is a word by itself."""
    if text.isascii():
        words = ASCII_WORD.findall(text.lower())
        return list(dict.fromkeys(word[:LONGEST_WORD] for word in words))
    runs = [(kind, "".join(run)) for kind, run in groupby(fold(text), kind_of) if kind]
    return list(
        dict.fromkeys(run[:LONGEST_WORD] if kind == LETTERS else kind for kind, run in runs)
    )


def fold(text: str) -> str:
    """`text` without case, accents and other differences that a person need not type."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = (
        letter
        for letter in text
        if not unicodedata.combining(letter) and letter not in VARIATION_SELECTORS
    )
    return "".join(letters).translate(PLAIN)


@lru_cache(maxsize=4096)
def kind_of(character: str) -> str:
    """With what a character makes a word: its like, nothing else (itself), or not at all ("")."""
    category = unicodedata.category(character)[0]
    if category in "ZC":
        return ""
    is_spaceless = any(first <= ord(character) <= last for first, last in SPACELESS)
    return LETTERS if category in "LNM" and not is_spaceless else character


def is_sign(word: str) -> bool:
    return unicodedata.category(word[0])[0] in "PS"


def is_meant(word: str) -> bool:
    """Whether this part of a term has to be there; a comma has not."""
    return unicodedata.category(word[0])[0] != "P" or word in MEANT_SIGNS


class Found(Func):
    """Whether a task of `owner` has all of `words`, or longer ones that begin with them."""

    output_field = BooleanField()

    def __init__(self, *, words: Sequence[str], owner_id: int) -> None:
        super().__init__(F("pk"))
        self.words = tuple(words)
        self.owner_id = owner_id

    def question(self, *, whole: str, prefix: str, either: str, both: str) -> str:
        """What to ask the index, in the language that the arguments are of."""
        clauses = []
        for word in self.words:
            places = [SIGN] if is_sign(word) else [IN_TITLE, IN_NOTES]
            template = whole if is_sign(word) else prefix
            forms = [template % stored_word(self.owner_id, place, word) for place in places]
            clauses.append(f"({either.join(forms)})")
        return both.join(clauses)

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        # An array is gathered from the index alone, however few tasks the planner expects.
        pk, params = compiler.compile(self.source_expressions[0])
        question = self.question(whole="'%s'", prefix="'%s':*", either=" | ", both=" & ")
        return f"{pk} = ANY(ARRAY({POSTGRESQL_TASKS}))", [*params, question]

    def as_sqlite(  # type: ignore[override]
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, list[Any]]:
        pk, params = compiler.compile(self.source_expressions[0])
        question = self.question(whole='"%s"', prefix='"%s" *', either=" OR ", both=" AND ")
        return f"{pk} IN ({SQLITE_TASKS})", [*params, question]


class Score(Func):
    """How well a task that was found matches `words`, as `best_first` counts."""

    output_field = IntegerField()

    def __init__(self, *, words: Sequence[str], owner_id: int) -> None:
        super().__init__(F("search_text__words"))
        self.in_title = [stored_word(owner_id, IN_TITLE, word) for word in words]

    def points(self, compiler: Any, place_of: str) -> tuple[str, list[Any]]:
        """One sum, written at once: to build it of the ORM's parts took longer than to search."""
        stored, params = compiler.compile(self.source_expressions[0])
        points = (
            f"CASE WHEN {place_of}(' ' || {stored} || ' ', %s) > 0 THEN 3"
            f" WHEN {place_of}(' ' || {stored}, %s) > 0 THEN 2 ELSE 1 END"
        )
        asked = [(*params, f" {word} ", *params, f" {word}") for word in self.in_title]
        return f"({' + '.join(points for _ in asked)})", list(chain.from_iterable(asked))

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        return self.points(compiler, "strpos")

    def as_sqlite(  # type: ignore[override]
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, list[Any]]:
        return self.points(compiler, "instr")
