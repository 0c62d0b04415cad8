"""When reminders fire, and what becomes of that when their task is due at another time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from todos.models import Journal, Reminder, Task
from todos.tasks import drop_reminder_jobs, queue_reminder

# What is due on a day is due from here on, for reminders.
MORNING = time(9, 0)
MINUTES_A_DAY = 24 * 60


def clock_of(task: Task, person: User) -> ZoneInfo:
    """The time zone by whose clock `task` is due."""
    return ZoneInfo(task.due_zone) if task.due_zone else person.zone


def moment_before(task: Task, minutes: int, *, zone: ZoneInfo) -> datetime | None:
    """The moment `minutes` before `task` is due, None where it has no day.

    Whole days are counted on the calendar, so that a day before 09:00 is at 09:00 also when the
    clocks change between; the rest is counted in minutes (RFC 5545 section 3.3.6).
    """
    if task.due_on is None:
        return None
    days, minutes = divmod(minutes, MINUTES_A_DAY)
    wall = datetime.combine(task.due_on - timedelta(days=days), task.due_time or MORNING, zone)
    return wall.astimezone(UTC) - timedelta(minutes=minutes)


def days_later(moment: datetime, days: int, *, zone: ZoneInfo) -> datetime:
    """The same time of day as `moment`, so many days later, by the clock of `zone`."""
    local = moment.astimezone(zone).replace(fold=0)
    wall = datetime.combine(local.date() + timedelta(days=days), local.time(), zone)
    return wall.astimezone(UTC)


def firing_of(reminder: Reminder, task: Task, *, zone: ZoneInfo) -> datetime | None:
    """The moment that `reminder` says, as `task` is due now."""
    if reminder.minutes_before is None:
        return reminder.remind_at
    return moment_before(task, reminder.minutes_before, zone=zone)


def follow(task: Task, *, days: int = 0, at: datetime) -> None:
    """Let the reminders of `task` follow, now that it is due at another time.

    Those at a moment of their own move by `days`: as far as a task that repeats has moved. Within
    the transaction of that change. One query where there are none. The time zone of the person is
    read anew: another request may have changed it.
    """
    for reminder in Reminder.objects.filter(task=task).select_related("owner"):
        zone = clock_of(task, reminder.owner)
        if days and reminder.remind_at:
            reminder.remind_at = days_later(reminder.remind_at, days, zone=zone)
        set_firing(reminder, firing_of(reminder, task, zone=zone), at=at)


def follow_zone(user: User, *, at: datetime) -> None:
    """Let the unsent reminders of days and floating times follow `user` into their time zone.

    It waits for whoever writes their tasks at the same time.
    """
    rows = Reminder.objects.filter(
        task__owner=user,
        task__due_on__isnull=False,
        task__due_at=None,
        minutes_before__isnull=False,
        sent_at=None,
    )
    if Journal.objects.select_for_update().filter(owner=user).first() is None:
        return
    for reminder in rows.select_related("task"):
        set_firing(reminder, firing_of(reminder, reminder.task, zone=user.zone), at=at)


def set_firing(reminder: Reminder, fires_at: datetime | None, *, at: datetime) -> None:
    """Store that `reminder` fires at `fires_at`; if that is new and to come, it starts over.

    For a moment that is over nothing is sent. What was tried before is not told of it.
    """
    if fires_at == reminder.fires_at:
        return
    drop_reminder_jobs([reminder])
    reminder.fires_at = fires_at
    reminder.save(update_fields=["remind_at", "fires_at"])
    if fires_at and fires_at > at:
        reminder.sent_at = None
        reminder.save(update_fields=["sent_at"])
        queue_reminder(reminder)
    if reminder.sent_at is None:
        reminder.attempts, reminder.last_error = 0, ""
        reminder.save(update_fields=["attempts", "last_error"])
