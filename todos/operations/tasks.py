"""The verbs of a task."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Conflict
from todos.models import Change, Tag, Task, TaskList
from todos.operations.journal import Writer, clean, not_found, writing

MOST_TAGS = 50


class TaskFields(TypedDict, total=False):
    """What a person can set on a task. `tags` are names; an unknown one is made."""

    title: str
    description: str
    task_list: TaskList
    tags: Iterable[str]
    priority: int
    due_on: date | None
    due_time: time | None
    due_zone: str


def create_task(
    *,
    by: Actor,
    uid: uuid.UUID | None = None,
    at: datetime | None = None,
    **fields: Unpack[TaskFields],
) -> tuple[Task, bool]:
    """Create a task, in the inbox unless a list is named, and return it and True.

    A `uid` that the owner's tasks know returns that task as it is, and False.
    Raises ValidationError by field, and Conflict when the known task is in the trash.
    """
    values: dict[str, Any] = dict(fields)
    asked_list: TaskList | None = values.pop("task_list", None)
    names = values.pop("tags", ())
    with writing(asked_list.owner if asked_list else by.user, by=by, at=at) as writer:
        known = uid and Task.objects.filter(owner=writer.owner, uid=uid).first()
        if known:
            return refuse_trashed(known), False
        task_list = usable_list(writer, asked_list) if asked_list else inbox_of(writer)
        tags = tags_named(writer, names)
        task = Task(
            owner=writer.owner,
            created_by=by.user,
            task_list=task_list,
            position=writer.next_position,
            created_at=writer.at,
            updated_at=writer.at,
            **({"uid": uid} if uid else {}),
            **values,
        )
        return writer.insert(task, tags=tags), True


def change_task(
    task: Task, *, by: Actor, at: datetime | None = None, **fields: Unpack[TaskFields]
) -> Task:
    """Set the given fields of `task` and return it; what is not given is not touched.

    Without a day there is no time, and without a time no zone. Safe to repeat.
    Raises ValidationError by field, and Conflict (404) when the task is in the trash.
    """
    values: dict[str, Any] = dict(fields)
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_open_to_change(writer, task)
        if "task_list" in values:
            asked_list = values.pop("task_list")
            if asked_list.pk != task.task_list_id:
                values["task_list_id"] = usable_list(writer, asked_list).pk
        names = values.pop("tags", None)
        if "due_on" in values and values["due_on"] is None:
            values = {"due_time": None, "due_zone": ""} | values
        elif "due_time" in values and values["due_time"] is None:
            values = {"due_zone": ""} | values
        tags = None if names is None else tags_named(writer, names)
        return writer.update(task, Change.Kind.CHANGED, tags=tags, **values)


def complete_task(task: Task, *, by: Actor, at: datetime | None = None) -> Task:
    """Complete `task` and return it. One that is done already stays as it is."""
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_open_to_change(writer, task)
        if task.is_done:
            return task
        return writer.update(task, Change.Kind.COMPLETED, completed_at=writer.at)


def reopen_task(task: Task, *, by: Actor, at: datetime | None = None) -> Task:
    """Take the completion of `task` back and return it. An open one stays as it is."""
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_open_to_change(writer, task)
        return writer.update(task, Change.Kind.REOPENED, completed_at=None)


def reread_open_to_change(writer: Writer, task: Task) -> Task:
    """`task` as it is now. Raises Conflict (404) if it is gone or in the trash."""
    task = writer.reread(task)
    if task.trashed_at:
        raise not_found(task)
    return task


def refuse_trashed(task: Task) -> Task:
    if task.trashed_at:
        raise Conflict(
            _("This task is in the trash. Restore it instead: POST /api/v1/tasks/%(id)s/restore")
            % {"id": task.pk}
        )
    return task


def inbox_of(writer: Writer) -> TaskList:
    return TaskList.objects.get(owner=writer.owner, is_inbox=True)


def usable_list(writer: Writer, task_list: TaskList) -> TaskList:
    """`task_list` as it is now. Raises ValidationError if no task may be put into it."""
    task_list = writer.reread(task_list)
    if task_list.trashed_at:
        raise ValidationError({"task_list": _("This list is in the trash.")})
    if task_list.archived_at:
        raise ValidationError({"task_list": _("This list is archived.")})
    return task_list


def tags_named(writer: Writer, names: Iterable[str]) -> list[Tag]:
    """The owner's tags of these names, in their order, each once; those they lack are made."""
    wanted: dict[str, Tag] = {}
    for name in names:
        tag = Tag(owner=writer.owner, name=name, created_at=writer.at)
        try:
            clean(tag)
        except ValidationError as error:
            raise ValidationError({"tags": error.messages}) from None
        wanted.setdefault(tag.name_key, tag)
    if len(wanted) > MOST_TAGS:
        raise ValidationError(
            {"tags": _("A task has %(most)d tags at most.") % {"most": MOST_TAGS}}
        )
    known = {
        tag.name_key: tag for tag in Tag.objects.filter(owner=writer.owner, name_key__in=wanted)
    }
    return [known.get(key) or writer.insert(tag) for key, tag in wanted.items()]
