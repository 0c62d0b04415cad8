"""Into the trash, out of it, and gone for good."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from todos.models import Change, Section, StoredAnswer, Task, TaskList
from todos.operations.followers import move_along
from todos.operations.journal import Writer, some_at_a_time, writing
from todos.operations.tree import (
    Place,
    check_depth,
    descendants,
    detach_children,
    inbox_of,
    open_what_is_above,
)


def trash_task(task: Task, *, by: Actor, at: datetime | None = None) -> Task:
    """Move `task` to the trash with its sub-tasks, as one. Safe to repeat."""
    with writing(task.owner, by=by, at=at) as writer:
        return put_into_trash(writer, writer.reread(task))


def restore_task(task: Task, *, by: Actor, at: datetime | None = None) -> Task:
    """Bring `task` back with its sub-tasks to where it was, or to the inbox if that is gone.

    An open one opens the tasks above it.
    """
    with writing(task.owner, by=by, at=at) as writer:
        task = take_out_of_trash(writer, writer.reread(task))
        open_what_is_above(writer, task)
        return task


def erase_task(task: Task, *, by: Actor, at: datetime | None = None) -> None:
    """Delete for good a task that is in the trash. Raises ValidationError if it is not."""
    with writing(task.owner, by=by, at=at) as writer:
        task = writer.reread(task)
        if not task.trashed_at:
            raise ValidationError(_("Move this task to the trash first."))
        went_along = Task.objects.filter(trashed_with=task.trashed_with)
        erase_tasks(writer, [task, *descendants(writer, [task], went_along)])


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
        erase_tasks(writer, [*old_tasks, *what_went_along(writer, old_tasks)])
        return len(old_lists) + len(old_tasks)


def what_went_along(writer: Writer, tasks: Collection[Task]) -> list[Task]:
    """The sub-tasks that went into the trash with `tasks`."""
    uids = [task.uid for task in tasks]
    along = Task.objects.trashed_of(writer.owner).filter(trashed_with__in=uids)
    return list(along.exclude(uid__in=uids))


def put_into_trash(writer: Writer, task: Task, *, undoes: Change | None = None) -> Task:
    """Trash `task`, and with it what is below it, as one."""
    if task.trashed_at:
        return task
    below = descendants(writer, [task])
    gone: dict[str, Any] = {"trashed_at": writer.at, "trashed_with": task.uid}
    task = writer.update(task, Change.Kind.TRASHED, undoes=undoes, **gone)
    move_along(writer, below, Change.Kind.TRASHED, leader=writer.number, **gone)
    return task


def take_out_of_trash(writer: Writer, task: Task, *, undoes: Change | None = None) -> Task:
    """Bring `task` back with what went along with it: below its parent, if that is still there,
    else to its list, or to the inbox.
    """
    if not task.trashed_at:
        return task
    went_along = Task.objects.filter(trashed_with=task.trashed_with)
    below = descendants(writer, [task], went_along)
    place = place_to_return_to(writer, task)
    back: dict[str, Any] = {"trashed_at": None, "trashed_with": None}
    task = writer.update(
        task,
        Change.Kind.RESTORED,
        undoes=undoes,
        task_list_id=place.task_list_id,
        section_id=place.section_id,
        parent_id=place.parent_id,
        **back,
    )
    back["task_list_id"] = place.task_list_id
    move_along(writer, below, Change.Kind.RESTORED, leader=writer.number, **back)
    return task


def place_to_return_to(writer: Writer, task: Task) -> Place:
    parent = task.parent
    if parent and not (parent.trashed_at or parent.task_list.trashed_at):
        place = Place(parent.task_list_id, parent_id=parent.pk)
        with suppress(ValidationError):
            went_along = Task.objects.filter(trashed_with=task.trashed_with)
            check_depth(writer, task, place, went_along)
            return place
    if task.task_list.trashed_at:
        return Place(inbox_of(writer))
    return Place(task.task_list_id, None if task.parent_id else task.section_id)


def put_list_into_trash(
    writer: Writer,
    task_list: TaskList,
    *,
    undoes: Change | None = None,
    since: datetime | None = None,
) -> TaskList:
    """Trash `task_list` with its tasks, as lying there `since` then (now if None)."""
    if task_list.is_inbox:
        raise ValidationError(_("The inbox stays: it is neither archived nor trashed."))
    if task_list.trashed_at:
        return task_list
    gone = {"trashed_at": since or writer.at, "trashed_with": task_list.uid}
    tasks = list(Task.objects.filter(task_list=task_list, trashed_at=None).order_by("pk"))
    writer.update(task_list, Change.Kind.TRASHED, undoes=undoes, trashed_at=since or writer.at)
    move_along(writer, tasks, Change.Kind.TRASHED, leader=writer.number, **gone)
    return task_list


def take_list_out_of_trash(
    writer: Writer, task_list: TaskList, *, undoes: Change | None = None
) -> TaskList:
    if not task_list.trashed_at:
        return task_list
    went_along = Task.objects.filter(task_list=task_list, trashed_with=task_list.uid)
    tasks = list(went_along.order_by("pk"))
    writer.update(task_list, Change.Kind.RESTORED, undoes=undoes, trashed_at=None)
    back: dict[str, Any] = {"trashed_at": None, "trashed_with": None}
    move_along(writer, tasks, Change.Kind.RESTORED, leader=writer.number, **back)
    return task_list


def erase_lists(writer: Writer, lists: Collection[TaskList]) -> None:
    for task_list in lists:
        erase_tasks(
            writer, list(Task.objects.filter(task_list=task_list, trashed_with=task_list.uid))
        )
        sections = list(Section.objects.filter(task_list=task_list))
        writer.note(Change.Kind.ERASED, task_list)
        for section in sections:
            writer.note(Change.Kind.ERASED, section)
        inbox = {"task_list_id": inbox_of(writer), "section_id": None}
        left = list(Task.objects.filter(task_list=task_list))
        move_along(writer, left, Change.Kind.MOVED, leader=writer.number, **inbox)
        writer.scrub(task_list, *sections)
        writer.scrub_sections_of(task_list)
        forget_answers(writer, lists=[task_list])
        task_list.delete()


def erase_tasks(writer: Writer, tasks: Collection[Task]) -> None:
    detach_children(writer, tasks)
    for task in tasks:
        writer.note(Change.Kind.ERASED, task)
    writer.scrub(*tasks)
    forget_answers(writer, tasks=tasks)
    for some in some_at_a_time(task.pk for task in tasks):
        Task.objects.filter(pk__in=some).delete()


UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OF_A_TASK = re.compile(r"/api/v1/tasks/([0-9]+)/")


def forget_answers(
    writer: Writer, *, tasks: Collection[Task] = (), lists: Collection[TaskList] = ()
) -> None:
    """Let a request that is repeated get no words of what is erased, and make it no second time."""
    uids = {str(task.uid) for task in tasks} | {str(task_list.uid) for task_list in lists}
    pks = {task.pk for task in tasks}
    for answer in StoredAnswer.objects.filter(owner=writer.owner, status__lt=400):
        told = set(UUID.findall(answer.body))
        of_task = OF_A_TASK.match(answer.path)
        if not uids.isdisjoint(told) or (of_task and int(of_task[1]) in pks):
            words = _("What this request made was deleted for good.")
            answer.status, answer.body = 410, json.dumps({"detail": str(words)})
            answer.save(update_fields=["status", "body"])
