"""The fields of a task, list, section or tag in the form in which the journal keeps them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import models

from todos.models import Completion, Section, Tag, Task, TaskList, TaskTag

Things = Task | TaskList | Section | Tag

SNAPSHOT_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Task: (
        "title",
        "description",
        "task_list_id",
        "section_id",
        "parent_id",
        "position",
        "priority",
        "due_on",
        "due_time",
        "due_zone",
        "start_on",
        "rule",
        "repeats_from",
        "anchor_on",
        "original_on",
        "completed_at",
        "trashed_at",
        "trashed_with",
    ),
    TaskList: ("name", "color", "position", "archived_at", "trashed_at"),
    Section: ("name", "position", "task_list_id"),
    Tag: ("name", "color"),
}


def plain(value: Any) -> Any:
    """`value` in a form that JSON keeps and that compares equal after a round trip."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def snapshot(thing: Things) -> dict[str, Any]:
    """The fields of `thing` that can change, by name, but for a task's tags. No query."""
    return {name: plain(getattr(thing, name)) for name in SNAPSHOT_FIELDS[type(thing)]}


def tags_of(task: Task) -> list[int]:
    return sorted(TaskTag.objects.filter(task=task).values_list("tag", flat=True))


def completion_snapshot(completion: Completion) -> dict[str, Any]:
    """All that makes a completion anew."""
    return {
        name: plain(getattr(completion, name))
        for name in ("uid", "occurrence", "original_on", "completed_at", "missed", "by_id")
    }


def parsed(model: type[models.Model], name: str, value: Any) -> Any:
    """The Python value of a field, from the form in which the journal keeps it."""
    if value is None or name == "tags" or name.endswith("_id"):
        return value
    return model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
