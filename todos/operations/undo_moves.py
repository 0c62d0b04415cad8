"""Taking back that something was made, trashed, restored or deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from todos.models import Change, Section, Tag, Task, TaskList
from todos.operations.followers import move_along, put_tag_on
from todos.operations.journal import Writer, some_at_a_time
from todos.operations.sections import drop_section
from todos.operations.snapshots import Things, parsed, plain
from todos.operations.tags import drop_tag
from todos.operations.trash import (
    put_into_trash,
    put_list_into_trash,
    take_list_out_of_trash,
    take_out_of_trash,
)
from todos.operations.tree import descendants
from todos.operations.undo_fields import Undone, followers, lies_somewhere

MODELS: dict[str, type[Things]] = {
    Change.Object.TASK: Task,
    Change.Object.LIST: TaskList,
    Change.Object.SECTION: Section,
    Change.Object.TAG: Tag,
}


def undo_deletion(writer: Writer, change: Change) -> Undone:
    """Make a section or a tag anew, with the id that it had, and give it to what had it."""
    model = MODELS[change.object_kind]
    fields = {name: parsed(model, name, value) for name, value in change.before.items()}
    if not fields or not lies_somewhere(writer, change.before):
        raise ValidationError(_("What it belonged to was deleted for good."))
    thing = model(pk=change.object_id, uid=change.uid, owner=writer.owner, **fields)
    if model._default_manager.filter(pk=thing.pk).exists():
        raise ValidationError(_("It is there again."))
    try:
        with transaction.atomic():
            writer.insert(thing, undoes=change)
    except IntegrityError:
        raise ValidationError(_("There is another one in its place by now.")) from None
    had_it = followers(change).values_list("object_id", flat=True)
    if isinstance(thing, Tag):
        put_tag_on(writer, thing, list(had_it), leader=writer.number)
    elif isinstance(thing, Section):
        put_into_section(writer, thing, list(had_it))
    return Undone(change, thing, [])


def put_into_section(writer: Writer, section: Section, pks: list[int]) -> None:
    """Put those tasks into `section` that are still in its list, and nowhere else there."""
    leader = writer.number
    for some in some_at_a_time(pks):
        tasks = Task.objects.filter(owner=writer.owner, pk__in=some, section=None, parent=None)
        at_home = list(tasks.filter(task_list=section.task_list_id).order_by("pk"))
        move_along(writer, at_home, Change.Kind.MOVED, leader=leader, section_id=section.pk)


def undo_move(writer: Writer, thing: Things, change: Change) -> Undone:
    """Take back that `thing` was created, or went into the trash or out of it."""
    if isinstance(thing, Section | Tag):
        return unmake(writer, thing, change)
    if plain(thing.trashed_at) != change.after["trashed_at"]:
        return Undone(change, thing, ["trashed_at"])
    into_trash = change.kind != Change.Kind.TRASHED
    if isinstance(thing, TaskList):
        if not into_trash:
            return Undone(change, take_list_out_of_trash(writer, thing, undoes=change), [])
        since = parsed(TaskList, "trashed_at", change.before.get("trashed_at"))
        came_along = followers(change).values("object_id")
        newer = thing.tasks.filter(trashed_at=None).exclude(pk__in=came_along)
        since = None if newer.exists() else since
        return Undone(change, put_list_into_trash(writer, thing, undoes=change, since=since), [])
    if not into_trash:
        return Undone(change, take_out_of_trash(writer, thing, undoes=change), [])
    if change.kind == Change.Kind.CREATED:
        return Undone(change, put_into_trash(writer, thing, undoes=change), [])
    return Undone(change, lay_back(writer, thing, change), [])


def unmake(writer: Writer, thing: Section | Tag, change: Change) -> Undone:
    """Delete a section or a tag that was made, if no task outside the trash has it."""
    if change.undoes_id is None and thing.tasks.filter(trashed_at=None).exists():
        raise ValidationError(_("Tasks have it by now. Delete it instead."))
    if isinstance(thing, Tag):
        drop_tag(writer, thing, undoes=change)
    else:
        drop_section(writer, thing, undoes=change)
    return Undone(change, thing, [])


def lay_back(writer: Writer, task: Task, change: Change) -> Task:
    """Let `task`, with what is below it, lie in the trash as before it was restored."""
    below = descendants(writer, [task])
    before = {change.object_id: change.before}
    before |= dict(followers(change).values_list("object_id", "before"))
    nothing_newer = all(child.pk in before for child in below)
    whole = nothing_newer and lies_there(writer, task, before[task.pk])
    fields = where_it_lay(task, task, before, whole=whole, now=writer.at)
    task = writer.update(task, Change.Kind.TRASHED, undoes=change, **fields)
    number = writer.number
    for child in below:
        fields = where_it_lay(child, task, before, whole=whole, now=writer.at)
        writer.update(child, Change.Kind.TRASHED, follows=number, **fields)
    return task


def where_it_lay(
    task: Task, leader: Task, before: dict[int, dict[str, Any]], *, whole: bool, now: datetime
) -> dict[str, Any]:
    """The fields of `task` as before, if the `whole` can lie there again, else as from now."""
    if task.pk == leader.pk and not whole:
        return {"trashed_at": now, "trashed_with": task.uid}
    if task.pk in before and whole:
        return {name: parsed(Task, name, value) for name, value in before[task.pk].items()}
    return {"trashed_at": leader.trashed_at, "trashed_with": leader.trashed_with}


def lies_there(writer: Writer, task: Task, fields: dict[str, Any]) -> bool:
    """Whether the place in `fields` is still there, and what took `task` along is in the trash
    by itself, not along with something else.
    """
    trashed = {
        "owner": writer.owner,
        "uid": fields["trashed_with"],
        "trashed_at__isnull": False,
    }
    return lies_somewhere(writer, fields) and (
        fields["trashed_with"] == str(task.uid)
        or TaskList.objects.filter(**trashed).exists()
        or Task.objects.filter(trashed_with=F("uid"), **trashed).exists()
    )
