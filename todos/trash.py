"""What lies in the trash."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from todos.models import Task, TaskList


def trash_of(user: User, *conditions: Q) -> QuerySet[Any, dict[str, Any]]:
    """One row for each thing that was put into the trash, the latest first. One query.

    A row has `object` ("task" or "list"), `id`, `uid`, `title`, `trashed_at` and `task_count`:
    the tasks that went with a list, 1 for a task. Only rows that fit the `conditions` are found.
    """
    went_along = (
        Task.objects.filter(trashed_with=OuterRef("uid"), task_list=OuterRef("pk"))
        .order_by()
        .values("task_list")
        .annotate(number=Count("pk"))
    )
    columns = ("id", "uid", "trashed_at", "object", "title", "task_count")
    lists = TaskList.objects.trashed_of(user).annotate(
        object=Value("list", CharField()),
        title=F("name"),
        task_count=Coalesce(Subquery(went_along.values("number")), 0),
    )
    tasks = (
        Task.objects.trashed_of(user)
        .filter(trashed_with=F("uid"))
        .annotate(object=Value("task", CharField()), task_count=Value(1))
    )
    trash = lists.filter(*conditions).values(*columns)
    trash = trash.union(tasks.filter(*conditions).values(*columns), all=True)
    return trash.order_by("-trashed_at", "-id", "-object")
