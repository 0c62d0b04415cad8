"""The verbs of a reminder."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Conflict
from todos.models import Reminder, Task, validate_day
from todos.operations.journal import writing
from todos.operations.tree import reread_outside_trash
from todos.reminders import follow
from todos.tasks import drop_reminder_jobs

MOST_REMINDERS = 20


def add_reminder(
    task: Task,
    *,
    by: Actor,
    remind_at: datetime | None = None,
    minutes_before: int | None = None,
    at: datetime | None = None,
) -> tuple[Reminder, bool]:
    """Have the owner of `task` mailed at `remind_at`, or so many minutes before it is due.

    Returns the reminder and True; one that the task has already, as it is, and False.
    Raises ValidationError by field.
    """
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_outside_trash(writer, task)
        reminder = Reminder(
            owner=writer.owner,
            task=task,
            remind_at=remind_at,
            minutes_before=minutes_before,
            created_at=writer.at,
        )
        check(reminder, at=writer.at)
        known = list(Reminder.objects.filter(task=task))
        for each in known:
            if (each.remind_at, each.minutes_before) == (remind_at, minutes_before):
                return each, False
        if len(known) >= MOST_REMINDERS:
            words = _("A task has %(most)d reminders at most.")
            raise ValidationError(words % {"most": MOST_REMINDERS})
        reminder.save(force_insert=True)
        follow(task, at=writer.at)
        reminder.refresh_from_db(fields=["fires_at"])
        return reminder, True


def check(reminder: Reminder, *, at: datetime) -> None:
    """Raise ValidationError where `reminder` says nothing, too much, or a moment that is over."""
    reminder.clean_fields(exclude={"owner", "task"})
    if (reminder.remind_at is None) == (reminder.minutes_before is None):
        (one_way,) = Reminder._meta.constraints
        raise ValidationError(one_way.get_violation_error_message())
    if reminder.remind_at is None:
        return
    if reminder.remind_at <= at:
        raise ValidationError({"remind_at": _("Choose a moment that is still to come.")})
    try:
        validate_day(reminder.remind_at.date())
    except ValidationError as refusal:
        raise ValidationError({"remind_at": refusal.messages}) from None


def delete_reminder(reminder: Reminder, *, by: Actor, at: datetime | None = None) -> None:
    """Delete `reminder`, sent or not. Raises Conflict (404) if it is gone."""
    with writing(reminder.owner, by=by, at=at) as writer:
        row = Reminder.objects.visible_to(writer.owner).filter(pk=reminder.pk).first()
        if row is None:
            raise reminder_not_found(reminder.pk)
        drop_reminder_jobs([row])
        row.delete()


def reminder_not_found(pk: int) -> Conflict:
    return Conflict(_("Reminder not found with id=%(id)s") % {"id": pk}, status=404)
