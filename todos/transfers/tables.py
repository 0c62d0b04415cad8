"""The tables in the file of an account, for people: CSV that any spreadsheet opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from todos.models import Comment, Completion, Task
from todos.reports import inert
from todos.tag_names import TagNames
from todos.transfers.formats import TABLES as NAMES

Cells = list[str]


def cells(*values: Any) -> Cells:
    """Values as a spreadsheet takes them: moments by the clock of the current time zone, text
    inert.
    """
    return [cell(value) for value in values]


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    return inert(str(value))


def tasks_of(user: User) -> Iterator[Cells]:
    yield cells(
        *("title", "description", "list", "section", "below", "tags", "priority"),
        *("due on", "due time", "time zone", "starts on", "repeats"),
        *("created", "completed", "in the trash since", "uid"),
    )
    rows = Task.objects.filter(owner=user).order_by("pk").annotate(names=TagNames())
    values = rows.values_list(
        *("title", "description", "task_list__name", "section__name", "parent__title", "names"),
        *("priority", "due_on", "due_time", "due_zone", "start_on", "rule"),
        *("created_at", "completed_at", "trashed_at", "uid"),
    )
    for row in values.iterator(chunk_size=1000):
        yield cells(*row[:5], ", ".join(row[5]), *row[6:])


def comments_of(user: User) -> Iterator[Cells]:
    yield cells("task", "comment", "written", "edited", "uid of the task")
    rows = Comment.objects.filter(owner=user).order_by("pk")
    values = rows.values_list("task__title", "text", "created_at", "edited_at", "task__uid")
    for row in values.iterator(chunk_size=1000):
        yield cells(*row)


def completions_of(user: User) -> Iterator[Cells]:
    yield cells("task", "due", "completed", "missed before", "uid of the task")
    rows = Completion.objects.filter(owner=user).order_by("pk")
    values = rows.values_list("task__title", "occurrence", "completed_at", "missed", "task__uid")
    for row in values.iterator(chunk_size=1000):
        yield cells(*row)


TABLES: dict[str, Callable[[User], Iterator[Cells]]] = dict(
    zip(NAMES, (tasks_of, comments_of, completions_of), strict=True)
)
