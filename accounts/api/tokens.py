"""Signing in, refreshing and signing out over the API, for both families of clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import TokenError

from accounts import limits, sessions
from accounts.api.cookies import (
    cookie_name,
    cookie_token,
    delete_cookie,
    is_own_origin,
    set_cookie,
)
from accounts.api.serializers import (
    DetailSerializer,
    RefreshRequestSerializer,
    SignInSerializer,
    TokenAnswerSerializer,
    TokenErrorSerializer,
    TokenPairRequestSerializer,
    TokenPairSerializer,
    TokenSerializer,
)
from accounts.api.sign_in import CodeNeeded, TokenRefusal, sign_in
from accounts.authentication import (
    INVALID_TOKEN,
    NOT_VALID,
    SessionTokenAuthentication,
)
from accounts.callers import caller_of
from accounts.models import ApiSession, AuthEvent
from accounts.tokens import AccessToken, NamingToken, RefreshToken

Client = ApiSession.Client


def invalid_token() -> TokenRefusal:
    return TokenRefusal(401, "invalid_grant", NOT_VALID, challenge=INVALID_TOKEN)


class TokenRoute(APIView):
    """A public route that reads no Authorization header; its answers are never stored."""

    authentication_classes = []
    permission_classes = []

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class OAuthRoute(TokenRoute):
    """A token route whose errors also have the members `error` and `error_description`."""

    def handle_exception(self, problem: Exception) -> Response:
        response = super().handle_exception(problem)
        detail = response.data.get("detail", "")
        response.data = (
            problem.body
            if isinstance(problem, TokenRefusal)
            else {"error": "invalid_request", "error_description": detail, "detail": detail}
        )
        return response


def refuse_repeated(request: Request) -> None:
    """Raise TokenRefusal when a parameter is there twice (RFC 6749 section 3.2)."""
    if isinstance(request.data, QueryDict):
        for name, values in request.data.lists():
            if len(values) > 1:
                sentence = _("%(name)s is there twice.") % {"name": name}
                raise TokenRefusal(400, "invalid_request", sentence)


def answer(session: ApiSession, *, at: datetime, with_refresh: bool) -> Response:
    access = AccessToken.of(session, at=at)
    body = {
        "access_token": str(access),
        "token_type": "bearer",
        "expires_in": access.expires_in,
    }
    if with_refresh:
        body["refresh_token"] = str(RefreshToken.of(session, at=at))
    return Response(body)


class Login(OAuthRoute):
    @extend_schema(
        operation_id="login",
        tags=["sign-in"],
        request=SignInSerializer,
        responses={
            200: TokenAnswerSerializer,
            401: TokenErrorSerializer,
            422: TokenErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Sign in with e-mail address and password, and get an access and a refresh token."""
        at, is_browser = timezone.now(), is_own_origin(request)
        session = sign_in(
            request,
            self.sent(request),
            SignInSerializer,
            route="login",
            client=Client.BROWSER if is_browser else Client.TOKEN,
            status=422,
            at=at,
        )
        response = answer(session, at=at, with_refresh=True)
        if is_browser:
            if old := cookie_token(request, at=at):
                sessions.replace_session(old.session_id, at=at)
            set_cookie(response, session, at=at)
        return response

    def sent(self, request: Request) -> dict[str, Any] | QueryDict:
        refuse_repeated(request)
        data = dict(request.data.items())
        data.setdefault("username", data.get("email"))
        return as_sent(request, data)


def as_sent(request: Request, data: dict[str, Any]) -> dict[str, Any] | QueryDict:
    """`data` as a form where `request` was one, because fields read forms more kindly."""
    if not isinstance(request.data, QueryDict):
        return data
    form = QueryDict(mutable=True)
    form.update({name: value for name, value in data.items() if value is not None})
    return form


def sign_out_by_cookie(request: Request, *, at: datetime) -> None:
    """End the browser session that the cookie names, in whatever state it is."""
    token = cookie_token(request, at=at)
    session = token and sessions.find_session(token.session_id, token.user_id)
    if session and session.client == Client.BROWSER:
        sessions.end_session(
            session,
            reason="signed_out",
            kind=AuthEvent.Kind.SIGNED_OUT,
            caller=caller_of(request._request),
            at=at,
        )


