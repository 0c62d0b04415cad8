"""Tasks as pages show them: rows with what hangs on them, and trees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BigAutoField, Count, F, Field, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.compiled import Compiled
from todos.models import Section, Task, TaskList, TaskQuerySet
from todos.models.counts import number_of
from todos.models.tasks import DEEPEST
from todos.tag_names import TagNames

MOST_BELOW = 300
DONE = Q(completed_at__isnull=False)
OF_A_ROW = {
    *("id", "title", "priority", "completed_at", "trashed_at", "owner_id", "task_list_id"),
    *("section_id", "parent_id", "position", "version", "due_on", "due_time", "due_zone"),
    *("due_at", "start_on", "rule", "repeats_from"),
}


def as_rows(tasks: TaskQuerySet) -> TaskQuerySet:
    """`tasks` with what a row shows, and no more: a page has a hundred. One query."""
    return tasks.only(*OF_A_ROW).annotate(**beside())


@cache
def beside() -> dict[str, Any]:
    """What a row shows that is not a column of its task."""
    return {
        "list_name": F("task_list__name"),
        "list_color": F("task_list__color"),
        "above": F("parent__title"),
        "tag_names": TagNames(),
        **progress(),
    }


class RowsOf:
    """Rows of the tasks that `build` finds for an owner and values of the other `types`, by
    queries that are compiled once a process.
    """

    def __init__(self, build: Callable[..., TaskQuerySet], **types: Field[Any, Any]) -> None:
        self.build = build
        fields = [field.attname for field in Task._meta.concrete_fields]
        self.columns = [name for name in fields if name in OF_A_ROW]
        self.rows = Compiled(
            lambda page, **given: as_rows(build(**given)).values_list(*self.columns, *beside())[
                page
            ],
            page=slice,
            owner=BigAutoField(),
            **types,
        )
        self.number = Compiled(
            lambda **given: build(**given).counted(), owner=BigAutoField(), **types
        )

    def found(self, **values: Any) -> Found:
        return Found(self, values)

    def row(self, values: Sequence[Any]) -> Task:
        number = len(self.columns)
        task = Task.from_db(connection.alias, self.columns, values[:number])
        vars(task).update(zip(beside(), values[number:], strict=True))
        return task


class Found:
    """The rows for certain values, to be counted and cut into pages."""

    def __init__(self, rows_of: RowsOf, values: dict[str, Any]) -> None:
        self.rows_of = rows_of
        self.values = values

    def __len__(self) -> int:
        row = self.rows_of.number.row(**self.values)
        return row[0] if row else 0

    def __getitem__(self, part: slice) -> list[Task]:
        page = slice(part.start or 0, part.stop)
        found = self.rows_of.rows.rows(page=page, **self.values)
        return [self.rows_of.row(values) for values in found]


def with_progress(tasks: TaskQuerySet) -> TaskQuerySet:
    """How many sub-tasks they have and how many of these are done, among the same query."""
    return tasks.annotate(**progress())


@cache
def progress() -> dict[str, Coalesce]:
    return {"children_number": number_of_children(), "children_done": number_of_children(DONE)}


def number_of_children(*conditions: Q) -> Coalesce:
    below = Task.objects.filter(
        *conditions, owner=OuterRef("owner"), parent=OuterRef("pk"), trashed_at=None
    )
    counted = below.order_by().values("parent").annotate(number=Count("*"))
    return Coalesce(Subquery(counted.values("number")), 0)


def roots(tasks: TaskQuerySet) -> TaskQuerySet:
    """Those of the open `tasks` that are below no open one."""
    return tasks.filter(Q(parent=None) | Q(parent__completed_at__isnull=False))


def number_beside(task: Task) -> int:
    """How many open tasks, itself among them, a list shows in the section of `task`. One query."""
    tasks = Task.objects.filter(owner=task.owner_id, trashed_at=None).open()
    in_list = roots(tasks.filter(task_list=task.task_list_id))
    return in_list.filter(section=task.section_id).count()


def with_descendants(tops: Iterable[Task], rows: TaskQuerySet) -> tuple[list[Task], bool]:
    """`tops` (rows), each followed by what is below it among `rows`, in order; and whether some
    were left out, as there are more than `MOST_BELOW`.

    Each has its `depth`. One query for each level that there is.
    """
    tops = list(tops)
    below: dict[int | None, list[Task]] = defaultdict(list)
    level, room, left_out = tops, MOST_BELOW, False
    while (parents := [task.pk for task in level if task.children_number]) and room:  # type: ignore[attr-defined]
        children = as_rows(rows.filter(parent__in=parents)).by_position()
        level = list(children[: room + 1])
        left_out, level = len(level) > room, level[:room]
        room -= len(level)
        for child in level:
            below[child.parent_id].append(child)
    return list(flat(tops, below)), left_out or bool(parents)


@dataclass(frozen=True)
class Group:
    """The tasks of a section on one page of a list; those without one have None."""

    section: Section | None
    tasks: list[Task]


def by_section(
    rows: Iterable[Task], sections: list[Section], *, is_last_page: bool, is_board: bool = False
) -> list[Group]:
    """The `rows` of a tree by section. One without any open task is there on the last page; on a
    board all are.
    """
    tasks: dict[int | None, list[Task]] = defaultdict(list)
    place = None
    for task in rows:
        place = place if task.depth else task.section_id  # type: ignore[attr-defined]
        tasks[place].append(task)
    groups = [Group(None, tasks[None])] if tasks[None] or is_board else []
    for section in sections:
        is_empty = is_last_page and not section.open_count  # type: ignore[attr-defined]
        if tasks[section.pk] or is_empty or is_board:
            groups.append(Group(section, tasks[section.pk]))
    return groups


def in_sections(tasks: TaskQuerySet) -> TaskQuerySet:
    """In the order of a list: those without a section, then section by section."""
    return tasks.order_by(
        F("section__position").asc(nulls_first=True),
        F("section").asc(nulls_first=True),
        "position",
        "pk",
    )


def sections_of(task_list: TaskList) -> list[Section]:
    """The sections of a list, each with the number of its open tasks. One query."""
    mine = Section.objects.filter(owner=task_list.owner_id, task_list=task_list)
    rows = mine.order_by("position", "pk")
    return list(rows.annotate(open_count=number_of(section=OuterRef("pk"))))


def flat(tasks: list[Task], below: dict[int | None, list[Task]], depth: int = 0) -> Iterable[Task]:
    for task in tasks:
        task.depth = depth  # type: ignore[attr-defined]
        yield task
        yield from flat(below.pop(task.pk, []), below, min(depth + 1, DEEPEST))
