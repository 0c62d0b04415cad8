"""Writing down what happens to the security of an account."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db.models import F

from accounts.actor import Caller
from accounts.models import AuthEvent, User

# Guesses are counted, not listed: one row for an account and an address in this time.
REFUSALS_TOGETHER = timedelta(hours=1)


def record(
    user: User,
    kind: AuthEvent.Kind,
    *,
    caller: Caller,
    at: datetime,
    session: uuid.UUID | None = None,
) -> AuthEvent:
    return AuthEvent.objects.create(
        user=user,
        kind=kind,
        session=session,
        at=at,
        ip=caller.ip,
        user_agent=caller.user_agent,
    )


def record_refusal(user: User, *, caller: Caller, at: datetime) -> None:
    """Count one refused sign-in to the account of `user`."""
    counted = AuthEvent.objects.filter(
        user=user,
        kind=AuthEvent.Kind.SIGN_IN_REFUSED,
        ip=caller.ip,
        at__gt=at - REFUSALS_TOGETHER,
    ).update(count=F("count") + 1)
    if not counted:
        record(user, AuthEvent.Kind.SIGN_IN_REFUSED, caller=caller, at=at)
