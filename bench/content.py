"""What the people of the data sets have to do: the same for the application and for bench/stock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

LISTS = ("Home", "Work")
TAGS: tuple[tuple[str, ...], ...] = ((), ("errand",), ("call", "money"), (), ("deep work",))
NOTES = "Ask whether the second edition keeps the tables, and who reads the proofs this time."
# Fixed days: what is due stays overdue, and the rest stays to come, however old a data set is.
OVERDUE, LATER = date(2026, 1, 1), date(2199, 1, 1)
# One in so many is on the page Today: 50 of 1,000.
DUE_EVERY = 20


@dataclass(frozen=True)
class Line:
    """One task; `list_number` counts from the inbox, which is 0."""

    title: str
    description: str
    priority: int
    list_number: int
    tags: tuple[str, ...]
    due_on: date | None
    is_done: bool


@dataclass(frozen=True)
class DataSet:
    """How many people there are, and how many tasks each of them has."""

    name: str
    people: int
    tasks_each: int
    # Those who send the requests; their tasks are `DRIVEN_TASKS` each.
    driven: int = 16
    # The tasks of one more person, who has very many.
    deep: int = 0

    @property
    def tasks(self) -> int:
        return self.people * self.tasks_each + self.driven * DRIVEN_TASKS + self.deep


DRIVEN_TASKS = 1000
# So many are made one by one, and the rest as copies of them.
SEED_TASKS = 100
DRIVEN, OTHERS, DEEP = "driven@example.com", "person@example.com", "deep@example.com"
QUICK = DataSet("quick", people=200, tasks_each=100)
MIDDLE = DataSet("200k", people=1_984, tasks_each=93)
LARGE = DataSet("5m", people=48_840, tasks_each=100, deep=100_000)


@dataclass
class Drive:
    """What the load generator needs to send requests as the driven people."""

    # Where tokens are refreshed, and the member of both bodies that holds the token.
    refresh: dict[str, str]
    tokens: list[str] = field(default_factory=list)
    # For each person: the ids of their tasks, of those that may be completed, and which are open.
    tasks: list[list[int]] = field(default_factory=list)
    open: list[list[tuple[int, bool]]] = field(default_factory=list)
    refresh_tokens: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)


def addresses(first: str, number: int) -> list[str]:
    """Those of somebody and of their copies, as `multiply` writes them."""
    return [first, *(first.replace("@", f"+{copy}@") for copy in range(1, number))]


def line(number: int) -> Line:
    """The task of this number, from 0."""
    is_due = number % DUE_EVERY == 0
    days = timedelta(days=number // DUE_EVERY)
    return Line(
        title=f"Write to “R & D” about chapter {number} of the handbook",
        description=NOTES if number % 3 == 0 else "",
        priority=number % 4 + 1,
        list_number=number % (len(LISTS) + 1),
        tags=TAGS[number % len(TAGS)],
        due_on=OVERDUE + days if is_due else LATER + days if number % 4 == 1 else None,
        is_done=number % 7 == 3 and not is_due,
    )
