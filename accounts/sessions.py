"""Sessions of programs and of pages: open, refresh, look at, name and end them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import BigAutoField, QuerySet, UUIDField
from django.utils import timezone

from accounts import tasks
from accounts.actor import Caller
from accounts.compiled import Compiled, columns_of, instance_of
from accounts.events import record, record_sign_in
from accounts.models import ApiSession, AuthEvent, PageSession, User

LIVE_SESSIONS_MAX = 50
UNREMEMBERED_LIFETIME = timedelta(hours=12)
# A refresh may be repeated because its answer was lost: this long in any case, and this long
# while nobody has used what the answer brought.
RETRY_WITHIN = timedelta(seconds=10)
RETRY_UNCONFIRMED_WITHIN = timedelta(minutes=10)
ODD_RETRIES_MAX = 3


class SessionRefused(Exception):
    """The session is unknown, has ended, or its person may not go on with it."""


@dataclass(frozen=True)
class Device:
    """One sign-in as people see it, of a page (`client` is page) or of a program."""

    id: uuid.UUID
    label: str
    client: str
    ip: str | None
    user_agent: str
    created_at: datetime
    last_used_at: datetime
    current: bool


def open_session(
    user: User,
    *,
    client: str,
    caller: Caller,
    remember: bool = True,
    label: str = "",
    methods: Sequence[str] = ("password",),
    session_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> ApiSession:
    """Begin a session of a program; beyond LIVE_SESSIONS_MAX the longest idle one ends."""
    at = at or timezone.now()
    lifetime = settings.REFRESH_TOKEN_LIFETIME
    session = ApiSession(
        id=session_id or uuid.uuid4(),
        user=user,
        client=client,
        remember=remember,
        label=label,
        ip=caller.ip,
        user_agent=caller.user_agent,
        password_fingerprint=user.password_fingerprint,
        expires_at=at + (lifetime if remember else min(lifetime, UNREMEMBERED_LIFETIME)),
        methods=list(methods),
        created_at=at,
        rotated_at=at,
        last_used_at=at,
        authenticated_at=at,
    )
    with transaction.atomic():
        session.save(force_insert=True)
        end_surplus(user, at=at)
        record_sign_in(user, client=client, caller=caller, session=session.pk, at=at)
    return session


def end_surplus(user: User, *, at: datetime) -> None:
    live = ApiSession.objects.filter(user=user, revoked_at=None, expires_at__gt=at)
    surplus = live.order_by("-last_used_at", "-created_at").values("pk")[LIVE_SESSIONS_MAX:]
    live.filter(pk__in=surplus).update(revoked_at=at, revoked_reason="too_many")


SESSION_COLUMNS, USER_COLUMNS = columns_of(ApiSession), columns_of(User)
# The query of every request of the API.
SESSION_WITH_USER = Compiled(
    lambda session, user: ApiSession.objects.filter(pk=session, user_id=user).values_list(
        *SESSION_COLUMNS, *(f"user__{name}" for name in USER_COLUMNS)
    ),
    session=UUIDField(),
    user=BigAutoField(),
)


def find_session(session_id: uuid.UUID, user_id: int) -> ApiSession | None:
    """The session with its user, whatever its state. One query."""
    row = SESSION_WITH_USER.row(session=session_id, user=user_id)
    if row is None:
        return None
    columns = len(SESSION_COLUMNS)
    session = instance_of(ApiSession, row[:columns])
    session.user = instance_of(User, row[columns:])
    return session


def is_live(session: ApiSession, *, at: datetime) -> bool:
    """Whether `session`, loaded with its user, still lets its person in."""
    return (
        session.revoked_at is None
        and session.expires_at > at
        and session.user.is_active
        and session.password_fingerprint == session.user.password_fingerprint
    )


def refresh_session(
    session: ApiSession, *, generation: int, caller: Caller, at: datetime
) -> ApiSession:
    """Move `session` on from `generation`, or repeat the last answer to one that got lost.

    Raises SessionRefused; a generation that is too old ends the session, because two programs
    hold its tokens and one of them is a thief.
    """
    if not is_live(session, at=at):
        raise SessionRefused
    if session.generation == generation:
        if swap_generation(session, caller=caller, at=at):
            return session
        found = find_session(session.pk, session.user_id)
        if found is None or not is_live(found, at=at):
            raise SessionRefused
        session = found
    if is_retry(session, generation=generation, at=at) and not is_ridden(session, caller=caller):
        return session
    if generation < session.generation:
        end_reused(session, caller=caller, at=at)
    raise SessionRefused


def swap_generation(session: ApiSession, *, caller: Caller, at: datetime) -> bool:
    """Compare and swap: whether this call, and no other, moved `session` on."""
    changes = {
        "generation": session.generation + 1,
        "rotated_at": at,
        "last_used_at": at,
        "ip": caller.ip,
        "user_agent": caller.user_agent,
    }
    swapped = ApiSession.objects.filter(
        pk=session.pk, generation=session.generation, revoked_at=None
    ).update(**changes)
    if swapped:
        for name, value in changes.items():
            setattr(session, name, value)
    return bool(swapped)


def is_retry(session: ApiSession, *, generation: int, at: datetime) -> bool:
    is_confirmed = session.confirmed_generation >= session.generation
    within = RETRY_WITHIN if is_confirmed else RETRY_UNCONFIRMED_WITHIN
    return generation + 1 == session.generation and at - session.rotated_at <= within


def is_ridden(session: ApiSession, *, caller: Caller) -> bool:
    """Whether a retry from elsewhere than the rotation is one in too many generations in a row.

    A thief who repeats each refresh a moment after the victim would otherwise go on for ever. A
    browser proves itself by its cookie.
    """
    came_from = (session.ip, session.user_agent)
    if session.client == ApiSession.Client.BROWSER or (caller.ip, caller.user_agent) == came_from:
        return False
    if session.odd_generation == session.generation:
        return False
    in_a_row = session.odd_generation == session.generation - 1
    session.odd_retries = session.odd_retries + 1 if in_a_row else 1
    ApiSession.objects.filter(pk=session.pk, generation=session.generation).update(
        odd_retries=session.odd_retries, odd_generation=session.generation
    )
    return session.odd_retries > ODD_RETRIES_MAX


def confirm_generation(session: ApiSession, *, generation: int, at: datetime) -> None:
    """Note that the tokens of `generation` have arrived. At most one query a generation."""
    if session.confirmed_generation < generation <= session.generation:
        ApiSession.objects.filter(pk=session.pk, confirmed_generation__lt=generation).update(
            confirmed_generation=generation, last_used_at=at
        )


def end_session(
    session: ApiSession,
    *,
    reason: str,
    caller: Caller,
    kind: AuthEvent.Kind = AuthEvent.Kind.SESSION_ENDED,
    at: datetime | None = None,
) -> AuthEvent | None:
    """End `session` and return the event; None when it had ended before."""
    at = at or timezone.now()
    with transaction.atomic():
        ended = ApiSession.objects.filter(pk=session.pk, revoked_at=None).update(
            revoked_at=at, revoked_reason=reason
        )
        if not ended:
            return None
        return record(session.user, kind, caller=caller, session=session.pk, at=at)


def replace_session(session_id: uuid.UUID, *, at: datetime) -> None:
    """End the browser session whose place a new sign-in takes; its event tells enough."""
    ApiSession.objects.filter(
        pk=session_id, client=ApiSession.Client.BROWSER, revoked_at=None
    ).update(revoked_at=at, revoked_reason="replaced")


def end_reused(session: ApiSession, *, caller: Caller, at: datetime) -> None:
    """End a session whose old token came back, once, and tell its person by mail."""
    with transaction.atomic():
        event = end_session(
            session, reason="reuse", kind=AuthEvent.Kind.REUSE, caller=caller, at=at
        )
        if event:
            tasks.mail_event.enqueue(event.pk)


def end_without_cookie(session: ApiSession, *, caller: Caller, at: datetime) -> None:
    """End a browser's session whose token came without its cookie."""
    if not is_live(session, at=at):
        return
    if (caller.ip, caller.user_agent) != (session.ip, session.user_agent):
        end_reused(session, caller=caller, at=at)
    else:
        end_session(session, reason="cookie_lost", caller=caller, at=at)


