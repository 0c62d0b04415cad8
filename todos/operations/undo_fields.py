"""Taking back that fields were changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from todos.models import Change, Completion, Section, Tag, Task, TaskList
from todos.operations.followers import reposition
from todos.operations.journal import Writer, some_at_a_time
from todos.operations.snapshots import Things, parsed, snapshot, tags_of
from todos.operations.tree import Place, check_depth, put

TAKEN_BACK_AS = {
    Change.Kind.COMPLETED: Change.Kind.REOPENED,
    Change.Kind.REOPENED: Change.Kind.COMPLETED,
    Change.Kind.ARCHIVED: Change.Kind.UNARCHIVED,
    Change.Kind.UNARCHIVED: Change.Kind.ARCHIVED,
    Change.Kind.MOVED: Change.Kind.MOVED,
}
MOVES_ON = {Change.Kind.COMPLETED, Change.Kind.REOPENED, Change.Kind.SKIPPED}
# What moves on together, and goes back together or not at all.
OCCURRENCE = (
    "due_on",
    "due_time",
    "start_on",
    "rule",
    "anchor_on",
    "original_on",
    "completed_at",
)
PLACE = ("task_list_id", "section_id", "parent_id", "position")


@dataclass(frozen=True)
class Undone:
    """What came of taking `change` back: the `thing` as it is now, the names of the fields left
    as they are since they were changed again later, and whether anything was taken back at all.
    """

    change: Change
    thing: Things
    kept: list[str]
    took_effect: bool = False


def undo_fields(writer: Writer, thing: Things, change: Change) -> Undone:
    now = snapshot(thing)
    if isinstance(thing, Task) and "tags" in change.after:
        now["tags"] = tags_of(thing)
    names = [name for name in change.after if name != "completion"]
    same = [name for name in names if now.get(name) == change.after[name]]
    same = fitting(writer, thing, change, now, same)
    kept = [name for name in names if name not in same and now.get(name) != change.before[name]]
    if len(kept) > 1:
        kept = [name for name in kept if name != "position"]
    values = {name: parsed(type(thing), name, change.before[name]) for name in same}
    extra: dict[str, Any] = {}
    if "tags" in values:
        pks = values.pop("tags")
        extra["tags"] = list(Tag.objects.filter(owner=writer.owner, pk__in=pks))
    if isinstance(thing, Task) and "completion" in change.after and not kept:
        extra |= completion_back(writer, thing, change)
    kind = TAKEN_BACK_AS.get(Change.Kind(change.kind), Change.Kind.CHANGED)
    if isinstance(thing, Task):
        place = {name: values.pop(name) for name in PLACE if name in values}
        if place:
            thing = put_back(writer, thing, place, kind, change, **values, **extra)
            put_others_back(writer, change)
            return Undone(change, thing, kept)
    return Undone(change, writer.update(thing, kind, undoes=change, **values, **extra), kept)


def fitting(
    writer: Writer, thing: Things, change: Change, now: dict[str, Any], same: list[str]
) -> list[str]:
    """Those of the fields `same` that make sense as they were, with the others as they will be.

    A time has its day, a zone its time; an occurrence goes back whole, and so does a place, if it
    is still there.
    """
    then = now | {name: change.before[name] for name in same}
    refused: set[str] = set()
    if not due_fits(then):
        refused |= {name for name in same if name.startswith("due_")}
    if change.kind in MOVES_ON and not goes_whole(OCCURRENCE, change, same):
        refused |= set(OCCURRENCE)
    if isinstance(thing, Task) and not set(PLACE).isdisjoint(same):
        goes_back = goes_whole(PLACE, change, same) and may_return(writer, thing, then)
        refused |= set() if goes_back else set(PLACE)
    return [name for name in same if name not in refused]


def goes_whole(names: tuple[str, ...], change: Change, same: list[str]) -> bool:
    """Whether all of `names` that `change` wrote still hold it."""
    return {name for name in names if name in change.after} <= set(same)


def due_fits(values: dict[str, Any]) -> bool:
    has_day, has_time = values.get("due_on") is not None, values.get("due_time") is not None
    return (has_day or not has_time) and (has_time or not values.get("due_zone"))


def may_return(writer: Writer, task: Task, then: dict[str, Any]) -> bool:
    """Whether the place that `then` names takes `task`; in the trash any place does."""
    if task.trashed_at:
        return lies_somewhere(writer, then)
    lists = TaskList.objects.filter(owner=writer.owner, trashed_at=None, archived_at=None)
    if not lists.filter(pk=then["task_list_id"]).exists():
        return then["task_list_id"] == task.task_list_id
    if (
        then["section_id"]
        and not Section.objects.filter(
            owner=writer.owner, pk=then["section_id"], task_list=then["task_list_id"]
        ).exists()
    ):
        return False
    if then["parent_id"] is None:
        return True
    parents = Task.objects.filter(owner=writer.owner, trashed_at=None)
    if not parents.filter(pk=then["parent_id"], task_list=then["task_list_id"]).exists():
        return False
    try:
        place = Place(then["task_list_id"], parent_id=then["parent_id"])
        check_depth(writer, task, place)
    except ValidationError:
        return False
    return True


def put_back(
    writer: Writer, task: Task, place: dict[str, Any], kind: str, change: Change, **rest: Any
) -> Task:
    then = {name: place.get(name, getattr(task, name)) for name in PLACE}
    position = then.pop("position")
    return put(writer, task, Place(**then), position=position, kind=kind, undoes=change, **rest)


def put_others_back(writer: Writer, change: Change) -> None:
    """Take back that the tasks around made room, where they are still there."""
    made_room = {
        each.object_id: each for each in followers(change) if set(each.after) == {"position"}
    }
    if not made_room:
        return
    leader = writer.leader
    for some in some_at_a_time(made_room):
        tasks = Task.objects.filter(owner=writer.owner, pk__in=some).order_by("pk")
        positions = {
            task: made_room[task.pk].before["position"]
            for task in tasks
            if task.position == made_room[task.pk].after["position"]
        }
        reposition(writer, positions, leader=leader)


def completion_back(writer: Writer, task: Task, change: Change) -> dict[str, Any]:
    """Forget the completion that `change` noted, or note anew the one it forgot."""
    made, forgotten = change.after["completion"], change.before["completion"]
    if made:
        row = Completion.objects.filter(owner=writer.owner, uid=made["uid"]).first()
        return {"taken_back": row} if row else {}
    fields = {name: parsed(Completion, name, value) for name, value in forgotten.items()}
    return {"done": Completion(owner=writer.owner, task=task, **fields)}


def lies_somewhere(writer: Writer, fields: dict[str, Any]) -> bool:
    """Whether the list, section and parent in `fields` are still there, in the trash or not."""
    models_of = {"task_list_id": TaskList, "section_id": Section, "parent_id": Task}
    return all(
        model._default_manager.filter(owner=writer.owner, pk=fields[name]).exists()
        for name, model in models_of.items()
        if fields.get(name) is not None
    )


def followers(change: Change) -> models.QuerySet[Change]:
    """What came of `change`, by itself."""
    return Change.objects.filter(owner=change.owner_id, follows=change.number)