class Refresh(OAuthRoute):
    @extend_schema(
        operation_id="refresh",
        tags=["sign-in"],
        request=RefreshRequestSerializer,
        responses={200: TokenAnswerSerializer, 401: TokenErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Get new tokens for a refresh token. A browser's newest one is in its cookie."""
        refuse_repeated(request)
        at = timezone.now()
        member = next((name for name in ("refresh_token", "refresh") if name in request.data), None)
        if member is None:
            session = self.refresh_by_cookie(request, at=at)
        elif is_token_like(request.data[member]):
            session = refresh_by_body(request, request.data[member], at=at, reads_cookie=True)
        else:
            return self.sign_out_forgetful(request, at=at)
        is_browser = session.client == Client.BROWSER
        response = answer(session, at=at, with_refresh=not is_browser)
        if is_browser:
            set_cookie(response, session, at=at)
        return response

    def refresh_by_cookie(self, request: Request, *, at: datetime) -> ApiSession:
        """The cookie alone counts from our own pages, and never beside a form."""
        token = cookie_token(request, at=at)
        is_form = isinstance(request.data, QueryDict) and bool(request.data)
        if token is None or is_form or not is_own_origin(request):
            raise TokenRefusal(401, "invalid_request", NOT_VALID)
        session = sessions.find_session(token.session_id, token.user_id)
        if session is None or session.client != Client.BROWSER:
            raise invalid_token()
        return move_on(session, token, request, at=at)

    def sign_out_forgetful(self, request: Request, *, at: datetime) -> Response:
        """Answer a client that has forgotten its token: with us that is how it signs out."""
        response = self.handle_exception(TokenRefusal(401, "invalid_request", NOT_VALID))
        if is_own_origin(request):
            sign_out_by_cookie(request, at=at)
            delete_cookie(response)
        return response


def is_token_like(value: Any) -> bool:
    return isinstance(value, str) and value.strip() not in {"", "null", "undefined"}


def refresh_by_body(request: Request, raw: str, *, at: datetime, reads_cookie: bool) -> ApiSession:
    """Refresh the session that the token `raw` belongs to.

    A browser's session goes on only with its cookie, which then is the token that counts.
    """
    try:
        token = NamingToken(raw, at=at)
    except TokenError:
        raise invalid_token() from None
    session = sessions.find_session(token.session_id, token.user_id)
    if session is None:
        raise invalid_token()
    if session.client == Client.BROWSER:
        kept = cookie_token(request, at=at) if reads_cookie else None
        if kept is None:
            sessions.end_without_cookie(session, caller=caller_of(request._request), at=at)
        if kept is None or kept.session_id != session.pk:
            raise invalid_token()
        token = kept
    return move_on(session, token, request, at=at)


def move_on(
    session: ApiSession, token: NamingToken, request: Request, *, at: datetime
) -> ApiSession:
    if not token.is_fresh:
        raise invalid_token()
    limits.REFRESHES.use(session.pk, at=at)
    try:
        return sessions.refresh_session(
            session, generation=token.generation, caller=caller_of(request._request), at=at
        )
    except sessions.SessionRefused:
        raise invalid_token() from None


class Logout(TokenRoute):
    @extend_schema(
        operation_id="logout",
        tags=["sign-in"],
        request=None,
        auth=[{"bearerAuth": []}, {}],
        responses={204: OpenApiResponse(description="Signed out."), 401: DetailSerializer},
    )
    def post(self, request: Request) -> Response:
        """End the session of the access token and, from our own pages, that of the cookie."""
        at = timezone.now()
        has_cookie = is_own_origin(request) and cookie_name() in request.COOKIES
        try:
            self.end_session_of_token(request, at=at)
        except TokenRefusal:
            if not has_cookie:
                raise
        response = Response(status=204)
        if has_cookie:
            sign_out_by_cookie(request, at=at)
            delete_cookie(response)
        return response

    def end_session_of_token(self, request: Request, *, at: datetime) -> None:
        header = request.headers.get("Authorization", "")
        if not header.strip():
            raise TokenRefusal(401, "invalid_request", NOT_VALID)
        try:
            session = SessionTokenAuthentication().find_session(header)
        except exceptions.AuthenticationFailed as problem:
            raise TokenRefusal(
                401, "invalid_token", problem.detail, challenge=INVALID_TOKEN
            ) from None
        sessions.end_session(
            session,
            reason="signed_out",
            kind=AuthEvent.Kind.SIGNED_OUT,
            caller=caller_of(request._request),
            at=at,
        )


class TokenPair(TokenRoute):
    @extend_schema(
        operation_id="token",
        tags=["simplejwt"],
        request=TokenPairRequestSerializer,
        responses={200: TokenPairSerializer, 401: DetailSerializer},
    )
    def post(self, request: Request) -> Response:
        """Sign in as clients of simplejwt do."""
        at = timezone.now()
        if not request.data.get("mfa_token"):
            validated(TokenPairRequestSerializer, request)
        refuse_repeated(request)
        session = sign_in(
            request,
            request.data,
            TokenPairRequestSerializer,
            route="token",
            client=Client.TOKEN,
            at=at,
        )
        return pair(session, at=at)

    def handle_exception(self, problem: Exception) -> Response:
        response = super().handle_exception(problem)
        if isinstance(problem, CodeNeeded):
            response.data = problem.body
        return response


class TokenPairRefresh(TokenRoute):
    @extend_schema(
        operation_id="token_refresh",
        tags=["simplejwt"],
        request=TokenPairSerializer,
        responses={200: TokenPairSerializer, 401: DetailSerializer},
    )
    def post(self, request: Request) -> Response:
        """Refresh as clients of simplejwt do."""
        at = timezone.now()
        raw = validated(TokenPairSerializer, request)["refresh"]
        return pair(refresh_by_body(request, raw, at=at, reads_cookie=False), at=at)


class TokenVerify(TokenRoute):
    @extend_schema(
        operation_id="token_verify",
        tags=["simplejwt"],
        request=TokenSerializer,
        responses={
            200: OpenApiResponse(description="The token is good."),
            401: DetailSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Say whether a token, of either kind, would be taken now."""
        at = timezone.now()
        raw = validated(TokenSerializer, request)["token"]
        for kind in (AccessToken, RefreshToken):
            try:
                token = kind(raw, at=at)
            except TokenError:
                continue
            session = sessions.find_session(token.session_id, token.user_id)
            if session and sessions.is_live(session, at=at):
                return Response({})
        raise invalid_token()


def validated(serializer_class: type[serializers.Serializer[Any]], request: Request) -> Any:
    refuse_repeated(request)
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def pair(session: ApiSession, *, at: datetime) -> Response:
    return Response(
        {
            "access": str(AccessToken.of(session, at=at)),
            "refresh": str(RefreshToken.of(session, at=at)),
        }
    )