def devices_of(
    user: User, *, current: uuid.UUID | None, at: datetime | None = None
) -> list[Device]:
    """Every sign-in of `user` that still lets somebody in, last used first. Three queries."""
    at = at or timezone.now()
    rows: list[ApiSession | PageSession] = [*live_programs(user, at=at), *live_pages(user, at=at)]
    devices = [device(row, current=current) for row in rows]
    return sorted(devices, key=lambda device: (device.last_used_at, device.id), reverse=True)


def live_programs(user: User, *, at: datetime) -> QuerySet[ApiSession]:
    return ApiSession.objects.filter(
        user=user,
        revoked_at=None,
        expires_at__gt=at,
        rotated_at__gt=at - settings.REFRESH_TOKEN_IDLE,
        password_fingerprint=user.password_fingerprint,
    )


def live_pages(user: User, *, at: datetime) -> list[PageSession]:
    """The page sessions of `user` that have not expired and know the present password."""
    pages = PageSession.objects.select_related("user_session").filter(user_session__user=user)
    by_key = {page.user_session.session_key: page for page in pages}
    kept = Session.objects.filter(session_key__in=by_key, expire_date__gt=at)
    present = user.get_session_auth_hash()
    return [
        by_key[session.session_key]
        for session in kept
        if session.get_decoded().get(HASH_SESSION_KEY) == present
    ]


