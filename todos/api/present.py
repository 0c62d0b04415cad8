"""What the things that changes name look like by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request

from todos.api.serializers import (
    SectionSerializer,
    TagSerializer,
    TaskListSerializer,
)
from todos.api.task_rows import rows_of, tasks_json
from todos.models import Change, Section, Tag, Task, TaskList

Key = tuple[str, int]


def present(changes: Iterable[Change], request: Request) -> dict[Key, dict[str, Any]]:
    """The things of `changes` that are there, outside the trash, by kind and id.

    One query for each kind, whatever their number.
    """
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for change in changes:
        wanted[change.object_kind].add(change.object_id)
    user = request.user
    lists = TaskList.objects.visible_to(user).with_open_count()
    shown = {
        Change.Object.LIST: (TaskListSerializer, lists),
        Change.Object.SECTION: (SectionSerializer, Section.objects.visible_to(user)),
        Change.Object.TAG: (TagSerializer, Tag.objects.visible_to(user)),
    }
    found: dict[Key, dict[str, Any]] = {}
    tasks = rows_of(Task.objects.visible_to(user).filter(pk__in=wanted.pop(Change.Object.TASK, ())))
    for task in tasks_json(tasks, owner=user):
        found[Change.Object.TASK, task["id"]] = task
    for kind, pks in wanted.items():
        serializer, rows = shown[Change.Object(kind)]
        things = serializer(rows.filter(pk__in=pks), many=True, context={"request": request}).data
        found |= {(kind, thing["id"]): thing for thing in things}
    return found
