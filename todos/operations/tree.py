"""Where a task is: its list, its section or its parent, and its place among its siblings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BigAutoField
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.compiled import Compiled, columns_of, instance_of
from accounts.errors import Conflict
from todos.models import Change, Completion, Section, Task, TaskList, TaskQuerySet
from todos.models.tasks import DEEPEST
from todos.operations.followers import move_along, reposition
from todos.operations.journal import Writer, not_found, owner_of, some_at_a_time, writing

ROOM = 1 << 16
ENOUGH_ROOM = 16

Row = TypeVar("Row", TaskList, Section)


@dataclass(frozen=True)
class Place:
    """Where siblings are: in a list, and there in a section or below a parent or in neither."""

    task_list_id: int
    section_id: int | None = None
    parent_id: int | None = None

    @classmethod
    def of(cls, task: Task) -> Place:
        return cls(task.task_list_id, task.section_id, task.parent_id)

    def tasks(self, writer: Writer) -> TaskQuerySet:
        """The siblings at this place, in their order."""
        return Task.objects.filter(
            owner=writer.owner,
            trashed_at=None,
            task_list=self.task_list_id,
            section=self.section_id,
            parent=self.parent_id,
        ).by_position()


def move_task(
    task: Task,
    *,
    by: Actor,
    before: Task | None = None,
    after: Task | None = None,
    at: datetime | None = None,
    **where: Any,
) -> Task:
    """Move `task` with its sub-tasks, and return it.

    `where` may name a `task_list`, `section` or `parent` (None: none); without any it goes where
    `before` or `after` is, and without these to the end. Raises ValidationError by field when it
    cannot go there, and Conflict (404) if it is gone or in the trash.
    """
    with writing(owner_of(task, by), by=by, at=at) as writer:
        task = reread_outside_trash(writer, task)
        beside = before or after
        if beside is not None:
            beside = neighbour(writer, task, beside, "before" if before else "after")
        place = Place.of(beside) if beside and not where else destination(writer, task, where)
        check_depth(writer, task, place)
        if beside is None:
            task = put(writer, task, place, position=writer.next_position)
            open_what_is_above(writer, task)
            return task
        if Place.of(beside) != place:
            field = "before" if before else "after"
            raise ValidationError({field: _("That task is somewhere else.")})
        position, others = make_room(writer, task, beside, place, before=before is not None)
        task = put(writer, task, place, position=position)
        if others:
            reposition(writer, others, leader=writer.leader)
        open_what_is_above(writer, task)
        return task


def neighbour(writer: Writer, task: Task, beside: Task, field: str) -> Task:
    if beside.pk == task.pk:
        raise ValidationError({field: _("A task cannot stand beside itself.")})
    beside = reread_outside_trash(writer, beside)
    if beside.task_list_id != task.task_list_id:
        usable_list(writer, beside.task_list)
    return beside


def destination(writer: Writer, task: Task | None, where: dict[str, Any]) -> Place:
    """The place that `where` names, as far as it does; `task` stays where it is otherwise.

    Raises ValidationError by field.
    """
    parent: Task | None = where.get("parent")
    section: Section | None = where.get("section")
    asked: TaskList | None = where.get("task_list")
    if parent and section:
        raise ValidationError({"section": _("A sub-task is where its parent is.")})
    if parent:
        parent = reread_outside_trash(writer, parent)
        if asked and asked.pk != parent.task_list_id:
            raise ValidationError({"task_list": _("A sub-task is in the list of its parent.")})
        return Place(usable_list(writer, parent.task_list).pk, parent_id=parent.pk)
    if section:
        section = writer.reread(section)
        if asked and asked.pk != section.task_list_id:
            raise ValidationError({"section": _("This section is in another list.")})
        return Place(usable_list(writer, section.task_list).pk, section_id=section.pk)
    if asked and (task is None or asked.pk != task.task_list_id):
        return Place(usable_list(writer, asked).pk)
    if task is None:
        return Place(inbox_of(writer))
    return Place(
        task.task_list_id,
        None if "section" in where else task.section_id,
        None if "parent" in where else task.parent_id,
    )


def check_depth(writer: Writer, task: Task, place: Place, rows: TaskQuerySet | None = None) -> None:
    """Raises ValidationError when `task` would be below itself, or too deep with what it has
    below it among `rows` (tasks outside the trash).
    """
    if place.parent_id is None:
        return
    above = [place.parent_id, *ancestor_ids(writer, place.parent_id)]
    if task.pk in above:
        raise ValidationError({"parent": _("A task cannot be below itself.")})
    if len(above) + height(writer, task, rows) > DEEPEST:
        raise ValidationError(
            {"parent": _("Sub-tasks go %(most)d levels deep at most.") % {"most": DEEPEST}}
        )


def put(
    writer: Writer,
    task: Task,
    place: Place,
    *,
    position: int,
    kind: str = Change.Kind.MOVED,
    undoes: Change | None = None,
    **fields: Any,
) -> Task:
    """Write that `task` is at `place`, and its sub-tasks with it, and set `fields` besides."""
    changes_list = task.task_list_id != place.task_list_id
    task = writer.update(
        task,
        kind,
        undoes=undoes,
        task_list_id=place.task_list_id,
        section_id=place.section_id,
        parent_id=place.parent_id,
        position=position,
        **fields,
    )
    if changes_list:
        along = {"task_list_id": place.task_list_id}
        below = descendants(writer, [task])
        move_along(writer, below, Change.Kind.MOVED, leader=writer.number, **along)
    return task


def make_room(
    writer: Writer, task: Task, beside: Task, place: Place, *, before: bool
) -> tuple[int, dict[Task, int]]:
    """A position right before or after `beside`, and the new positions of those around it that
    make room there, as few as will do.
    """
    siblings = place.tasks(writer).exclude(pk=task.pk)
    below, above = siblings.before(beside).reverse(), siblings.after(beside)
    reach = 0
    while True:
        low_side, high_side = list(below[: reach + 1]), list(above[: reach + 1])
        nearer = high_side if before else low_side
        nearer[:] = [beside, *nearer[:reach]]
        low = low_side.pop().position if len(low_side) > reach else 0
        high = high_side.pop().position if len(high_side) > reach else None
        around = [*reversed(low_side), *high_side]
        step = ROOM if high is None else (high - low) // (len(around) + 2)
        if step >= (ENOUGH_ROOM if reach else 1):
            break
        reach = max(8, reach * 2)
    places = [low + step * number for number in range(1, len(around) + 2)]
    position = places.pop(len(low_side))
    new = zip(around, places, strict=True)
    return position, {other: place for other, place in new if other.position != place}


def step(writer: Writer, row: Row, ordered: Iterable[Row], *, down: bool) -> Row:
    """Let `row` and the one after it (before it, unless `down`) of `ordered` change places, and
    return it. At the end it stays.
    """
    rows = list(ordered)
    places = [other.position for other in rows]
    if len(set(places)) < len(places):
        places = [number * ROOM for number in range(1, len(places) + 1)]
    old = rows.index(row)
    new = min(max(old + (1 if down else -1), 0), len(rows) - 1)
    rows.insert(new, rows.pop(old))
    changed = {
        other.pk: writer.update(other, Change.Kind.CHANGED, position=position)
        for other, position in zip(rows, places, strict=True)
    }
    return changed[row.pk]


# Up and down the tree


def ancestor_ids(writer: Writer, pk: int) -> list[int]:
    parent = Task.objects.get(owner=writer.owner, pk=pk)
    return [task.pk for task in parent.ancestors()]


def descendants(
    writer: Writer, tasks: Iterable[Task], rows: TaskQuerySet | None = None
) -> list[Task]:
    """The tasks below `tasks` among `rows` (those outside the trash), level by level, in order.

    One query for each level. What is below a task that is not among the rows is not found.
    """
    rows = Task.objects.filter(trashed_at=None) if rows is None else rows
    found: list[Task] = []
    level = [task.pk for task in tasks]
    while level:
        children = rows.filter(owner=writer.owner, parent__in=level).by_position()
        level = [child.pk for child in children]
        found.extend(children)
    return found


def height(writer: Writer, task: Task, rows: TaskQuerySet | None = None) -> int:
    """How many levels `task` has below it among `rows` (outside the trash). A query for each."""
    rows = Task.objects.filter(trashed_at=None) if rows is None else rows
    levels, level = 0, [task.pk]
    while level := list(
        rows.filter(owner=writer.owner, parent__in=level).values_list("pk", flat=True)
    ):
        levels += 1
    return levels


def open_what_is_above(writer: Writer, task: Task) -> None:
    """Open the done tasks above `task` if it is open: none is finished while a part is not."""
    if task.is_done or task.parent_id is None or task.trashed_at:
        return
    for above in task.ancestors():
        if above.is_done:
            last = last_completion(above)
            writer.update(above, Change.Kind.REOPENED, taken_back=last, completed_at=None)


LAST_COMPLETION = Compiled(
    lambda task: (
        Completion.objects.filter(task=task)
        .order_by("-completed_at", "-pk")
        .values_list(*columns_of(Completion))[:1]
    ),
    task=BigAutoField(),
)


def last_completion(task: Task) -> Completion | None:
    row = LAST_COMPLETION.row(task=task.pk)
    return instance_of(Completion, row) if row else None


# What may be written to


def reread_outside_trash(writer: Writer, task: Task) -> Task:
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


INBOX = Compiled(
    lambda owner: TaskList.objects.filter(owner=owner, is_inbox=True).values_list("pk"),
    owner=BigAutoField(),
)


def inbox_of(writer: Writer) -> int:
    """The id of the owner's inbox, which everyone has."""
    [[pk]] = INBOX.rows(owner=writer.owner.pk)
    return pk


def usable_list(writer: Writer, task_list: TaskList) -> TaskList:
    """`task_list` as it is now. Raises ValidationError if no task may be put into it."""
    task_list = writer.reread(task_list)
    if task_list.trashed_at:
        raise ValidationError({"task_list": _("This list is in the trash.")})
    if task_list.archived_at:
        raise ValidationError({"task_list": _("This list is archived.")})
    return task_list


def detach_children(writer: Writer, tasks: Iterable[Task]) -> None:
    """Let the children of `tasks`, which are about to be erased, stand without a parent."""
    erased = {task.pk for task in tasks}
    for some in some_at_a_time(erased):
        orphans = Task.objects.filter(owner=writer.owner, parent__in=some).order_by("pk")
        for orphan in orphans:
            if orphan.pk not in erased:
                writer.update(orphan, Change.Kind.MOVED, parent_id=None)
