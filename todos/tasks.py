"""Background jobs. Their arguments are ids of rows, never an address or a text."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskContext, task

from accounts import limits
from accounts.background import unfinished_jobs
from accounts.models import User
from accounts.signals import account_closing
from todos import mails


def queue_report(user: User) -> None:
    """Have the report of their tasks mailed to `user`, soon.

    Raises ValidationError when mail leaves this machine and the address is not confirmed, and
    LimitReached after five in an hour.
    """
    if not may_be_mailed(user):
        raise ValidationError(_("Confirm your e-mail address first, then ask for the report."))
    limits.REPORTS.use(user.pk, at=timezone.now())
    send_report.enqueue(user.pk)


def may_be_mailed(user: User) -> bool:
    """Whether the address is known to be theirs, or mail is only shown on the console."""
    return (
        settings.MAIL_STAYS_HERE
        or EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
    )


@task(takes_context=True)
def send_report(context: TaskContext, user_id: int) -> None:
    """Mail the report; nothing when the account is closed, or its address no longer confirmed."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None and may_be_mailed(user):
        mails.send_report(user, job_id=context.task_result.id, at=timezone.now())


@receiver(account_closing, dispatch_uid="todos.forget_jobs")
def forget_jobs(sender: object, user: User, **_: Any) -> None:
    """Drop the jobs of a person whose account is being closed."""
    for job in unfinished_jobs(send_report.module_path, user.pk):
        job.delete()
