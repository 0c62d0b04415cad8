"""The cookie that keeps the newest refresh token for a browser client (docs/tokens.md)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.exceptions import TokenError

from accounts.models import ApiSession
from accounts.tokens import NamingToken, RefreshToken


def cookie_name() -> str:
    return "__Host-refresh" if settings.IS_HTTPS else "refresh"


def is_own_origin(request: Request | HttpRequest) -> bool:
    """Whether a page of ours sent this request, as only a browser can tell."""
    own = {settings.PUBLIC_ORIGIN, f"{request.scheme}://{request.get_host()}"}
    return request.headers.get("Origin") in own


def cookie_token(request: Request, *, at: datetime) -> NamingToken | None:
    """The refresh token in the cookie, however old, or None where there is none of ours."""
    try:
        return NamingToken(request.COOKIES.get(cookie_name(), ""), at=at)
    except TokenError:
        return None


def set_cookie(response: Response, session: ApiSession, *, at: datetime) -> None:
    """Give the browser the present token; it forgets it when closed, unless asked to remember."""
    lasting = int((session.expires_at - at).total_seconds()) if session.remember else None
    response.set_cookie(
        cookie_name(),
        str(RefreshToken.of(session, at=at)),
        max_age=lasting,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Strict",
    )


def delete_cookie(response: Response) -> None:
    """Set it empty with all its attributes: browsers ignore a __Host- cookie without Secure."""
    response.set_cookie(
        cookie_name(),
        "",
        max_age=0,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Strict",
    )
