"""Where a request comes from."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.actor import Caller

USER_AGENT_MAX_LENGTH = 200


def caller_of(request: HttpRequest) -> Caller:
    try:
        ip = get_adapter().get_client_ip(request)
    except PermissionDenied:  # A server behind a Unix socket tells no address.
        ip = None
    text = "".join(
        character for character in request.headers.get("User-Agent", "") if character.isprintable()
    )
    return Caller(ip, text[:USER_AGENT_MAX_LENGTH].strip())
