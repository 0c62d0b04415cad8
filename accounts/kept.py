"""What the server keeps about a person, beside what is theirs to write; no secret of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import F

from accounts.models import ApiSession, AuthEvent, DeviceRequest, User

Rows = Iterable[dict[str, Any]]


def kept_about(user: User) -> dict[str, Rows]:
    """The rows about `user` by what they are. Neither a password, a key nor a token is told."""
    programs = ApiSession.objects.filter(user=user).order_by("created_at")
    pages = UserSession.objects.filter(user=user).order_by("created_at")
    events = AuthEvent.objects.filter(user=user).order_by("pk")
    asked = DeviceRequest.objects.filter(user=user).order_by("created_at")
    return {
        "account": User.objects.filter(pk=user.pk).values(
            "id", "email", "created_at", "last_login", "is_active", "is_staff", "is_superuser"
        ),
        "addresses": EmailAddress.objects.filter(user=user).values("email", "verified", "primary"),
        "second_factors": Authenticator.objects.filter(user=user).values(
            "type", "created_at", "last_used_at"
        ),
        "programs": programs.values(
            *("id", "client", "label", "ip", "user_agent", "created_at", "last_used_at"),
            *("expires_at", "revoked_at", "revoked_reason", "remember", "authenticated_at"),
            *("methods",),
        ),
        "pages": pages.values(
            *("ip", "user_agent", "created_at", "last_seen_at"),
            session=F("page_session__id"),
            label=F("page_session__label"),
        ),
        "devices_let_in": asked.values("label", "ip", "user_agent", "created_at", "is_approved"),
        "security_events": events.values(
            "at", "kind", "client", "session", "count", "ip", "user_agent"
        ).iterator(chunk_size=1000),
    }
