"""The verbs of a list, but for the trash."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Conflict
from todos.models import Change, TaskList
from todos.operations.journal import Writer, not_found, writing
from todos.operations.tree import step


class ListFields(TypedDict, total=False):
    """What a person can set on a list."""

    name: str
    color: str
    position: int


def create_list(
    *,
    by: Actor,
    uid: uuid.UUID | None = None,
    at: datetime | None = None,
    **fields: Unpack[ListFields],
) -> tuple[TaskList, bool]:
    """Create a list, the last of all unless `position` says otherwise, and return it and True.

    A `uid` that the owner's lists know returns that list as it is, and False.
    Raises ValidationError by field, and Conflict when the known list is in the trash.
    """
    with writing(by.user, by=by, at=at) as writer:
        known = uid and TaskList.objects.filter(owner=writer.owner, uid=uid).first()
        if known:
            return refuse_trashed_list(known), False
        values = {"position": writer.next_position, **fields, **({"uid": uid} if uid else {})}
        task_list = TaskList(owner=writer.owner, created_at=writer.at, **values)
        return writer.insert(task_list), True


def change_list(
    task_list: TaskList, *, by: Actor, at: datetime | None = None, **fields: Unpack[ListFields]
) -> TaskList:
    """Set the given fields of `task_list` and return it. Raises ValidationError by field."""
    with writing(task_list.owner, by=by, at=at) as writer:
        task_list = reread_outside_trash(writer, task_list)
        if task_list.is_inbox and fields.get("name", task_list.name) != task_list.name:
            raise ValidationError({"name": _("The inbox keeps its name.")})
        return writer.update(task_list, Change.Kind.CHANGED, **fields)


def step_list(
    task_list: TaskList, *, by: Actor, down: bool, at: datetime | None = None
) -> TaskList:
    """Let `task_list` and the one after it (before it, unless `down`) change places, and return
    it. At the end it stays, and the inbox is always the first.
    """
    with writing(task_list.owner, by=by, at=at) as writer:
        task_list = reread_outside_trash(writer, task_list)
        lists = list(TaskList.objects.visible_to(writer.owner).active().filter(is_inbox=False))
        return step(writer, task_list, lists, down=down) if task_list in lists else task_list


def archive_list(task_list: TaskList, *, by: Actor, at: datetime | None = None) -> TaskList:
    """Put `task_list` away: its tasks are neither on Today and Upcoming nor with their tags.

    Safe to repeat.
    """
    with writing(task_list.owner, by=by, at=at) as writer:
        task_list = reread_outside_trash(writer, task_list)
        if task_list.archived_at:
            return task_list
        return writer.update(task_list, Change.Kind.ARCHIVED, archived_at=writer.at)


def unarchive_list(task_list: TaskList, *, by: Actor, at: datetime | None = None) -> TaskList:
    """Take `task_list` out of the archive. Safe to repeat."""
    with writing(task_list.owner, by=by, at=at) as writer:
        task_list = reread_outside_trash(writer, task_list)
        return writer.update(task_list, Change.Kind.UNARCHIVED, archived_at=None)


def refuse_trashed_list(task_list: TaskList) -> TaskList:
    if task_list.trashed_at:
        raise Conflict(
            _("The list is in the trash. Restore it instead: POST /api/v1/lists/%(id)s/restore")
            % {"id": task_list.pk}
        )
    return task_list


def reread_outside_trash(writer: Writer, task_list: TaskList) -> TaskList:
    """`task_list` as it is now. Raises Conflict (404) if it is gone or in the trash."""
    task_list = writer.reread(task_list)
    if task_list.trashed_at:
        raise not_found(task_list)
    return task_list
