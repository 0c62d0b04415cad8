"""Where a request comes from."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

USER_AGENT_MAX_LENGTH = 200


@dataclass(frozen=True)
class Caller:
    """The address and the program at the other end, as far as they can be known."""

    ip: str | None = None
    user_agent: str = ""


def caller_of(request: HttpRequest) -> Caller:
    try:
        ip = get_adapter().get_client_ip(request)
    except PermissionDenied:  # A server behind a Unix socket tells no address.
        ip = None
    text = "".join(
        character for character in request.headers.get("User-Agent", "") if character.isprintable()
    )
    return Caller(ip, text[:USER_AGENT_MAX_LENGTH].strip())