def device(row: ApiSession | PageSession, *, current: uuid.UUID | None) -> Device:
    """`row` as people see it; `current` is the session of who looks."""
    signed_in: ApiSession | UserSession
    if isinstance(row, PageSession):
        signed_in, client, last_used_at = row.user_session, "page", row.user_session.last_seen_at
    else:
        signed_in, client, last_used_at = row, row.client, row.last_used_at
    return Device(
        id=row.pk,
        label=row.label,
        client=client,
        ip=signed_in.ip,
        user_agent=signed_in.user_agent,
        created_at=signed_in.created_at,
        last_used_at=last_used_at,
        current=row.pk == current,
    )


def find_device_row(
    user: User, session_id: uuid.UUID, *, at: datetime | None = None
) -> ApiSession | PageSession | None:
    """The row behind a device that `devices_of` lists."""
    at = at or timezone.now()
    program = live_programs(user, at=at).select_related("user").filter(pk=session_id).first()
    return program or next(
        (page for page in live_pages(user, at=at) if page.pk == session_id), None
    )


def name_device(row: ApiSession | PageSession, label: str) -> None:
    """Give a device the name that its person knows it by."""
    row.label = label
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name != "label"])
    row.save(update_fields=["label"])


def end_device(
    row: ApiSession | PageSession, *, caller: Caller, at: datetime | None = None
) -> None:
    """Sign a device out, at once. Safe to repeat."""
    if isinstance(row, ApiSession):
        end_session(row, reason="ended", caller=caller, at=at)
        return
    with transaction.atomic():
        record(
            row.user_session.user,
            AuthEvent.Kind.SESSION_ENDED,
            caller=caller,
            session=row.pk,
            at=at or timezone.now(),
        )
        row.user_session.end()


@transaction.atomic
def end_others(
    user: User, *, keep: uuid.UUID | None, caller: Caller, at: datetime | None = None
) -> int:
    """Sign every device of `user` out but that of `keep`, and return how many there were."""
    at = at or timezone.now()
    ended = end_all(user, keep=keep, reason="ended", at=at)
    if ended:
        record(user, AuthEvent.Kind.SESSION_ENDED, caller=caller, session=None, at=at)
    return ended


def end_all(user: User, *, keep: uuid.UUID | None, reason: str, at: datetime) -> int:
    """End all sessions of `user` but `keep` and return how many there were."""
    programs = ApiSession.objects.filter(user=user, revoked_at=None)
    if keep:
        programs = programs.exclude(pk=keep)
    ended = programs.update(revoked_at=at, revoked_reason=reason)
    return ended + forget_page_sessions(user, keep=keep)


def forget_page_sessions(user: User, *, keep: uuid.UUID | None = None) -> int:
    """End all page sessions of `user` but `keep` and return how many there were."""
    pages = UserSession.objects.filter(user=user)
    if keep:
        pages = pages.exclude(pk__in=UserSession.objects.filter(page_session=keep).values("pk"))
    ending = list(pages)
    for user_session in ending:
        user_session.end()
    return len(ending)


def stamp(user: User, session_id: uuid.UUID) -> None:
    """Let the session that changed the password of `user` live on with the new one."""
    ApiSession.objects.filter(user=user, pk=session_id, revoked_at=None).update(
        password_fingerprint=user.password_fingerprint
    )
