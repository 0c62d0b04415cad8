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
from todos.models import Change, Completion, Task
from todos.models.tasks import occurrence_text
from todos.operations.journal import Writer, owner_of, writing
from todos.operations.tasks import change_task, start_at
from todos.operations.tree import (
    descendants,
    last_completion,
    open_what_is_above,
    reread_outside_trash,
)
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
    with writing(owner_of(task, by), by=by, at=at) as writer:
        task = reread_outside_trash(writer, task)
        if task.is_done or (task.repeats and is_repeated(writer, task, occurrence)):
            return task
        step = None if forever else next_step(writer, task)
        below = descendants(writer, [task]) if task.has_children else []
        still_open = [child for child in below if not child.is_done]
        settle_children(writer, still_open, children, forever=step is None)
        task = complete(writer, task, step)
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
    writer: Writer, still_open: list[Task], children: str | None, *, forever: bool
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
            complete(writer, child, None if forever else next_step(writer, child))


def reopen_children(writer: Writer, below: list[Task]) -> None:
    """Open again, in their order, what was done below a task that repeats."""
    for child in below:
        if child.is_done:
            writer.update(child, Change.Kind.REOPENED, completed_at=None)


def complete(writer: Writer, task: Task, step: dict[str, Any] | None) -> Task:
    """Write that the current occurrence of `task` is done, and it moved on by `step`, if any."""
    fields: dict[str, Any] = {"completed_at": writer.at} if step is None else dict(step)
    done = Completion(
        owner=writer.owner,
        task=task,
        occurrence=task.occurrence or "",
        original_on=task.original_on,
        completed_at=writer.at,
        missed=fields.pop("missed", 0),
        by=writer.by.user,
    )
    return writer.update(task, Change.Kind.COMPLETED, done=done, **fields)


def local_now(writer: Writer, task: Task) -> datetime:
    """The time where `task` is due, or where the person is."""
    return writer.at.astimezone(ZoneInfo(task.due_zone) if task.due_zone else writer.by.zone)


def next_step(writer: Writer, task: Task, *, is_completed: bool = True) -> dict[str, Any] | None:
    """The fields of `task` at its next occurrence, and how many were `missed`.

    None when there is none: it does not repeat, or has come to its end.
    """
    if not task.repeats:
        return None
    rule = recurrence.counted_down(Rule.parse(task.rule)) if is_completed else Rule.parse(task.rule)
    if rule is None:
        return None
    now = local_now(writer, task)
    if task.due_on is None or task.repeats_from == Task.RepeatsFrom.COMPLETION:
        since = now if is_completed else max(now, due_moment(task, now))
        due = recurrence.next_from_completion(rule, completed=since, time=task.due_time)
        step = {"anchor_on": due.day, "missed": 0} if due else None
    else:
        due, missed = next_due(task, task.due_on, rule, now=now)
        step = {"missed": missed}
    return {**moved_to(task, due), **step, "rule": str(rule)} if due and step else None


def due_moment(task: Task, now: datetime) -> datetime:
    """When `task` is due, by the clock of `now`; `now` where it has no day."""
    if task.due_on is None:
        return now
    return datetime.combine(task.due_on, task.due_time or time.min, now.tzinfo)


def next_due(task: Task, day: date, rule: Rule, *, now: datetime) -> tuple[Due | None, int]:
    """The next occurrence after that of `day` which was not completed already, and how many were
    missed before it.
    """
    anchor = task.anchor_on or day
    after = Due(max(day, task.original_on or day), task.due_time)
    missed = recurrence.missed(rule, after=after, anchor=anchor, now=now)
    due = recurrence.next_due(rule, after=after, anchor=anchor, now=now)
    done = set(
        Completion.objects.filter(
            task=task, occurrence__gt=occurrence_text(after.day, after.time)
        ).values_list("occurrence", flat=True)
    )
    while due and occurrence_text(due.day, due.time) in done:
        done.remove(occurrence_text(due.day, due.time))
        due = recurrence.next_due(rule, after=due, anchor=anchor, now=now)
    earlier = [text for text in done if text < occurrence_text(now.date(), now.time())]
    return due, max(missed - len(earlier), 0)


def moved_to(task: Task, due: Due) -> dict[str, Any]:
    """The fields that change when `task` becomes due at `due`: its start keeps its distance."""
    return {
        "due_on": due.day,
        "due_time": due.time,
        "start_on": start_at(task, due.day),
        "original_on": None,
    }


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
    with writing(owner_of(task, by), by=by, at=at) as writer:
        task = reread_outside_trash(writer, task)
        taken_back = completion_to_take_back(writer, task, occurrence)
        is_named = task.repeats and occurrence is not UNNAMED
        if taken_back is None and (is_named or not task.is_done):
            return task
        fields: dict[str, Any] = {"completed_at": None}
        if task.repeats and taken_back:
            fields |= due_again(task, taken_back)
        task = writer.update(task, Change.Kind.REOPENED, taken_back=taken_back, **fields)
        open_what_is_above(writer, task)
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


def due_again(task: Task, taken_back: Completion) -> dict[str, Any]:
    """The fields of a task that repeats and becomes due again when it was."""
    rule = Rule.parse(task.rule)
    fields: dict[str, Any] = {} if task.is_done else {"rule": str(recurrence.counted_up(rule))}
    if not taken_back.occurrence:
        return fields | {"due_on": None, "due_time": None, "due_zone": "", "original_on": None}
    day, _separator, clock = taken_back.occurrence.partition("T")
    due = Due(date.fromisoformat(day), time.fromisoformat(clock) if clock else None)
    if task.due_on and (due.day, due.time or time.min) > (task.due_on, task.due_time or time.min):
        return fields
    return fields | moved_to(task, due) | {"original_on": taken_back.original_on}


def skip_task(
    task: Task, *, by: Actor, occurrence: Occurrence = UNNAMED, at: datetime | None = None
) -> Task:
    """Move `task` on to its next occurrence without a completion, and return it.

    An occurrence that is named and no longer due raises Conflict. Raises ValidationError if the
    task does not repeat, or this is its last occurrence.
    """
    with writing(owner_of(task, by), by=by, at=at) as writer:
        task = reread_open(writer, task)
        if not task.repeats:
            raise ValidationError(_("This task does not repeat."))
        if occurrence is UNNAMED and repeats_last_act(writer, task, Change.Kind.SKIPPED):
            return task
        if occurrence is not UNNAMED and occurrence != task.occurrence:
            raise Conflict(_("Another occurrence of this task is due."), task=task)
        step = next_step(writer, task, is_completed=False)
        if step is None:
            raise ValidationError(_("This is the last occurrence. Complete the task instead."))
        del step["missed"]
        return writer.update(task, Change.Kind.SKIPPED, **step)


def postpone_task(task: Task, day: date, *, by: Actor, at: datetime | None = None) -> Task:
    """Make this occurrence of `task` due on `day` instead; how it repeats stays.

    Raises ValidationError by field.
    """
    with writing(owner_of(task, by), by=by, at=at) as writer:
        task = reread_open(writer, task)
        if not (task.repeats and task.due_on):
            return change_task(task, by=by, due_on=day)
        if day == task.due_on:
            return task
        return writer.update(
            task,
            Change.Kind.POSTPONED,
            due_on=day,
            start_on=start_at(task, day),
            original_on=task.original_on or task.due_on,
        )


def reread_open(writer: Writer, task: Task) -> Task:
    task = reread_outside_trash(writer, task)
    if task.is_done:
        raise ValidationError(_("This task is done. Open it again first."))
    return task
