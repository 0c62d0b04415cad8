"""Writing down what happens to the security of an account."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

from django.db.models import F, Max

from accounts import tasks
from accounts.actor import Caller
from accounts.models import AuthEvent, User
from accounts.signals import security_event

# Guesses are counted, not listed: one row for an account and an address in this time.
REFUSALS_TOGETHER = timedelta(hours=1)
LATELY = timedelta(days=90)
VERSION = re.compile(r"[/ ]?[0-9][0-9._]*")


def record(
    user: User,
    kind: AuthEvent.Kind,
    *,
    caller: Caller,
    at: datetime,
    session: uuid.UUID | None = None,
    client: str = "",
) -> AuthEvent:
    security_event.send(None, kind=kind.value)
    return AuthEvent.objects.create(
        user=user,
        kind=kind,
        client=client,
        session=session,
        at=at,
        ip=caller.ip,
        user_agent=caller.user_agent,
    )


def record_sign_in(
    user: User, *, client: str, caller: Caller, session: uuid.UUID, at: datetime
) -> None:
    """Write a sign-in down, and tell its person by mail of a new device, if they want that."""
    is_new = is_new_device(user, client=client, user_agent=caller.user_agent, at=at)
    event = record(
        user, AuthEvent.Kind.SIGNED_IN, caller=caller, session=session, client=client, at=at
    )
    if is_new and user.new_device_mails:
        tasks.mail_event.enqueue(event.pk)


def is_new_device(user: User, *, client: str, user_agent: str, at: datetime) -> bool:
    """Whether others have signed in to the account, but lately none with this program. One query.

    Programs are told apart without their versions, which change by themselves.
    """
    sign_ins = AuthEvent.objects.filter(user=user, kind=AuthEvent.Kind.SIGNED_IN)
    programs = list(sign_ins.values("client", "user_agent").annotate(last=Max("at")))
    lately = {
        (program["client"], VERSION.sub("", program["user_agent"]))
        for program in programs
        if program["last"] > at - LATELY
    }
    return bool(programs) and (client, VERSION.sub("", user_agent)) not in lately


def record_refusal(user: User, *, caller: Caller, at: datetime) -> AuthEvent:
    """Count one refused sign-in to the account of `user`."""
    event = AuthEvent.objects.filter(
        user=user,
        kind=AuthEvent.Kind.SIGN_IN_REFUSED,
        ip=caller.ip,
        at__gt=at - REFUSALS_TOGETHER,
    ).first()
    if event is None:
        return record(user, AuthEvent.Kind.SIGN_IN_REFUSED, caller=caller, at=at)
    security_event.send(None, kind=AuthEvent.Kind.SIGN_IN_REFUSED.value)
    AuthEvent.objects.filter(pk=event.pk).update(count=F("count") + 1)
    return event
