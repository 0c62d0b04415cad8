"""How the API shows the rows that a refusal names."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from todos.api.task_rows import rows_of, tasks_json
from todos.models import Task


def rows_shown(rows: dict[str, Any], request: Request) -> dict[str, Any]:
    """What a refusal's `rows` look like, by name: a task, or a list of tasks, as it is now."""
    return {
        name: tasks_as_json(value, request)
        if isinstance(value, list)
        else next(iter(tasks_as_json([value], request)), None)
        for name, value in rows.items()
    }


def tasks_as_json(tasks: list[Task], request: Request) -> list[dict[str, Any]]:
    """Each of `tasks` whole, in their order. One query."""
    rows = rows_of(Task.objects.filter(owner=request.user, pk__in=[task.pk for task in tasks]))
    found = {row.id: row for row in rows}
    present = [found[task.pk] for task in tasks if task.pk in found]
    return tasks_json(present, owner=request.user)
