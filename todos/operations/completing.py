"""Done, not done after all, skipped, put off: what becomes of an occurrence."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Conflict
from todos import recurrence
from todos.models import LAST_DAY, Change, Completion, Task
from todos.operations.journal import Writer, writing
from todos.operations.tasks import change_task
from todos.operations.tree import ancestors, descendants, reread_outside_trash
from todos.recurrence import Due, Rule

REPEATED_WITHIN = timedelta(seconds=60)


class Unnamed(Enum):
    """An occurrence that the caller did not name."""

    OCCURRENCE = "unnamed"


Occurrence = str | None | Literal[Unnamed.OCCURRENCE]
UNNAMED: Literal[Unnamed.OCCURRENCE] = Unnamed.OCCURRENCE


def complete_task(
    task: Task,
    *,
    by: Actor,
    occurrence: Occurrence = UNNAMED,
    children: str | None = None,
    forever: bool = False,
    at: datetime | None = None,
) -> Task:
    """Complete `occurrence` of `task` (the current one if it is not named) and return the task,
    moved on if it repeats, unless that is to end `forever`.

    Safe to repeat: what is done already, or an occurrence completed before, changes nothing; nor
    does the same unnamed request of one session within a minute.
    `children` says what becomes of open sub-tasks: "complete" or "leave". Raises Conflict with
    `children` if there are any and it does not say, and with `task` when another occurrence is
    due.
    """
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_outside_trash(writer, task)
        if task.is_done or (task.repeats and is_repeated(writer, task, occurrence)):
            return task
        below = descendants(writer, [task])
        settle_children(writer, task, [child for child in below if not child.is_done], children)
        task = complete(writer, task, forever=forever)
        if not task.is_done:
            reopen_children(writer, below)
        return task


def is_repeated(writer: Writer, task: Task, occurrence: Occurrence) -> bool:
    """Whether to complete this occurrence was asked before. Raises Conflict for a wrong one."""
    if occurrence is UNNAMED:
        return repeats_last_act(writer, task, Change.Kind.COMPLETED)
    if occurrence == task.occurrence:
        return False
    if Completion.objects.filter(task=task, occurrence=occurrence or "").exists():
        return True
    raise Conflict(_("Another occurrence of this task is due."), task=task)


def repeats_last_act(writer: Writer, task: Task, kind: str) -> bool:
    """Whether this session's last act on `task` was of this kind, less than a minute ago."""
    if writer.by.session is None:
        return False
    last = Change.objects.of(task).filter(session=writer.by.session, follows=None).first()
    return last is not None and last.kind == kind and writer.at - last.at < REPEATED_WITHIN


def settle_children(
    writer: Writer, task: Task, still_open: list[Task], children: str | None
) -> None:
    """Complete the open sub-tasks, the deepest first, or leave them, as `children` says."""
    if not still_open:
        return
    if children is None:
        raise Conflict(
            _("This task has open sub-tasks. Say what becomes of them: complete or leave."),
            children=still_open,
        )
    if children == "complete":
        for child in reversed(still_open):
            complete(writer, child, forever=not task.repeats)


def reopen_children(writer: Writer, below: list[Task]) -> None:
    """Open again, in their order, what was done below a task that repeats."""
    for child in below:
        child = writer.reread(child)
        if child.is_done:
            writer.update(child, Change.Kind.REOPENED, completed_at=None)


def complete(writer: Writer, task: Task, *, forever: bool = False) -> Task:
    """Write that the current occurrence of `task` is done."""
    done = Completion(
        owner=writer.owner,
        task=task,
        occurrence=task.occurrence or "",
        completed_at=writer.at,
        by=writer.by.user,
    )
    step = None if forever or not task.repeats else next_step(writer, task)
    if step is None:
        return writer.update(task, Change.Kind.COMPLETED, completed_at=writer.at, done=done)
    done.missed = step.pop("missed")
    rule = recurrence.counted_down(Rule.parse(task.rule))
    if rule is None:
        return writer.update(task, Change.Kind.COMPLETED, completed_at=writer.at, done=done)
    return writer.update(task, Change.Kind.COMPLETED, done=done, rule=str(rule), **step)


def local_now(writer: Writer, task: Task) -> datetime:
    """The time where `task` is due, or where the person is."""
    return writer.at.astimezone(ZoneInfo(task.due_zone) if task.due_zone else writer.by.zone)


def next_step(writer: Writer, task: Task, *, skips: bool = False) -> dict[str, Any] | None:
    """The fields of `task` at its next occurrence, and how many were `missed`; None at the end."""
    rule, now = Rule.parse(task.rule), local_now(writer, task)
    if task.due_on is None or task.repeats_from == Task.RepeatsFrom.COMPLETION:
        if skips and task.due_on and task.due_on > now.date():
            now = datetime.combine(task.due_on, now.time(), now.tzinfo)
        due = recurrence.next_from_completion(rule, completed=now, time=task.due_time)
        return due and {**moved_to(task, due), "anchor_on": due.day, "missed": 0}
    anchor = task.anchor_on or task.due_on
    after = Due(max(task.due_on, task.original_on or task.due_on), task.due_time)
    missed = recurrence.missed(rule, after=after, anchor=anchor, now=now)
    due = recurrence.next_due(rule, after=after, anchor=anchor, now=now)
    while due and is_completed(task, due):
        due = recurrence.next_due(rule, after=due, anchor=anchor, now=now)
    return due and {**moved_to(task, due), "missed": missed}


