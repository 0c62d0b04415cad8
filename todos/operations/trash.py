"""Into the trash, out of it, and gone for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from todos.models import Change, Task, TaskList
from todos.operations.journal import Writer, plain, writing
from todos.operations.tasks import inbox_of


def trash_task(task: Task, *, by: Actor, at: datetime | None = None) -> Task:
    """Move `task` to the trash. One that is there already stays as it is."""
    with writing(task.owner, by=by, at=at) as writer:
        return put_into_trash(writer, writer.reread(task))


def restore_task(task: Task, *, by: Actor, at: datetime | None = None) -> Task:
    """Bring `task` back to its list, or to the inbox if that list is in the trash."""
    with writing(task.owner, by=by, at=at) as writer:
        return take_out_of_trash(writer, writer.reread(task))


def erase_task(task: Task, *, by: Actor, at: datetime | None = None) -> None:
    """Delete for good a task that is in the trash. Raises ValidationError if it is not."""
    with writing(task.owner, by=by, at=at) as writer:
        task = writer.reread(task)
        if not task.trashed_at:
            raise ValidationError(_("Move this task to the trash first."))
        erase_tasks(writer, [task])


def trash_list(task_list: TaskList, *, by: Actor, at: datetime | None = None) -> TaskList:
    """Move `task_list` to the trash with all its tasks, as one. Safe to repeat.

    Raises ValidationError for the inbox.
    """
    with writing(task_list.owner, by=by, at=at) as writer:
        return put_list_into_trash(writer, writer.reread(task_list))


def restore_list(task_list: TaskList, *, by: Actor, at: datetime | None = None) -> TaskList:
    """Bring `task_list` back with the tasks that went to the trash with it. Safe to repeat."""
    with writing(task_list.owner, by=by, at=at) as writer:
        return take_list_out_of_trash(writer, writer.reread(task_list))


def erase_list(task_list: TaskList, *, by: Actor, at: datetime | None = None) -> None:
    """Delete for good a list that is in the trash, and the tasks that went with it.

    A task that had been put into the trash by itself stays there, and belongs to the inbox.
    Raises ValidationError if the list is not in the trash.
    """
    with writing(task_list.owner, by=by, at=at) as writer:
        task_list = writer.reread(task_list)
        if not task_list.trashed_at:
            raise ValidationError(_("Move this list to the trash first."))
        erase_lists(writer, [task_list])


def empty_trash(
    owner: User, *, by: Actor, before: datetime | None = None, at: datetime | None = None
) -> int:
    """Delete for good what is in the owner's trash (since before `before`, if given).

    Returns the number of things, a list with its tasks counting as one.
    """
    with writing(owner, by=by, at=at) as writer:
        lists = TaskList.objects.trashed_of(owner)
        tasks = Task.objects.trashed_of(owner).filter(trashed_with=F("uid"))
        if before:
            lists, tasks = lists.filter(trashed_at__lt=before), tasks.filter(trashed_at__lt=before)
        old_lists, old_tasks = list(lists), list(tasks)
        erase_lists(writer, old_lists)
        erase_tasks(writer, old_tasks)
        return len(old_lists) + len(old_tasks)


def put_into_trash(writer: Writer, task: Task, *, undoes: Change | None = None) -> Task:
    if task.trashed_at:
        return task
    return writer.update(
        task, Change.Kind.TRASHED, undoes=undoes, trashed_at=writer.at, trashed_with=task.uid
    )


def take_out_of_trash(writer: Writer, task: Task, *, undoes: Change | None = None) -> Task:
    if not task.trashed_at:
        return task
    home = task.task_list if not task.task_list.trashed_at else inbox_of(writer)
    return writer.update(
        task,
        Change.Kind.RESTORED,
        undoes=undoes,
        trashed_at=None,
        trashed_with=None,
        task_list_id=home.pk,
    )


def put_list_into_trash(
    writer: Writer, task_list: TaskList, *, undoes: Change | None = None
) -> TaskList:
    if task_list.is_inbox:
        raise ValidationError(_("The inbox stays: it is neither archived nor trashed."))
    if task_list.trashed_at:
        return task_list
    writer.update(task_list, Change.Kind.TRASHED, undoes=undoes, trashed_at=writer.at)
    move_tasks(
        writer,
        Task.objects.filter(task_list=task_list, trashed_at=None),
        Change.Kind.TRASHED,
        trashed_at=writer.at,
        trashed_with=task_list.uid,
    )
    return task_list


def take_list_out_of_trash(
    writer: Writer, task_list: TaskList, *, undoes: Change | None = None
) -> TaskList:
    if not task_list.trashed_at:
        return task_list
    writer.update(task_list, Change.Kind.RESTORED, undoes=undoes, trashed_at=None)
    move_tasks(
        writer,
        Task.objects.filter(task_list=task_list, trashed_with=task_list.uid),
        Change.Kind.RESTORED,
        trashed_at=None,
        trashed_with=None,
    )
    return task_list


def move_tasks(
    writer: Writer,
    tasks: Iterable[Task],
    kind: str,
    *,
    trashed_at: datetime | None,
    trashed_with: UUID | None,
) -> None:
    """Put many tasks into the trash or take them out, in one statement, each with its change."""
    moved = list(tasks)
    after = {"trashed_at": plain(trashed_at), "trashed_with": plain(trashed_with)}
    for task in moved:
        before = {"trashed_at": plain(task.trashed_at), "trashed_with": plain(task.trashed_with)}
        writer.note(kind, task, before=before, after=after)
    Task.objects.filter(pk__in=[task.pk for task in moved]).update(
        trashed_at=trashed_at,
        trashed_with=trashed_with,
        version=F("version") + 1,
        updated_at=writer.at,
    )


def erase_lists(writer: Writer, lists: Collection[TaskList]) -> None:
    for task_list in lists:
        erase_tasks(
            writer, list(Task.objects.filter(task_list=task_list, trashed_with=task_list.uid))
        )
        inbox = inbox_of(writer)
        for task in Task.objects.filter(task_list=task_list):
            writer.update(task, Change.Kind.CHANGED, task_list_id=inbox.pk)
        writer.note(Change.Kind.ERASED, task_list)
        writer.scrub(task_list)
        task_list.delete()


def erase_tasks(writer: Writer, tasks: Collection[Task]) -> None:
    for task in tasks:
        writer.note(Change.Kind.ERASED, task)
    writer.scrub(*tasks)
    Task.objects.filter(pk__in=[task.pk for task in tasks]).delete()
