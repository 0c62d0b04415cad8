"""Background jobs. Their arguments are ids of rows, never an address or a text."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC
from smtplib import SMTPResponseException

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskContext, task
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts import limits
from accounts.background import queue_once, storable, unfinished_jobs
from accounts.models import User
from todos import mails
from todos.models import Reminder

REMINDER_JOBS = uuid.UUID("0d8a4f57-6c0e-4a55-9d0b-1c3f5b0c6a11")
LONGEST_REASON = 500
AT_ONCE = 1000


def queue_report(user: User) -> None:
    """Have the report of their tasks mailed to `user`, soon.

    Raises ValidationError when mail leaves this machine and the address is not confirmed, and
    LimitReached after five in an hour.
    """
    if not user.may_be_mailed:
        raise ValidationError(_("Confirm your e-mail address first, then ask for the report."))
    limits.REPORTS.use(user.pk, at=timezone.now())
    send_report.enqueue(user.pk)


@task(takes_context=True)
def send_report(context: TaskContext, user_id: int) -> None:
    """Mail the report; nothing when the account is closed, or its address no longer confirmed."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None and user.may_be_mailed:
        mails.send_report(user, job_id=context.task_result.id, at=timezone.now())


def reminder_job(reminder: Reminder) -> uuid.UUID | None:
    """The id of the job that sends `reminder` at the moment it now fires at, if it has one.

    The mail's Message-ID is made of it: however often it is sent for one moment, it is one mail.
    """
    if reminder.fires_at is None:
        return None
    moment = reminder.fires_at.astimezone(UTC).isoformat()
    return uuid.uuid5(REMINDER_JOBS, f"{reminder.uid} {moment}")


def queue_reminder(reminder: Reminder) -> None:
    """Have `reminder` sent when it fires, if the transaction that says so is committed."""
    job_id = reminder_job(reminder)
    if job_id and reminder.fires_at:
        queue_once(job_id, send_reminder, reminder.pk, run_after=reminder.fires_at)


def drop_reminder_jobs(reminders: Iterable[Reminder]) -> None:
    """Drop the jobs of `reminders` that wait."""
    jobs = [job for reminder in reminders if (job := reminder_job(reminder))]
    for begin in range(0, len(jobs), AT_ONCE):
        some = jobs[begin : begin + AT_ONCE]
        DBTaskResult.objects.filter(pk__in=some, status=TaskResultStatus.READY).delete()


@task(takes_context=True)
def send_reminder(context: TaskContext, reminder_id: int) -> None:
    """Mail a reminder and note in its row what became of it.

    Nothing when it is gone, sent, or fires at another moment than this job is for.
    """
    rows = Reminder.objects.select_related("owner", "task__task_list")
    reminder = rows.filter(pk=reminder_id, sent_at=None).first()
    if reminder is None or str(reminder_job(reminder)) != context.task_result.id:
        return
    # While the mail is sent the task may move on: the row is then about another moment.
    row = Reminder.objects.filter(pk=reminder.pk, fires_at=reminder.fires_at)
    if obstacle := why_not_to_remind(reminder):
        row.update(last_error=obstacle)
        return
    row.update(attempts=F("attempts") + 1, last_error="")
    try:
        mails.send_reminder(reminder, message_id=f"reminder-{context.task_result.id}")
    except Exception as error:
        row.update(last_error=why_it_failed(error))
        raise
    row.update(sent_at=timezone.now())


def why_not_to_remind(reminder: Reminder) -> str:
    """Why this reminder is of no use now, in words for the person; "" if it is."""
    task = reminder.task
    if not reminder.owner.is_active:
        return _("The account was closed.")
    if task.trashed_at or task.task_list.trashed_at:
        return _("The task was in the trash.")
    if task.is_done:
        return _("The task was done already.")
    if task.task_list.archived_at:
        return _("The list was archived.")
    if not reminder.owner.reminder_mails:
        return _("Reminders by mail were switched off.")
    if not reminder.owner.may_be_mailed:
        return _("Your e-mail address was not confirmed.")
    return ""


def why_it_failed(error: Exception) -> str:
    """What the mail server answered, or else the kind of `error`."""
    words = type(error).__name__
    if isinstance(error, SMTPResponseException):
        reply = error.smtp_error
        text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
        words = f"{error.smtp_code} {' '.join(text.split())}"
    return storable(words)[:LONGEST_REASON]


def forget_jobs(user: User) -> None:
    """Drop the jobs of a person whose account is being closed."""
    for job in unfinished_jobs(send_report.module_path, user.pk):
        job.delete()
    drop_reminder_jobs(Reminder.objects.filter(owner=user))
