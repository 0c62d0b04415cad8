"""Taking changes back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.models import User
from todos.models import Change, Completion, Section, Tag, Task, TaskList
from todos.operations.followers import move_along, put_tag_on, reposition
from todos.operations.journal import (
    Things,
    Writer,
    plain,
    snapshot,
    some_at_a_time,
    tags_of,
    writing,
)
from todos.operations.sections import drop_section
from todos.operations.tags import drop_tag
from todos.operations.trash import (
    put_into_trash,
    put_list_into_trash,
    take_list_out_of_trash,
    take_out_of_trash,
)
from todos.operations.tree import Place, check_depth, descendants, put

MODELS: dict[str, type[Things]] = {
    Change.Object.TASK: Task,
    Change.Object.LIST: TaskList,
    Change.Object.SECTION: Section,
    Change.Object.TAG: Tag,
}
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
MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class Undone:
    """What a change was taken back on, and the names of the fields left as they are since
    they were changed again later."""

    change: Change
    thing: Things
    kept: list[str]


def undo_change(change: Change, *, by: Actor, at: datetime | None = None) -> Undone:
    """Put back what `change` changed, where it still holds what the change wrote.

    What came of it, as when sub-tasks went into the trash with their parent, is taken back with
    it. That is a change itself, so it can be undone. Undoing a change twice does nothing more.
    Raises Conflict (404) if the thing is gone, and ValidationError for what cannot come back.
    """
    with writing(change.owner, by=by, at=at) as writer:
        if change.pk in undone_already(writer, [change]):
            return Undone(change, present(writer, change), [])
        return undo(writer, change)


def undo_batch(change: Change, *, by: Actor, at: datetime | None = None) -> list[Undone]:
    """Undo all that was done together with `change`, the latest first; what is gone is left."""
    together = Q(pk=change.pk) if change.batch is None else Q(batch=change.batch)
    return undo_all(change.owner, together, by=by, at=at)


def undo_session(
    owner: User,
    session: uuid.UUID,
    *,
    since: datetime,
    by: Actor,
    at: datetime | None = None,
) -> list[Undone]:
    """Undo what was done to `owner`'s things through `session` since then, the latest first.

    What it took back itself is done again on the way. What is gone is left.
    Raises ValidationError when it is more than `MOST_AT_ONCE` changes.
    """
    return undo_all(owner, Q(session=session, at__gte=since), by=by, at=at)


def undo_all(owner: User, which: Q, *, by: Actor, at: datetime | None) -> list[Undone]:
    """Undo those changes of `owner`'s that nobody else has undone."""
    with writing(owner, by=by, at=at) as writer:
        leading = Change.objects.filter(which, owner=owner, follows=None).order_by("-number")
        changes = list(leading[: MOST_AT_ONCE + 1])
        if len(changes) > MOST_AT_ONCE:
            raise ValidationError(
                _("These are more than %(most)d changes. Choose a later moment.")
                % {"most": MOST_AT_ONCE}
            )
        done = undone_already(writer, changes)
        outcomes = (try_to_undo(writer, change) for change in changes if change.pk not in done)
        return [undone for undone in outcomes if undone]


def undone_already(writer: Writer, changes: Collection[Change]) -> set[int | None]:
    """The ids of changes that others than `changes` have undone, and that was not undone since."""
    if not changes:
        return set()
    since = min(change.number for change in changes)
    ours = {change.pk for change in changes}
    undos = Change.objects.filter(owner=writer.owner, number__gt=since, undoes__isnull=False)
    done: set[int | None] = set()
    for pk, undoes in undos.order_by("-number").values_list("pk", "undoes"):
        if pk not in done and pk not in ours:
            done.add(undoes)
    return done


def try_to_undo(writer: Writer, change: Change) -> Undone | None:
    """What came of undoing `change`: all is kept where that is refused, None where it is gone."""
    try:
        with writer.attempt():
            return undo(writer, change)
    except Conflict:
        return None
    except ValidationError:
        names = sorted(change.after or change.before)
        thing = MODELS[change.object_kind](pk=change.object_id, uid=change.uid, owner=writer.owner)
        with suppress(Conflict):
            thing = writer.reread(thing)
        return Undone(change, thing, names)


def undo(writer: Writer, change: Change) -> Undone:
    if change.kind == Change.Kind.ERASED:
        raise ValidationError(_("What was deleted for good cannot come back."))
    if change.kind == Change.Kind.DELETED:
        return undo_deletion(writer, change)
    thing = present(writer, change)
    if change.kind in {Change.Kind.CREATED, Change.Kind.TRASHED, Change.Kind.RESTORED}:
        return undo_move(writer, thing, change)
    return undo_fields(writer, thing, change)


def present(writer: Writer, change: Change) -> Things:
    """The thing of `change` as it is now. Raises Conflict (404) if it is gone."""
    return writer.reread(MODELS[change.object_kind](pk=change.object_id))


# What was made, trashed, restored or deleted


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


def followers(change: Change) -> models.QuerySet[Change]:
    """What came of `change`, by itself."""
    return Change.objects.filter(owner=change.owner_id, follows=change.number)


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
    """Whether the place in `fields` is still there, and in the trash what took `task` along."""
    trashed = {
        "owner": writer.owner,
        "uid": fields["trashed_with"],
        "trashed_at__isnull": False,
    }
    return lies_somewhere(writer, fields) and (
        fields["trashed_with"] == str(task.uid)
        or TaskList.objects.filter(**trashed).exists()
        or Task.objects.filter(**trashed).exists()
    )


def lies_somewhere(writer: Writer, fields: dict[str, Any]) -> bool:
    """Whether the list, section and parent in `fields` are still there, in the trash or not."""
    models_of = {"task_list_id": TaskList, "section_id": Section, "parent_id": Task}
    return all(
        model._default_manager.filter(owner=writer.owner, pk=fields[name]).exists()
        for name, model in models_of.items()
        if fields.get(name) is not None
    )


# What was changed


def undo_fields(writer: Writer, thing: Things, change: Change) -> Undone:
    now = snapshot(thing)
    if isinstance(thing, Task) and "tags" in change.after:
        now["tags"] = tags_of(thing)
    names = [name for name in change.after if name != "completion"]
    same = [name for name in names if now.get(name) == change.after[name]]
    same = [name for name in same if may_go_back(writer, thing, change, now, same, name)]
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


def may_go_back(
    writer: Writer,
    thing: Things,
    change: Change,
    now: dict[str, Any],
    same: list[str],
    name: str,
) -> bool:
    """Whether the field `name` makes sense as it was, with the others as they will be.

    A time has its day, a zone its time; an occurrence is all of it, and a place too, which is
    still there.
    """
    then = now | {other: change.before[other] for other in same}
    if name.startswith("due_"):
        has_day, has_time = then["due_on"] is not None, then["due_time"] is not None
        return (has_day or not has_time) and (has_time or not then["due_zone"])
    if change.kind in MOVES_ON and name in OCCURRENCE:
        return {other for other in OCCURRENCE if other in change.after} <= set(same)
    if name in PLACE and isinstance(thing, Task):
        whole = [other for other in PLACE if other in change.after]
        return set(whole) <= set(same) and may_return(writer, thing, then)
    if name == "task_list_id":
        return now[name] == change.before[name]
    return True


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


def parsed(model: type[models.Model], name: str, value: Any) -> Any:
    """The Python value of a field, from the form in which the journal keeps it."""
    if value is None or name == "tags" or name.endswith("_id"):
        return value
    return model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
