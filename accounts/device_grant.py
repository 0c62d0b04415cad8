"""Signing a device in by a code that its person approves elsewhere (RFC 8628).

The codes are kept as keyed hashes only, and a request becomes one session: it gives it its id.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from allauth.core.internal.cryptokit import generate_user_code, normalize_user_code
from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts import limits, sessions
from accounts.actor import Caller
from accounts.models import ApiSession, DeviceRequest, User
from accounts.tokens import derive_key

LIFETIME = timedelta(minutes=10)
POLL_EVERY = timedelta(seconds=5)


class NotYet(Exception):
    """There is no session for a device code; `error` says why (RFC 8628 section 3.5)."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def keyed_hash(code: str) -> str:
    """What is kept of a code: guessing it from this needs the secret too."""
    key = derive_key(settings.SECRET_KEY, "todo device v1")
    return hmac.new(key, code.encode(errors="replace"), "sha256").hexdigest()


def ask(
    *, remember: bool, label: str, caller: Caller, at: datetime
) -> tuple[DeviceRequest, str, str]:
    """A request with its device code and user code. Raises LimitReached after too many."""
    limits.DEVICE_REQUESTS.use(limits.network_of(caller.ip), at=at)
    device_code, user_code = secrets.token_urlsafe(32), generate_user_code()
    request = DeviceRequest.objects.create(
        device_code_hash=keyed_hash(device_code),
        user_code_hash=keyed_hash(normalize_user_code(user_code)),
        created_at=at,
        expires_at=at + LIFETIME,
        remember=remember,
        # Its person will read this beside our own words, so nothing in it may hide or turn them.
        label=DeviceRequest._meta.get_field("label").to_python(label),
        ip=caller.ip,
        user_agent=caller.user_agent,
    )
    return request, device_code, user_code


def find_request(user_code: str, *, user: User, at: datetime) -> DeviceRequest | None:
    """The request that waits for an answer to `user_code`.

    A code that is none counts for `user`. Raises LimitReached after too many.
    """
    waiting = DeviceRequest.objects.filter(
        user_code_hash=keyed_hash(normalize_user_code(user_code)),
        expires_at__gt=at,
        answered_at=None,
    )
    with limits.tries((limits.WRONG_CODES, ("device", user.pk)), at=at) as attempt:
        found = waiting.first()
        attempt.failed = found is None
    return found


def approve(request: DeviceRequest, *, user: User, methods: list[str], at: datetime) -> bool:
    """Let the asking device in as `user`, and tell whether nobody answered before."""
    return answer(
        request,
        user=user,
        is_approved=True,
        password_fingerprint=user.password_fingerprint,
        methods=methods,
        answered_at=at,
    )


def deny(request: DeviceRequest, *, user: User, at: datetime) -> bool:
    return answer(request, user=user, is_approved=False, answered_at=at)


def answer(request: DeviceRequest, **fields: object) -> bool:
    waiting = DeviceRequest.objects.filter(pk=request.pk, answered_at=None)
    return bool(waiting.update(**fields))


def redeem(device_code: str, *, caller: Caller, at: datetime) -> ApiSession:
    """Open the session of an approved request, once. Raises NotYet until then, and after."""
    hashed = keyed_hash(device_code)
    request = DeviceRequest.objects.select_related("user").filter(device_code_hash=hashed).first()
    if request is None or request.redeemed_at:
        raise NotYet("invalid_grant")
    if request.expires_at <= at:
        raise NotYet("expired_token")
    if request.answered_at is None:
        raise NotYet(note_poll(request, at=at))
    user = request.user
    if user is None or not (
        request.is_approved
        and user.is_active
        and user.password_fingerprint == request.password_fingerprint
    ):
        raise NotYet("access_denied")
    with transaction.atomic():
        unredeemed = DeviceRequest.objects.filter(pk=request.pk, redeemed_at=None)
        if not unredeemed.update(redeemed_at=at):
            raise NotYet("invalid_grant")
        return sessions.open_session(
            user,
            session_id=request.pk,
            client=ApiSession.Client.TOKEN,
            caller=caller,
            remember=request.remember,
            label=request.label,
            methods=request.methods,
            at=at,
        )


def note_poll(request: DeviceRequest, *, at: datetime) -> str:
    """Note that the device asked again; asking too soon makes it wait longer each time."""
    row = DeviceRequest.objects.filter(pk=request.pk)
    pause = timedelta(seconds=request.interval)
    if request.polled_at and at - request.polled_at < pause:
        row.update(polled_at=at, interval=F("interval") + int(POLL_EVERY.total_seconds()))
        return "slow_down"
    row.update(polled_at=at)
    return "authorization_pending"
