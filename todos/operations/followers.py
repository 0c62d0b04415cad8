"""What comes of a change, for any number of tasks: in a statement or two, not one for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F

from todos.models import Change, Tag, Task, TaskQuerySet, TaskTag
from todos.operations.journal import AT_ONCE, Writer, some_at_a_time
from todos.operations.snapshots import plain


def move_along(
    writer: Writer, tasks: Collection[Task], kind: str, *, leader: int, **fields: Any
) -> None:
    """Set `fields` of all `tasks`; each change follows from the one with the number `leader`."""
    moving = [task for task in tasks if note_move(writer, task, kind, leader, fields)]
    for some in some_at_a_time(task.pk for task in moving):
        Task.objects.filter(pk__in=some).update(
            **fields, version=F("version") + 1, updated_at=writer.at
        )


def note_move(writer: Writer, task: Task, kind: str, leader: int, fields: dict[str, Any]) -> bool:
    """Note which of `fields` differ from what `task` has, and tell whether any does."""
    before = {name: plain(getattr(task, name)) for name in fields}
    after = {name: plain(value) for name, value in fields.items()}
    differing = [name for name in fields if before[name] != after[name]]
    if not differing:
        return False
    writer.note(
        kind,
        task,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
        follows=leader,
    )
    return True


def reposition(writer: Writer, positions: dict[Task, int], *, leader: int) -> None:
    """Give each task its new position."""
    for task, position in positions.items():
        note_move(writer, task, Change.Kind.MOVED, leader, {"position": position})
        task.position = position
        task.version += 1
        task.updated_at = writer.at
    Task.objects.bulk_update(
        positions, ["position", "version", "updated_at"], batch_size=AT_ONCE // 4
    )


def take_tag_off(writer: Writer, tag: Tag, *, leader: int) -> None:
    """Note for each task that has `tag`, which is about to go, that it goes."""
    tasks = list(tasks_with_tags(writer, Task.objects.filter(task_tags__tag=tag)))
    for task, had in tasks:
        note_tags(writer, task, had, had - {tag.pk}, leader=leader)
    touch(writer, [task for task, _had in tasks])


def put_tag_on(writer: Writer, tag: Tag, pks: Collection[int], *, leader: int) -> None:
    """Give `tag` to those of the tasks that are still there and lack it."""
    for some in some_at_a_time(pks):
        rows = Task.objects.filter(pk__in=some).exclude(task_tags__tag=tag)
        tasks = list(tasks_with_tags(writer, rows))
        for task, had in tasks:
            note_tags(writer, task, had, had | {tag.pk}, leader=leader)
        TaskTag.objects.bulk_create(
            TaskTag(owner=writer.owner, task=task, tag=tag) for task, _had in tasks
        )
        touch(writer, [task for task, _had in tasks])


def tasks_with_tags(writer: Writer, tasks: TaskQuerySet) -> Iterator[tuple[Task, set[int]]]:
    for task in tasks.filter(owner=writer.owner).order_by("pk").prefetch_related("tags"):
        yield task, {tag.pk for tag in task.tags.all()}


def note_tags(
    writer: Writer, task: Task, before: set[int], after: set[int], *, leader: int
) -> None:
    writer.note(
        Change.Kind.CHANGED,
        task,
        before={"tags": sorted(before)},
        after={"tags": sorted(after)},
        follows=leader,
    )


def touch(writer: Writer, tasks: Collection[Task]) -> None:
    """Count the version of `tasks` up."""
    for some in some_at_a_time(task.pk for task in tasks):
        Task.objects.filter(pk__in=some).update(version=F("version") + 1, updated_at=writer.at)
