"""Checking passwords, and what wrong ones lead to, wherever they are typed."""

from __future__ import annotations

from datetime import datetime

from accounts import limits, tasks
from accounts.actor import Caller
from accounts.events import record_refusal
from accounts.models import User


def is_own_password(user: User, password: str, *, caller: Caller, at: datetime) -> bool:
    """Whether `password` is that of `user`, who is signed in.

    A wrong one counts as a wrong sign-in. Raises LimitReached after too many.
    """
    with limits.wrong_sign_ins(user.email, caller.ip, at=at) as attempt:
        attempt.failed = not user.check_password(password)
    if attempt.failed:
        note_wrong_password(user, caller=caller, at=at)
    return not attempt.failed


def note_wrong_password(user: User, *, caller: Caller, at: datetime) -> None:
    """Write a wrong password down, and tell `user` once when there were many in an hour."""
    event = record_refusal(user, caller=caller, at=at)
    if limits.WRONG_SIGN_INS_TO_TELL.is_just_reached(user.pk, at=at):
        tasks.mail_event.enqueue(event.pk)
