"""Signing in with a password and, where the account has one, a second factor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework_simplejwt.exceptions import TokenError

from accounts import factors, sessions
from accounts.api.serializers import SecondFactorSerializer
from accounts.authentication import CHALLENGE, NOT_VALID
from accounts.callers import caller_of
from accounts.models import ApiSession, User
from accounts.tokens import HalfSignIn
from accounts.validators import PASSWORD_MAX_LENGTH

WRONG = _("Incorrect email or password")
WRONG_CODE = _("That code is not right, or it was used before.")
CODE_NEEDED = _("Enter a code of your authenticator app, or a recovery code.")
NOT_CONFIRMED = _("Confirm your e-mail address first: follow the link in the mail we sent.")


class TokenRefusal(exceptions.APIException):
    """A refusal of a sign-in or token route, in the words of RFC 6749 section 5.2."""

    def __init__(
        self, status: int, error: str, sentence: Any, *, challenge: str = CHALLENGE
    ) -> None:
        super().__init__(sentence)
        self.status_code = status
        self.error = error
        self.auth_header = challenge if status == 401 else None

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.error, "error_description": self.detail, "detail": self.detail}


class CodeNeeded(TokenRefusal):
    """The password was right; `mfa_token` and a code will finish the sign-in."""

    def __init__(self, mfa_token: str) -> None:
        super().__init__(401, "mfa_required", CODE_NEEDED)
        self.mfa_token = mfa_token

    @property
    def body(self) -> dict[str, Any]:
        return {**super().body, "mfa_token": self.mfa_token}


def read(
    serializer_class: type[serializers.Serializer[Any]],
    data: dict[str, Any] | QueryDict,
    *,
    status: int = 400,
) -> dict[str, Any]:
    """The members of `data`. Raises TokenRefusal naming the first that is not right."""
    serializer = serializer_class(data=data)
    if not serializer.is_valid():
        name, sentences = next(iter(serializer.errors.items()))
        raise TokenRefusal(status, "invalid_request", f"{name}: {sentences[0]}")
    return serializer.validated_data


def sign_in(
    request: Request,
    data: dict[str, Any] | QueryDict,
    serializer_class: type[serializers.Serializer[Any]],
    *,
    route: str,
    client: str,
    status: int = 400,
    at: datetime,
) -> ApiSession:
    """Open a session for a password, or for the `mfa_token` that one brought, and a code.

    `status` is that of a missing member. Raises TokenRefusal, and LimitReached after too many.
    """
    if data.get("mfa_token"):
        sent = read(SecondFactorSerializer, data, status=status)
        return finish(request, sent["mfa_token"], sent["otp"], route=route, client=client, at=at)
    sent = read(serializer_class, data, status=status)
    user = authenticate(request, email=sent["username"], password=sent["password"])
    half = HalfSignIn.of(
        user, route=route, client=client, remember=sent["remember"], label=sent["label"]
    )
    found = factors.factors_of(user)
    if found and not sent["otp"]:
        raise CodeNeeded(half.token(at=at))
    methods = ["password"]
    if found:
        methods.append(code_method(request, user, found, sent["otp"], at=at))
    return open_session(request, user, half, methods, at=at)


def finish(
    request: Request, raw: str, code: str, *, route: str, client: str, at: datetime
) -> ApiSession:
    """Open the session of a sign-in whose password was right before. It opens one only."""
    try:
        half = HalfSignIn.read(raw, at=at)
    except TokenError:
        raise refused() from None
    user = User.objects.filter(pk=half.user_id, is_active=True).first()
    if user is None or not half.is_for(user, route=route, client=client):
        raise refused()
    if ApiSession.objects.filter(pk=half.id).exists():
        raise refused()
    method = code_method(request, user, factors.factors_of(user), code, at=at)
    try:
        return open_session(request, user, half, ["password", method], at=at)
    except IntegrityError:  # Somebody else was faster with the same token.
        raise refused() from None


def refused() -> TokenRefusal:
    return TokenRefusal(401, "invalid_grant", NOT_VALID)


def code_method(request: Request, user: User, found: list[Any], code: str, *, at: datetime) -> str:
    try:
        return factors.use_code(user, found, code, caller=caller_of(request._request), at=at).type
    except factors.WrongCode:
        raise TokenRefusal(401, "invalid_grant", WRONG_CODE) from None


def open_session(
    request: Request, user: User, half: HalfSignIn, methods: list[str], *, at: datetime
) -> ApiSession:
    return sessions.open_session(
        user,
        session_id=half.id,
        client=half.client,
        caller=caller_of(request._request),
        remember=half.remember,
        label=half.label,
        methods=methods,
        at=at,
    )


def authenticate(request: Request, *, email: str, password: str) -> User:
    """Who `email` and `password` belong to. Raises TokenRefusal, with one answer for all errors."""
    user = None
    if len(password) <= PASSWORD_MAX_LENGTH:
        user = get_adapter().authenticate(request._request, email=email, password=password)
    if user is None or not user.is_active:
        raise TokenRefusal(401, "invalid_grant", WRONG)
    if settings.REQUIRE_CONFIRMED_EMAIL and not has_confirmed_address(user):
        raise TokenRefusal(401, "email_not_confirmed", NOT_CONFIRMED)
    return user


def has_confirmed_address(user: User) -> bool:
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
