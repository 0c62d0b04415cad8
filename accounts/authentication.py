"""Signing in to the API: a bearer token of a live session, and nothing else."""

from __future__ import annotations

from contextlib import suppress

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError

from accounts import sessions
from accounts.models import ApiSession, User
from accounts.repetition import allow_again
from accounts.tokens import AccessToken

CHALLENGE = 'Bearer realm="api"'
INVALID_TOKEN = f'{CHALLENGE}, error="invalid_token"'
NOT_VALID = _("Could not validate credentials")
EXPIRED = _("Expired Access Token")


class SessionTokenAuthentication(JWTAuthentication):
    """Load the session and its user in one query; `request.auth` is the session.

    What has ended, expired or changed since is refused at once, whatever the token says.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiSession] | None:  # type: ignore[override]
        header = request.headers.get("Authorization", "")
        if not header.strip():
            return None
        session = self.find_session(header)
        allow_again(request._request)
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return INVALID_TOKEN if request.headers.get("Authorization", "").strip() else CHALLENGE

    def find_session(self, header: str) -> ApiSession:
        """The live session of the token in `header`. Raises AuthenticationFailed."""
        at = timezone.now()
        try:
            token = AccessToken(bearer_token(header), at=at)
        except ExpiredTokenError:
            raise exceptions.AuthenticationFailed(EXPIRED) from None
        except TokenError:
            raise exceptions.AuthenticationFailed(NOT_VALID) from None
        session = sessions.find_session(token.session_id, token.user_id)
        if session is None or not sessions.is_live(session, at=at):
            raise exceptions.AuthenticationFailed(NOT_VALID)
        # A full disk is no reason to refuse to read; the next request notes it.
        with suppress(OperationalError):
            sessions.confirm_generation(session, generation=token.generation, at=at)
        return session


def bearer_token(header: str) -> str:
    """The token in an Authorization header, or "" where it holds anything else."""
    scheme, _space, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = SessionTokenAuthentication
    name = "bearerAuth"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
