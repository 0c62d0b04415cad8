"""What follows, within the same transaction, when a person appears, signs in or changes."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from allauth.core import context
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.callers import caller_of
from accounts.events import record
from accounts.middleware import page_session_id
from accounts.models import AuthEvent, PageSession, User


@receiver(post_save, sender=User, dispatch_uid="accounts.keep_email_address")
def keep_email_address(
    sender: type[User],
    instance: User,
    raw: bool,
    update_fields: frozenset[str] | None,
    **_: Any,
) -> None:
    """Give allauth its row for the address of a person, however they were made or changed."""
    if raw or (update_fields is not None and "email" not in update_fields):
        return
    addresses = EmailAddress.objects.filter(user=instance)
    if not addresses.filter(email=instance.email).exists():
        addresses.delete()
        EmailAddress.objects.create(user=instance, email=instance.email, primary=True)


@receiver(post_save, sender=UserSession, dispatch_uid="accounts.name_page_session")
def name_page_session(
    sender: type[UserSession], instance: UserSession, created: bool, raw: bool, **_: Any
) -> None:
    """Give a sign-in on the pages its identity, kept when the key of its session changes."""
    request = context.request
    if raw or not created or request is None:
        return
    known = page_session_id(request)
    kept = known and PageSession.objects.filter(pk=known, user_session__user=instance.user).first()
    if kept:
        outdated, kept.user_session = kept.user_session, instance
        kept.save(update_fields=["user_session"])
        outdated.delete()
        return
    page_session = PageSession.objects.create(user_session=instance)
    request.session["page_session"] = str(page_session.pk)
    request.session["seen_at"] = int(timezone.now().timestamp())
    note(request, instance.user, AuthEvent.Kind.SIGNED_IN)


@receiver(user_logged_out, dispatch_uid="accounts.note_signed_out")
def note_signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        note(request, user, AuthEvent.Kind.SIGNED_OUT)
        UserSession.objects.filter(session_key=request.session.session_key).delete()


@receiver(email_changed, dispatch_uid="accounts.note_email_changed")
def note_email_changed(
    request: HttpRequest, user: User, from_email_address: EmailAddress | None, **_: Any
) -> None:
    if from_email_address is not None:
        note(request, user, AuthEvent.Kind.EMAIL_CHANGED)


def note(request: HttpRequest, user: User, kind: AuthEvent.Kind) -> None:
    record(
        user,
        kind,
        caller=caller_of(request),
        session=page_session_id(request),
        at=timezone.now(),
    )
