"""What stands in the file of an account: its parts, and the names of their fields.

docs/export.md describes it for people. A change of what is here is a new `VERSION`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from todos.models import (
    Change,
    Comment,
    Completion,
    Reminder,
    SavedFilter,
    Section,
    Tag,
    Task,
    TaskList,
)

FORMAT = "todo-account"
VERSION = 1
DOCUMENT = "account.json"
KEPT = "server.json"
README = "README.txt"
TABLES = ("tasks.csv", "comments.csv", "completions.csv")
MEMBERS = (README, DOCUMENT, KEPT, *TABLES)

PROFILE = (
    "display_name",
    "time_zone",
    "locale",
    "date_order",
    "week_start",
    "single_keys",
    "reminder_mails",
    "new_device_mails",
)


@dataclass(frozen=True)
class Part:
    """The rows of one model: what they are called, and the model's fields by their names here."""

    name: str
    model: type[models.Model]
    fields: dict[str, str]
    most: int


def same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


# In an order in which each refers to what is before it, but for the parents of tasks.
PARTS = (
    Part(
        "lists",
        TaskList,
        same(
            *("uid", "name", "color", "position", "is_inbox"),
            *("archived_at", "trashed_at", "created_at"),
        ),
        most=10_000,
    ),
    Part(
        "sections",
        Section,
        {"uid": "uid", "list": "task_list", **same("name", "position", "created_at")},
        most=50_000,
    ),
    Part("tags", Tag, same("uid", "name", "color", "created_at"), most=10_000),
    Part("filters", SavedFilter, same("uid", "name", "query", "created_at"), most=200),
    Part(
        "tasks",
        Task,
        {
            "uid": "uid",
            "by_me": "created_by",
            "list": "task_list",
            **same(
                *("section", "parent", "title", "description", "priority"),
                *("due_on", "due_time", "due_zone", "start_on"),
                *("rule", "repeats_from", "anchor_on", "original_on"),
                *("completed_at", "trashed_at", "trashed_with"),
                *("position", "version", "created_at", "updated_at"),
            ),
        },
        most=500_000,
    ),
    Part(
        "comments",
        Comment,
        {"task": "task", "by_me": "by", **same("text", "created_at", "edited_at")},
        most=500_000,
    ),
    Part(
        "completions",
        Completion,
        {
            **same("uid", "task", "occurrence", "original_on", "completed_at", "missed"),
            "by_me": "by",
        },
        most=2_000_000,
    ),
    Part(
        "reminders",
        Reminder,
        # Without their uids: these name the jobs, which no two reminders of a server may share.
        same(
            *("task", "remind_at", "minutes_before"),
            *("sent_at", "attempts", "last_error", "created_at"),
        ),
        most=500_000,
    ),
    Part(
        "changes",
        Change,
        {
            "number": "number",
            "at": "at",
            "by_me": "by",
            "session": "session",
            "kind": "kind",
            "object": "object_kind",
            "uid": "uid",
            **same("before", "after", "batch", "follows", "undoes"),
        },
        most=2_000_000,
    ),
)

# In `before` and `after` of changes, what is an id in the journal.
REFERENCES = {
    "task_list_id": ("list", Change.Object.LIST),
    "section_id": ("section", Change.Object.SECTION),
    "parent_id": ("parent", Change.Object.TASK),
}
MODELS: dict[str, type[models.Model]] = {
    Change.Object.TASK: Task,
    Change.Object.LIST: TaskList,
    Change.Object.SECTION: Section,
    Change.Object.TAG: Tag,
}
