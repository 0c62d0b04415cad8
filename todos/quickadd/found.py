"""What a phrase of a line says, before it is settled which phrases count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum

from todos.quickadd.lexing import Word

Clock = time


class Strength(IntEnum):
    """How sure it is that a phrase says when a task is due.

    A plain one counts anywhere. An unsure one counts after “on”, “by” or “due”, at the end of the
    line and beside another date or time; a doubtful one only beside a plain one. One that says
    something else than when the task is due, as “from Monday” does, never counts.
    """

    NEVER = 0
    DOUBTFUL = 1
    UNSURE = 2
    PLAIN = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """The moment of a person, and how they write and count their days."""

    now: datetime
    date_order: str = "dmy"
    week_start: int = 1
    today: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "today", self.now.date())

    @property
    def first_of_week(self) -> date:
        """The first day of this week."""
        return self.today - timedelta(days=(self.today.isoweekday() - self.week_start) % 7)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase: the words from `first` up to `stop`, and what they say.

    `part` is the time of a part of a day (“tomorrow morning”): another time goes before it.
    `is_bare` is an hour that may be of the morning or of the evening.
    """

    kind: str
    first: int
    stop: int
    strength: Strength = Strength.PLAIN
    day: date | None = None
    time: Clock | None = None
    part: Clock | None = None
    is_bare: bool = False
    rule: str = ""
    from_completion: bool = False
    count: int | None = None


Words = list[Word]


def low(words: Words, place: int) -> str:
    """The word at `place`, "" when there is none."""
    return words[place].low if place < len(words) else ""


def next_low(words: Words, place: int) -> str:
    """The word after `place`, "" when there is none or punctuation is between."""
    if place >= len(words) or words[place].tail:
        return ""
    return low(words, place + 1)
