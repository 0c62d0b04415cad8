"""What follows, within the same transaction, when a person appears, signs in or changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.callers import caller_of
from accounts.events import record, record_sign_in
from accounts.factors import note_code_of_activation
from accounts.middleware import page_session_id
from accounts.models import ApiSession, AuthEvent, PageSession, User
from accounts.signals import database_restored, password_hashed_again


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
    record_sign_in(
        instance.user,
        client="page",
        caller=caller_of(request),
        session=page_session.pk,
        at=timezone.now(),
    )


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


@receiver(authenticator_added, dispatch_uid="accounts.note_factor_added")
def note_factor_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Write a new factor down; the recovery codes that come with the first one are told by it."""
    if authenticator.type == Authenticator.Type.TOTP:
        note_code_of_activation(authenticator, at=timezone.now())
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        note(request, user, AuthEvent.Kind.FACTOR_ADDED)


@receiver(authenticator_removed, dispatch_uid="accounts.note_factor_removed")
def note_factor_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        note(request, user, AuthEvent.Kind.FACTOR_REMOVED)


@receiver(authenticator_reset, dispatch_uid="accounts.note_codes_renewed")
def note_codes_renewed(request: HttpRequest, user: User, **_: Any) -> None:
    note(request, user, AuthEvent.Kind.CODES_RENEWED)


@receiver(password_hashed_again, dispatch_uid="accounts.stamp_sessions")
def stamp_sessions(user: User, fingerprint: str, session_hash: str, **_: Any) -> None:
    """Let every session live on that knew the same password by its former hash."""
    ApiSession.objects.filter(user=user, revoked_at=None, password_fingerprint=fingerprint).update(
        password_fingerprint=user.password_fingerprint
    )
    for key in UserSession.objects.filter(user=user).values_list("session_key", flat=True):
        session = SessionStore(session_key=key)
        if session.get(HASH_SESSION_KEY) == session_hash:
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save(must_create=False)


@receiver(database_restored, dispatch_uid="accounts.sign_everybody_out")
def sign_everybody_out(at: datetime, **_: Any) -> None:
    """End every session: who ended one since the backup would find it alive again."""
    ApiSession.objects.filter(revoked_at=None).update(revoked_at=at, revoked_reason="restored")
    Session.objects.all().delete()
    UserSession.objects.all().delete()


def note(request: HttpRequest, user: User, kind: AuthEvent.Kind) -> None:
    record(
        user,
        kind,
        caller=caller_of(request),
        session=page_session_id(request),
        at=timezone.now(),
    )
