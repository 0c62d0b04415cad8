"""Taking a change back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.actor import Actor
from todos.models import Change, Tag, Task, TaskList
from todos.operations.journal import Writer, not_found, plain, snapshot, tags_of, writing
from todos.operations.trash import (
    put_into_trash,
    put_list_into_trash,
    take_list_out_of_trash,
    take_out_of_trash,
)

MODELS: dict[str, type[Task | TaskList | Tag]] = {
    Change.Object.TASK: Task,
    Change.Object.LIST: TaskList,
    Change.Object.TAG: Tag,
}
TAKEN_BACK_AS = {
    Change.Kind.COMPLETED: Change.Kind.REOPENED,
    Change.Kind.REOPENED: Change.Kind.COMPLETED,
    Change.Kind.ARCHIVED: Change.Kind.UNARCHIVED,
    Change.Kind.UNARCHIVED: Change.Kind.ARCHIVED,
}


@dataclass(frozen=True)
class Undone:
    """What a change was taken back on, and the names of the fields left as they are since
    they were changed again later."""

    thing: Task | TaskList | Tag
    kept: list[str]


def undo_change(change: Change, *, by: Actor, at: datetime | None = None) -> Undone:
    """Put back what `change` changed, where it still holds what the change wrote.

    That is a change itself, so it can be undone. Undoing a change twice does nothing more.
    Raises Conflict (404) if the thing is gone, and ValidationError for what cannot come back.
    """
    with writing(change.owner, by=by, at=at) as writer:
        thing = writer.reread(MODELS[change.object_kind](pk=change.object_id))
        if change.undone_by.exists():
            return Undone(thing, [])
        if change.kind == Change.Kind.ERASED:
            raise ValidationError(_("What was deleted for good cannot come back."))
        if change.kind in {Change.Kind.CREATED, Change.Kind.TRASHED, Change.Kind.RESTORED}:
            return undo_move(writer, thing, change)
        if getattr(thing, "trashed_at", None):
            raise not_found(thing)
        return undo_fields(writer, thing, change)


def undo_move(writer: Writer, thing: Task | TaskList | Tag, change: Change) -> Undone:
    """Take back that `thing` was created, or went into the trash or out of it."""
    if isinstance(thing, Tag):
        raise ValidationError(_("Delete the tag instead."))
    if plain(thing.trashed_at) != change.after["trashed_at"]:
        return Undone(thing, ["trashed_at"])
    into_trash = change.kind != Change.Kind.TRASHED
    if isinstance(thing, Task):
        verb = put_into_trash if into_trash else take_out_of_trash
        return Undone(verb(writer, thing, undoes=change), [])
    list_verb = put_list_into_trash if into_trash else take_list_out_of_trash
    return Undone(list_verb(writer, thing, undoes=change), [])


def undo_fields(writer: Writer, thing: Task | TaskList | Tag, change: Change) -> Undone:
    present = snapshot(thing)
    if isinstance(thing, Task) and "tags" in change.after:
        present["tags"] = tags_of(thing)
    same = [name for name, value in change.after.items() if present.get(name) == value]
    if not due_fits(present | {name: change.before[name] for name in same}):
        same = [name for name in same if not name.startswith("due_")]
    values = {name: parsed(type(thing), name, change.before[name]) for name in same}
    tags = values.pop("tags", None)
    if "task_list_id" in values and not list_takes_tasks(writer, values["task_list_id"]):
        del values["task_list_id"]
        same.remove("task_list_id")
    thing = writer.update(
        thing,
        TAKEN_BACK_AS.get(Change.Kind(change.kind), Change.Kind.CHANGED),
        tags=None if tags is None else list(Tag.objects.filter(owner=writer.owner, pk__in=tags)),
        undoes=change,
        **values,
    )
    return Undone(thing, [name for name in change.after if name not in same])


def due_fits(values: dict[str, Any]) -> bool:
    """Whether a time has its day and a zone its time, so that half an undo makes sense."""
    has_day, has_time = values.get("due_on") is not None, values.get("due_time") is not None
    return (has_day or not has_time) and (has_time or not values.get("due_zone"))


def list_takes_tasks(writer: Writer, pk: int) -> bool:
    lists = TaskList.objects.filter(owner=writer.owner, trashed_at=None, archived_at=None)
    return lists.filter(pk=pk).exists()


def parsed(model: type[models.Model], name: str, value: Any) -> Any:
    """The Python value of a field, from the form in which the journal keeps it."""
    if value is None or name in {"tags", "task_list_id"}:
        return value
    return model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
