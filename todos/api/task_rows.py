"""Tasks as the API shows them: read as rows, without instances, and written as JSON objects."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from typing import Any

from django.db.models import BigAutoField, Q, QuerySet

from accounts.compiled import Compiled, columns_of, instance_of
from accounts.models import User
from todos.models import Task, TaskQuerySet
from todos.recurrence import explained
from todos.tag_names import TagNames

LARGEST_ID = 2**63 - 1
COLUMNS = (
    "id",
    "title",
    "description",
    "due_on",
    "updated_at",
    "created_at",
    "uid",
    "task_list_id",
    "section_id",
    "parent_id",
    "priority",
    "due_time",
    "due_zone",
    "start_on",
    "rule",
    "repeats_from",
    "completed_at",
    "trashed_at",
    "position",
    "version",
)


# What the API shows of a task, beside its owner.
TaskRow = namedtuple("TaskRow", [*COLUMNS, "tag_names"])


def rows_of(tasks: TaskQuerySet) -> QuerySet[Task, TaskRow]:
    """`tasks` with all that the API shows of them, in the form of `TaskRow`. One query."""
    columns = [*COLUMNS, "tag_names"]
    return tasks.annotate(tag_names=TagNames()).values_list(*columns, named=True)


def newest_ids(owner: User) -> QuerySet[Task, Any]:
    return Task.objects.visible_to(owner).order_by("-pk").values("pk")


# The newest first, as `GET /tasks/` gives them unless it is asked for others.
# Their ids are found first: the names of the tags would be read of all that come before, too.
NEWEST = Compiled(
    lambda owner, page: rows_of(
        Task.objects.filter(pk__in=newest_ids(owner)[page]).order_by("-pk")
    ),
    owner=BigAutoField(),
    page=slice,
)
ONE = Compiled(
    lambda owner, task: rows_of(Task.objects.visible_to(owner).filter(pk=task)),
    owner=BigAutoField(),
    task=BigAutoField(),
)
ALL_OF_ONE = Compiled(
    lambda owner, task: (
        Task.objects.visible_to(owner).filter(pk=task).values_list(*columns_of(Task))
    ),
    owner=BigAutoField(),
    task=BigAutoField(),
)
NUMBER_OF = Compiled(lambda owner: Task.objects.visible_to(owner).counted(), owner=BigAutoField())


class TaskRows:
    """`tasks` as the API shows them, to be counted and cut into pages."""

    def __init__(self, tasks: TaskQuerySet) -> None:
        self.tasks = tasks
        self.model, self.query = tasks.model, tasks.query

    def count(self) -> int:
        return self.tasks.count()

    def filter(self, condition: Q) -> TaskRows:
        return TaskRows(self.tasks.filter(condition))

    def __getitem__(self, part: slice) -> list[Any]:
        """One query, or two where rows come before: the names of their tags are not read."""
        if not part.start:
            return list(rows_of(self.tasks)[part])
        ids = list(self.tasks.values_list("pk", flat=True)[part])
        found = {row.id: row for row in rows_of(Task.objects.filter(pk__in=ids))}
        return [found[pk] for pk in ids if pk in found]


class Newest:
    """The tasks of `user`, the newest first, to be counted and cut into pages."""

    def __init__(self, user: User) -> None:
        self.owner = user.pk

    def count(self) -> int:
        row = NUMBER_OF.row(owner=self.owner)
        return row[0] if row else 0

    def __getitem__(self, part: slice) -> list[TaskRow]:
        return list(map(TaskRow._make, NEWEST.rows(owner=self.owner, page=part)))


def task_row(user: User, pk: int) -> TaskRow | None:
    """The task `pk` if `user` may see it."""
    row = ONE.row(owner=user.pk, task=pk) if pk <= LARGEST_ID else None
    return TaskRow._make(row) if row else None


def task_of(user: User, pk: int) -> Task | None:
    """The task `pk` itself if `user` may see it."""
    row = ALL_OF_ONE.row(owner=user.pk, task=pk) if pk <= LARGEST_ID else None
    if row is None:
        return None
    task = instance_of(Task, row)
    task.owner = user
    return task


def row_of(task: Task) -> TaskRow:
    """A task that was loaded, as the API shows it. One query unless an operation has read it."""
    names = vars(task).get("tag_names")
    if names is None:
        names = list(task.tags.order_by("name_key", "pk").values_list("name", flat=True))
    return TaskRow._make([*(getattr(task, name) for name in COLUMNS), names])


def task_json(task: TaskRow, *, owner: User) -> dict[str, Any]:
    """The object that stands for `task`, in the names of docs/api.md."""
    return {
        "id": task.id,
        "title": task.title,
        "description": task.description,
        "deadline": task.due_on,
        "completed": task.completed_at is not None,
        "last_update": task.updated_at,
        "created_at": task.created_at,
        "owner_id": owner.pk,
        "owner": {"id": owner.pk, "email": owner.email, "created_at": owner.created_at},
        "uid": task.uid,
        "list": task.task_list_id,
        "section": task.section_id,
        "parent": task.parent_id,
        "tags": task.tag_names,
        "priority": task.priority,
        "due_time": f"{task.due_time:%H:%M}" if task.due_time else None,
        "due_zone": task.due_zone or None,
        "start": task.start_on,
        "recurrence": recurrence_json(task.rule, task.repeats_from) if task.rule else None,
        "completed_at": task.completed_at,
        "trashed_at": task.trashed_at,
        "position": task.position,
        "version": task.version,
    }


def recurrence_json(rule: str, counts_from: str) -> dict[str, str]:
    return {"rule": rule, "from": counts_from, "text": explained(rule, counts_from)}


def tasks_json(rows: Iterable[TaskRow], *, owner: User) -> list[dict[str, Any]]:
    return [task_json(row, owner=owner) for row in rows]