def is_completed(task: Task, due: Due) -> bool:
    occurrence = occurrence_text(due.day, due.time)
    return Completion.objects.filter(task=task, occurrence=occurrence).exists()


def occurrence_text(day: date, clock: time | None) -> str:
    return day.isoformat() + (f"T{clock:%H:%M}" if clock else "")


def moved_to(task: Task, due: Due) -> dict[str, Any]:
    """The fields that change when `task` becomes due at `due`: its start keeps its distance."""
    start = task.start_on
    if start and task.due_on:
        start = min(start + (due.day - task.due_on), LAST_DAY)
    return {"due_on": due.day, "due_time": due.time, "start_on": start, "original_on": None}


def reopen_task(
    task: Task,
    *,
    by: Actor,
    occurrence: Occurrence = UNNAMED,
    at: datetime | None = None,
) -> Task:
    """Take a completion of `task` back, the named one or else the last, and return the task.

    One that repeats is due again when that occurrence was. The tasks above it are opened too.
    An open task, or an occurrence that was not completed, stays as it is.
    """
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_outside_trash(writer, task)
        taken_back = completion_to_take_back(writer, task, occurrence)
        if taken_back is None and not task.is_done:
            return task
        fields: dict[str, Any] = {"completed_at": None}
        if task.repeats and taken_back:
            fields |= due_again(task, taken_back)
        task = writer.update(task, Change.Kind.REOPENED, taken_back=taken_back, **fields)
        for above in ancestors(writer, task):
            if above.is_done:
                last = last_completion(above)
                writer.update(above, Change.Kind.REOPENED, taken_back=last, completed_at=None)
        return task


def completion_to_take_back(
    writer: Writer, task: Task, occurrence: Occurrence
) -> Completion | None:
    if not task.repeats:
        return last_completion(task) if task.is_done else None
    if occurrence is UNNAMED:
        if repeats_last_act(writer, task, Change.Kind.REOPENED):
            return None
        return last_completion(task)
    return Completion.objects.filter(task=task, occurrence=occurrence or "").last()


def last_completion(task: Task) -> Completion | None:
    return Completion.objects.filter(task=task).order_by("completed_at", "pk").last()


def due_again(task: Task, taken_back: Completion) -> dict[str, Any]:
    """The fields of a task that repeats and becomes due again when it was."""
    rule = Rule.parse(task.rule)
    fields: dict[str, Any] = {} if task.is_done else {"rule": str(recurrence.counted_up(rule))}
    if not taken_back.occurrence:
        return fields | {"due_on": None, "due_time": None, "due_zone": "", "original_on": None}
    day, _separator, clock = taken_back.occurrence.partition("T")
    due = Due(date.fromisoformat(day), time.fromisoformat(clock) if clock else None)
    if task.due_on and due.day > task.due_on:
        return fields
    return fields | moved_to(task, due)


def skip_task(
    task: Task, *, by: Actor, occurrence: Occurrence = UNNAMED, at: datetime | None = None
) -> Task:
    """Move `task` on to its next occurrence without a completion, and return it.

    An occurrence that is named and no longer due raises Conflict. Raises ValidationError if the
    task does not repeat, or this is its last occurrence.
    """
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_open(writer, task)
        if not task.repeats:
            raise ValidationError(_("This task does not repeat."))
        if occurrence is UNNAMED and repeats_last_act(writer, task, Change.Kind.SKIPPED):
            return task
        if occurrence is not UNNAMED and occurrence != task.occurrence:
            raise Conflict(_("Another occurrence of this task is due."), task=task)
        step = next_step(writer, task, skips=True)
        if step is None:
            raise ValidationError(_("This is the last occurrence. Complete the task instead."))
        del step["missed"]
        return writer.update(task, Change.Kind.SKIPPED, **step)


def postpone_task(task: Task, day: date, *, by: Actor, at: datetime | None = None) -> Task:
    """Make this occurrence of `task` due on `day` instead; how it repeats stays.

    Raises ValidationError by field.
    """
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_open(writer, task)
        if not (task.repeats and task.due_on):
            return change_task(task, by=by, due_on=day)
        original = task.original_on or task.due_on
        return writer.update(task, Change.Kind.POSTPONED, due_on=day, original_on=original)


def reread_open(writer: Writer, task: Task) -> Task:
    task = reread_outside_trash(writer, task)
    if task.is_done:
        raise ValidationError(_("This task is done. Open it again first."))
    return task
