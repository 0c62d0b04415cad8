"""The mails about to-do lists."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.formats import formats_of
from accounts.letters import letter
from accounts.models import User
from todos.models import Reminder, Task, Transfer
from todos.reports import report_lines


def send_report(user: User, *, job_id: str, at: datetime) -> None:
    """Mail `user` the report of their tasks. A job sent again has the same Message-ID."""
    mail = letter(
        "report",
        {"user": user, "tasks_url": settings.PUBLIC_ORIGIN},
        subject=_("Your tasks"),
        to=user.email,
        message_id=f"report-{job_id}",
    )
    mail.attach("tasks.csv", "".join(report_lines(user, at=at)), "text/csv")
    mail.send()


def send_export_ready(transfer: Transfer) -> None:
    """Tell the owner of `transfer` that its file can be fetched, on a page behind the sign-in."""
    user = transfer.owner
    moment = f"{transfer.finished_at:%Y%m%d%H%M%S}" if transfer.finished_at else ""
    with timezone.override(user.zone):
        letter(
            "export_ready",
            {
                "user": user,
                "size": transfer.size,
                "until": transfer.kept_until,
                "data_url": settings.PUBLIC_ORIGIN + reverse("accounts:data"),
            },
            subject=_("Your data is ready"),
            to=user.email,
            message_id=f"export-{transfer.pk}-{moment}",
        ).send()


def send_reminder(reminder: Reminder, *, message_id: str) -> None:
    """Mail the owner of `reminder` what is to be done, when, and where to find it."""
    task, user = reminder.task, reminder.owner
    title = " ".join(task.title.split())  # A header is one line.
    with timezone.override(user.zone):
        letter(
            "reminder",
            {
                "user": user,
                "title": title,
                "due": due_words(task, user),
                "task_url": settings.PUBLIC_ORIGIN + task.get_absolute_url(),
            },
            subject=_("Reminder: %(task)s") % {"task": title},
            to=user.email,
            message_id=message_id,
        ).send()


def due_words(task: Task, user: User) -> str:
    """When `task` is due, where and as `user` reads it: 23 Nov 2026, 17:00; "" without a day."""
    formats = formats_of(user)
    day, clock = task.local_due(user.zone)
    words = [formats.full_day(day)] if day else []
    return ", ".join([*words, formats.clock(clock)] if clock else words)
