"""Every mail there is, made for a person whose words are not harmless."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from email.message import EmailMessage as Message
from pathlib import Path
from typing import Any

from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory, override_settings
from django.utils import timezone

from accounts import mails as account_mails
from accounts.actor import Actor
from accounts.adapter import AccountAdapter
from accounts.models import AuthEvent, User
from todos import mails as todo_mails
from todos import operations
from todos.models import Transfer

UNKIND = """<b>&" 'x'"""
TEMPLATES = Path(settings.BASE_DIR) / "templates"
OF_ALLAUTH = [
    str(path.relative_to(TEMPLATES)).removesuffix("_message.txt")
    for folder in ("account", "mfa")
    for path in sorted((TEMPLATES / folder / "email").glob("*_message.txt"))
    if path.name != "base_message.txt"
]


def of_allauth(prefix: str) -> Callable[[User], None]:
    def send(user: User) -> None:
        request = RequestFactory().get("/", HTTP_USER_AGENT=UNKIND)
        links = ("activate_url", "password_reset_url", "signup_url")
        context: dict[str, Any] = {
            **{
                name: f"http://testserver/{name}/5f-dexugy-0a1b2c3d4e5f6071829304a5"
                for name in links
            },
            **dict.fromkeys(("from_email", "to_email", "deleted_email"), f"{UNKIND}@example.com"),
        }
        with request_context(request):
            adapter = AccountAdapter(request)
            adapter.send_notification_mail(prefix, user, context, email=user.email)

    return send


def of_event(kind: AuthEvent.Kind) -> Callable[[User], None]:
    def send(user: User) -> None:
        caller = {"ip": "192.0.2.7", "user_agent": UNKIND}
        account_mails.send_about(AuthEvent.objects.create(user=user, kind=kind, **caller))

    return send


def reminder(user: User) -> None:
    task, _ = operations.create_task(
        by=Actor(user), title=UNKIND, due_on=date(2026, 11, 24), due_time=time(17)
    )
    row, _ = operations.add_reminder(task, by=Actor(user), minutes_before=0)
    todo_mails.send_reminder(row, message_id="reminder-1")


def report(user: User) -> None:
    todo_mails.send_report(user, job_id="1", at=timezone.now())


def export(user: User) -> None:
    transfer = Transfer.objects.create(owner=user, kind="export", finished_at=timezone.now())
    todo_mails.send_export_ready(transfer)


SENT: dict[str, Callable[[User], None]] = {
    **{prefix: of_allauth(prefix) for prefix in OF_ALLAUTH},
    **{f"event/{kind}": of_event(kind) for kind in account_mails.MAILS},
    "reminder": reminder,
    "report": report,
    "export": export,
}


def sent(name: str, user: User) -> EmailMultiAlternatives:
    """The mail of this name, sent to `user` from a server whose mail leaves it."""
    with override_settings(MAIL_STAYS_HERE=False):
        SENT[name](user)
    message = mail.outbox[-1]
    assert isinstance(message, EmailMultiAlternatives)
    return message


def part_of(message: EmailMultiAlternatives, kind: str) -> str:
    """One part of `message` as a mail program reads it: "plain" or "html"."""
    sent: Message = message.message()  # type: ignore[assignment]
    (part,) = [each for each in sent.walk() if each.get_content_type() == f"text/{kind}"]
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()
