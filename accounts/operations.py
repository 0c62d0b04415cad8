"""What a person does with their account."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import limits, sessions, tasks
from accounts.actor import Caller
from accounts.errors import SignUpClosed
from accounts.events import record
from accounts.models import AuthEvent, User
from accounts.signals import account_closing


def sign_up_is_open() -> bool:
    """Whether anybody may create an account now: always, never, or until there is one."""
    return settings.SIGN_UP == "open" or (settings.SIGN_UP == "first" and not User.objects.exists())


def sign_up(
    *,
    email: str,
    password: str,
    time_zone: str = "UTC",
    display_name: str = "",
    caller: Caller | None = None,
    at: datetime | None = None,
) -> User:
    """Create an account that works at once; its e-mail address is not confirmed yet.

    Raises SignUpClosed, LimitReached, or ValidationError by field: a taken or malformed address,
    a weak password.
    """
    if not sign_up_is_open():
        raise SignUpClosed(_("Nobody can create an account here at the moment."))
    at, caller = at or timezone.now(), caller or Caller()
    limits.SIGN_UPS.use(limits.network_of(caller.ip), at=at)
    user = User(email=email, time_zone=time_zone, display_name=display_name, created_at=at)
    check_new_account(user, password)
    user.set_password(password)
    try:
        with transaction.atomic():
            if settings.SIGN_UP == "first":
                refuse_second_account()
            user.save()
            record(user, AuthEvent.Kind.SIGNED_UP, caller=caller, at=at)
    except IntegrityError:
        raise ValidationError({"email": [address_is_taken()]}) from None
    return user


def refuse_second_account() -> None:
    """Raise SignUpClosed if somebody was faster. Within a transaction, one at a time asks this."""
    ContentType.objects.select_for_update().get(app_label="accounts", model="user")
    if not sign_up_is_open():
        raise SignUpClosed(_("Nobody can create an account here at the moment."))


def check_new_account(user: User, password: str) -> None:
    errors: dict[str, Any] = {}
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as problem:
        errors |= problem.error_dict
    try:
        validate_password(password, user)
    except ValidationError as problem:
        errors["password"] = problem.error_list
    if errors:
        raise ValidationError(errors)


def address_is_taken() -> str:
    """The sentence that page and API show when somebody else has an address."""
    return str(User._meta.get_field("email").error_messages["unique"])


def change_profile(user: User, *, caller: Caller | None = None, **fields: Any) -> User:
    """Change what `user` says about themselves: how they are called, read dates, and are told.

    Whoever switches off the mails about new devices is told by a last one: it may be a thief.
    """
    for name, value in fields.items():
        setattr(user, name, value)
    user.clean_fields(
        exclude=[field.name for field in User._meta.fields if field.name not in fields]
    )
    if not fields:
        return user
    with transaction.atomic():
        told = User.objects.select_for_update().filter(pk=user.pk, new_device_mails=True)
        is_switched_off = fields.get("new_device_mails") is False and told.exists()
        user.save(update_fields=list(fields))
        if is_switched_off:
            kind, at = AuthEvent.Kind.DEVICE_MAILS_OFF, timezone.now()
            event = record(user, kind, caller=caller or Caller(), at=at)
            tasks.mail_event.enqueue(event.pk)
    return user


def change_password(
    user: User,
    *,
    new: str,
    keep: uuid.UUID | None,
    caller: Caller | None = None,
    kind: AuthEvent.Kind = AuthEvent.Kind.PASSWORD_CHANGED,
    at: datetime | None = None,
) -> None:
    """Give `user` another password and end every session but `keep`, page or API.

    The caller keeps the key of a page session in step (`update_session_auth_hash`).
    Raises ValidationError with key `new` when the password is too weak.
    """
    at = at or timezone.now()
    try:
        validate_password(new, user)
    except ValidationError as problem:
        raise ValidationError({"new": problem.error_list}) from None
    user.set_password(new)
    with transaction.atomic():
        user.save(update_fields=["password"])
        follow_new_password(user, keep=keep, caller=caller or Caller(), kind=kind, at=at)


@transaction.atomic
def follow_new_password(
    user: User,
    *,
    keep: uuid.UUID | None,
    caller: Caller,
    kind: AuthEvent.Kind = AuthEvent.Kind.PASSWORD_CHANGED,
    at: datetime,
) -> None:
    """End every session of `user` but `keep`, whose password is new, and tell them by mail."""
    sessions.end_all(user, keep=keep, reason="password_changed", at=at)
    if keep:
        sessions.stamp(user, keep)
    event = record(user, kind, caller=caller, session=keep, at=at)
    tasks.mail_event.enqueue(event.pk)


@transaction.atomic
def close_account(user: User) -> None:
    """Erase `user` and everything that is theirs. Safe to repeat."""
    if not User.objects.filter(pk=user.pk).exists():
        return
    account_closing.send(sender=User, user=user)
    sessions.forget_page_sessions(user)
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    ).delete()
    user.delete()
