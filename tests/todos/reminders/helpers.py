"""Reminders as the tests set them, and a worker that sends them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import time_machine

from accounts.actor import Actor
from accounts.background import Worker
from todos import operations
from todos.models import Reminder, Task

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
LONDON, BERLIN, NEW_YORK = map(ZoneInfo, ("Europe/London", "Europe/Berlin", "America/New_York"))


def remind(task: Task, minutes: int = 30) -> Reminder:
    return operations.add_reminder(task, by=Actor(task.owner), minutes_before=minutes)[0]


def remind_at(task: Task, moment: datetime) -> Reminder:
    return operations.add_reminder(task, by=Actor(task.owner), remind_at=moment)[0]


def run_jobs(clock: time_machine.Traveller, *, at: datetime) -> None:
    clock.move_to(at, tick=False)
    worker = Worker()
    while worker.step(at=at, clock=0):
        pass


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]
