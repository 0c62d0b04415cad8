"""The routes of ordinary OAuth 2 clients: forms in, and errors as RFC 6749 section 5.2 has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.exceptions import TokenError

from accounts import device_grant, sessions
from accounts.api.forms import FormParser, MultiPartParser
from accounts.api.serializers import (
    DeviceAnswerSerializer,
    DeviceGrantSerializer,
    DeviceRequestSerializer,
    GrantSerializer,
    IntrospectionSerializer,
    RefreshGrantSerializer,
    SignInSerializer,
    TokenAnswerSerializer,
    TokenErrorSerializer,
    TokenSerializer,
)
from accounts.api.sign_in import TokenRefusal, read, sign_in
from accounts.api.tokens import (
    Client,
    OAuthRoute,
    answer,
    refresh_by_body,
    refuse_repeated,
)
from accounts.authentication import NOT_VALID, SessionTokenAuthentication
from accounts.callers import caller_of
from accounts.models import ApiSession, AuthEvent
from accounts.tokens import AccessToken, NamingToken, RefreshToken, SessionToken

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
WHY_NOT_YET = {
    "authorization_pending": _("Nobody has entered the code yet."),
    "slow_down": _("Ask less often: wait five seconds longer each time."),
    "expired_token": _("The code has expired."),
    "access_denied": _("The person said no."),
    "invalid_grant": NOT_VALID,
}
NOT_TAKEN = _("This server does not take that grant.")


def sent(serializer_class: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The parameters of `request`, each once. Raises TokenRefusal."""
    refuse_repeated(request)
    return read(serializer_class, request.data)


class FormRoute(OAuthRoute):
    """A route that takes forms. Who the client says it is, in a header or a form, is ignored."""

    parser_classes = [FormParser, MultiPartParser]


class Token(FormRoute):
    @extend_schema(
        operation_id="auth_token",
        tags=["OAuth 2"],
        request=GrantSerializer,
        responses={200: TokenAnswerSerializer, 400: TokenErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Get an access and a refresh token for a grant (RFC 6749)."""
        at, grant_type = timezone.now(), sent(GrantSerializer, request)["grant_type"]
        grant = self.grants().get(grant_type)
        if grant is None:
            raise TokenRefusal(400, "unsupported_grant_type", NOT_TAKEN)
        return answer(grant(request, at), at=at, with_refresh=True)

    def grants(self) -> dict[str, Callable[[Request, datetime], ApiSession]]:
        grants = {"refresh_token": refresh_grant, DEVICE_GRANT: device_code_grant}
        if settings.PASSWORD_GRANT:
            grants["password"] = password_grant
        return grants

    def handle_exception(self, problem: Exception) -> Response:
        """Refuse with 400, also where other routes say 401: no client authenticates here."""
        if isinstance(problem, TokenRefusal):
            problem.status_code, problem.auth_header = 400, None
        return super().handle_exception(problem)


def password_grant(request: Request, at: datetime) -> ApiSession:
    return sign_in(
        request, request.data, SignInSerializer, route="auth/token", client=Client.TOKEN, at=at
    )


def refresh_grant(request: Request, at: datetime) -> ApiSession:
    raw = sent(RefreshGrantSerializer, request)["refresh_token"]
    return refresh_by_body(request, raw, at=at, reads_cookie=False)


def device_code_grant(request: Request, at: datetime) -> ApiSession:
    code = sent(DeviceGrantSerializer, request)["device_code"]
    try:
        return device_grant.redeem(code, caller=caller_of(request._request), at=at)
    except device_grant.NotYet as problem:
        raise TokenRefusal(400, problem.error, WHY_NOT_YET[problem.error]) from None


class Device(FormRoute):
    @extend_schema(
        operation_id="auth_device",
        tags=["OAuth 2"],
        request=DeviceRequestSerializer,
        responses={200: DeviceAnswerSerializer, 400: TokenErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask to be let in by a code that a person enters on their devices page (RFC 8628)."""
        data = sent(DeviceRequestSerializer, request)
        waiting, device_code, user_code = device_grant.ask(
            **data, caller=caller_of(request._request), at=timezone.now()
        )
        page = settings.PUBLIC_ORIGIN + reverse("accounts:let-in")
        return Response(
            {
                "device_code": device_code,
                "user_code": user_code,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?user_code={user_code}",
                "expires_in": int(device_grant.LIFETIME.total_seconds()),
                "interval": waiting.interval,
            }
        )


class Revoke(FormRoute):
    @extend_schema(
        operation_id="auth_revoke",
        tags=["OAuth 2"],
        request=TokenSerializer,
        responses={
            200: OpenApiResponse(description="The token is good for nothing now."),
            400: TokenErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """End the session of a token of either kind, however old (RFC 7009)."""
        at, raw = timezone.now(), sent(TokenSerializer, request)["token"]
        token = token_in(raw, AccessToken, NamingToken, at=at)
        session = token and sessions.find_session(token.session_id, token.user_id)
        if session:
            sessions.end_session(
                session,
                reason="signed_out",
                kind=AuthEvent.Kind.SIGNED_OUT,
                caller=caller_of(request._request),
                at=at,
            )
        return Response()


class Introspect(FormRoute):
    authentication_classes = [SessionTokenAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="auth_introspect",
        tags=["OAuth 2"],
        request=TokenSerializer,
        responses={
            200: IntrospectionSerializer,
            400: TokenErrorSerializer,
            401: TokenErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Tell what a token is good for (RFC 7662): one of your own, or any to staff."""
        at, raw = timezone.now(), sent(TokenSerializer, request)["token"]
        token = token_in(raw, AccessToken, RefreshToken, at=at)
        if token is None or not (token.user_id == request.user.pk or request.user.is_staff):
            return Response({"active": False})
        session = sessions.find_session(token.session_id, token.user_id)
        if session is None or not is_active(token, session, at=at):
            return Response({"active": False})
        return Response(
            {
                "active": True,
                "token_type": token.token_type,
                "username": session.user.email,
                **{name: token[name] for name in ("iss", "aud", "sub", "sid", "jti", "iat", "exp")},
            }
        )

    def handle_exception(self, problem: Exception) -> Response:
        response = super().handle_exception(problem)
        if isinstance(problem, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            response.data["error"] = "invalid_token"
        return response


def token_in(raw: str, *kinds: type[SessionToken], at: datetime) -> SessionToken | None:
    """The token that `raw` is, of one of `kinds`, or None."""
    for kind in kinds:
        try:
            return kind(raw, at=at)
        except TokenError:
            continue
    return None


def is_active(token: SessionToken, session: ApiSession, *, at: datetime) -> bool:
    """Whether `token` would be taken now: a refresh token only when it is the latest."""
    is_latest = isinstance(token, AccessToken) or token.generation == session.generation
    return is_latest and sessions.is_live(session, at=at)
