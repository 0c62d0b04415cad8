"""The mails about to-do lists."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from todos.reports import report_lines


def send_report(user: User, *, job_id: str, at: datetime) -> None:
    """Mail `user` the report of their tasks. A job sent again has the same Message-ID."""
    mail = EmailMessage(
        subject=_("Your tasks"),
        body=render_to_string(
            "email/report.txt", {"user": user, "tasks_url": settings.PUBLIC_ORIGIN}
        ),
        to=[user.email],
        headers={"Message-ID": f"<report-{job_id}@{settings.PUBLIC_URL.hostname}>"},
    )
    mail.attach("tasks.csv", "".join(report_lines(user, at=at)), "text/csv")
    mail.send()
