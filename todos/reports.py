"""The report of a person's tasks: a CSV, as docs/api.md describes it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import User
from todos.models import Task

HEADER = ["title", "deadline", "task_completed", "task_deadline_passed"]
# A spreadsheet runs a cell that begins like this; the wide forms too, in some languages.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def report_lines(user: User, *, at: datetime) -> Iterator[str]:
    """The lines of the report on the tasks of `user` outside the trash, the oldest first.

    Deadlines are judged where the person is. One query, read in pieces.
    """
    now = at.astimezone(user.zone)
    writer = csv.writer(Echo())
    yield writer.writerow(HEADER)
    total = completed = passed = 0
    for task in Task.objects.visible_to(user).order_by("pk").iterator():
        is_passed = task.is_overdue(now)
        total += 1
        completed += task.is_done
        passed += is_passed
        yield writer.writerow(row_of(task, is_passed=is_passed))
    yield writer.writerow(["Total Tasks", total, "", ""])
    yield writer.writerow(["Tasks Completed", completed, "", ""])
    yield writer.writerow(["Tasks Deadline Passed", passed, "", ""])


def row_of(task: Task, *, is_passed: bool) -> list[str]:
    has_answer = task.due_on is not None and not task.is_done
    return [
        inert(task.title),
        task.due_on.strftime("%d/%m/%Y") if task.due_on else "N/A",
        str(task.is_done),
        ("YES" if is_passed else "NO") if has_answer else "N/A",
    ]


def inert(text: str) -> str:
    """`text` such that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class Echo:
    """A file whose `write` gives back what it was given, for csv to make lines one by one."""

    def write(self, line: str) -> Any:
        return line
