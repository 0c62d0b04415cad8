"""Making tasks and changing them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from todos import recurrence
from todos.models import FIRST_DAY, LAST_DAY, Change, Section, Tag, Task, TaskList
from todos.operations.journal import Writer, clean, owner_of, writing
from todos.operations.tree import (
    Place,
    check_depth,
    destination,
    open_what_is_above,
    put,
    refuse_trashed,
    reread_outside_trash,
)
from todos.recurrence import Rule

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
    start_on: date | None
    rule: str
    repeats_from: str
    section: Section | None
    parent: Task | None


def create_task(
    *,
    by: Actor,
    uid: uuid.UUID | None = None,
    at: datetime | None = None,
    **fields: Unpack[TaskFields],
) -> tuple[Task, bool]:
    """Create a task, in the inbox unless its place is named, and return it and True.

    A `uid` that the owner's tasks know returns that task as it is, and False.
    Raises ValidationError by field, and Conflict when the known task is in the trash.
    """
    values: dict[str, Any] = dict(fields)
    where = placement_in(values)
    names = values.pop("tags", ())
    beside = next((thing for thing in where.values() if thing), None)
    owner = owner_of(beside, by) if beside else by.user
    with writing(owner, by=by, at=at) as writer:
        known = uid and Task.objects.filter(owner=writer.owner, uid=uid).first()
        if known:
            return refuse_trashed(known), False
        place = destination(writer, None, where)
        task = Task(
            owner=writer.owner,
            created_by=by.user,
            task_list_id=place.task_list_id,
            section_id=place.section_id,
            parent_id=place.parent_id,
            position=writer.next_position,
            created_at=writer.at,
            updated_at=writer.at,
            **({"uid": uid} if uid else {}),
            **values | repetition(None, values),
        )
        check_depth(writer, task, place)
        task = writer.insert(task, tags=tags_named(writer, names))
        open_what_is_above(writer, task)
        return task, True


def change_task(
    task: Task, *, by: Actor, at: datetime | None = None, **fields: Unpack[TaskFields]
) -> Task:
    """Set the given fields of `task` and return it; what is not given is not touched.

    Without a day there is no time, and without a time no zone. Another day for a task that
    repeats is meant for all occurrences from then on (`postpone_task` is for one). Another place
    is the end of it. Safe to repeat.
    Raises ValidationError by field, and Conflict (404) when the task is in the trash.
    """
    values: dict[str, Any] = dict(fields)
    where = placement_in(values)
    with writing(owner_of(task, by), by=by, at=at) as writer:
        task = reread_outside_trash(writer, task)
        names = values.pop("tags", None)
        if "due_on" in values and values["due_on"] is None:
            values = {"due_time": None, "due_zone": ""} | values
        elif "due_time" in values and values["due_time"] is None:
            values = {"due_zone": ""} | values
        values = start_kept(task, values) | values | repetition(task, values)
        tags = None if names is None else tags_named(writer, names)
        place = destination(writer, task, where)
        if place == Place.of(task):
            return writer.update(task, Change.Kind.CHANGED, tags=tags, **values)
        check_depth(writer, task, place)
        position = writer.next_position
        task = put(
            writer, task, place, kind=Change.Kind.CHANGED, position=position, tags=tags, **values
        )
        open_what_is_above(writer, task)
        return task


PLACEMENT = ("task_list", "section", "parent")


def placement_in(values: dict[str, Any]) -> dict[str, Any]:
    """Take out of `values` what says where a task is."""
    return {name: values.pop(name) for name in PLACEMENT if name in values}


def start_kept(task: Task, values: dict[str, Any]) -> dict[str, Any]:
    """The start of a task that repeats, at its distance from another day that it is due."""
    day = values.get("due_on")
    return {"start_on": start_at(task, day)} if task.repeats and day else {}


def start_at(task: Task, day: date) -> date | None:
    """When `task` starts if it is due on `day`: as long before as now."""
    if not (task.start_on and task.due_on):
        return task.start_on
    return min(max(task.start_on + (day - task.due_on), FIRST_DAY), LAST_DAY)


def repetition(task: Task | None, values: dict[str, Any]) -> dict[str, Any]:
    """What follows for how a task repeats from `values` that are to be set on it.

    Raises ValidationError when the rule cannot be understood.
    """
    text = values.get("rule", task.rule if task else "")
    if not text:
        return {"anchor_on": None, "original_on": None} if "rule" in values else {}
    try:
        rule = Rule.parse(text)
    except ValidationError as error:
        raise ValidationError({"rule": error.messages}) from None
    day = values.get("due_on", task.due_on if task else None)
    same_way = task and values.get("repeats_from", task.repeats_from) == task.repeats_from
    if task and str(rule) == task.rule and day == task.due_on and same_way:
        return {"rule": task.rule}
    if task and "rule" not in values and day and task.due_on:
        rule = recurrence.moved(rule, old=task.original_on or task.due_on, new=day)
    return {"rule": str(rule), "anchor_on": day, "original_on": None}


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
    if not wanted:
        return []
    known = {
        tag.name_key: tag for tag in Tag.objects.filter(owner=writer.owner, name_key__in=wanted)
    }
    return [known.get(key) or writer.insert(tag) for key, tag in wanted.items()]
