"""The tokens of an API session: simplejwt's classes with keys, claims and bounds of our own."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar

import jwt
from django.conf import settings
from django.utils import timezone
from rest_framework_simplejwt import tokens as simplejwt
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenBackendError, TokenError

from accounts.models import ApiSession, User

ISSUER = "todo"
LONGEST_TOKEN = 4096
LEEWAY = timedelta(seconds=30)
LARGEST = 2**63 - 1
THREE_PARTS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


@dataclass(frozen=True)
class Key:
    """One derived key, which signs with one algorithm and is named by both."""

    algorithm: str
    secret: bytes

    @property
    def kid(self) -> str:
        return hashlib.sha256(self.algorithm.encode() + self.secret).hexdigest()[:8]


def derive_key(secret: str, info: str) -> bytes:
    """64 bytes from `secret` for one purpose: HKDF with SHA-256 (RFC 5869), without salt."""
    pseudorandom = hmac.digest(bytes(32), secret.encode(), "sha256")
    first = hmac.digest(pseudorandom, info.encode() + b"\x01", "sha256")
    return first + hmac.digest(pseudorandom, first + info.encode() + b"\x02", "sha256")


@cache
def key_ring(info: str, algorithm: str, secrets: tuple[str, ...]) -> dict[str, Key]:
    """The keys of one purpose by their names; the first one signs, the others only verify."""
    keys = [Key(algorithm, derive_key(secret, info)) for secret in secrets]
    return {key.kid: key for key in keys}


def access_keys() -> dict[str, Key]:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return key_ring("todo access v1", settings.ALGORITHM, secrets)


def refresh_keys() -> dict[str, Key]:
    secrets = (settings.REFRESH_SECRET_KEY, *settings.REFRESH_SECRET_KEY_FALLBACKS)
    return key_ring("todo refresh v1", settings.ALGORITHM, secrets)


def mfa_keys() -> dict[str, Key]:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return key_ring("todo mfa v1", settings.ALGORITHM, secrets)


class KeyRingBackend(TokenBackend):
    """Sign with the first key of a ring; verify with the one that the header names.

    The header must be ours to the byte: an unknown member may change what a token means.
    """

    def __init__(self, keys: Iterable[Key], typ: str) -> None:
        super().__init__(settings.ALGORITHM, leeway=LEEWAY)
        self.jws = jwt.PyJWS()
        self.keys = {self.sign(b"", key, typ).partition(".")[0]: key for key in keys}
        self.typ = typ

    def sign(self, payload: bytes, key: Key, typ: str) -> str:
        headers = {"typ": typ, "kid": key.kid}
        return self.jws.encode(payload, key.secret, algorithm=key.algorithm, headers=headers)

    def encode(self, payload: dict[str, Any]) -> str:
        key = next(iter(self.keys.values()))
        return self.sign(json.dumps(payload, separators=(",", ":")).encode(), key, self.typ)

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """The claims, their signature checked. Raises TokenBackendError."""
        text = token.decode("latin-1") if isinstance(token, bytes) else token
        if not (
            isinstance(text, str) and len(text) <= LONGEST_TOKEN and THREE_PARTS.fullmatch(text)
        ):
            raise TokenBackendError("This is no token.")
        key = self.keys.get(text.partition(".")[0])
        if key is None:
            raise TokenBackendError("This token is not ours.")
        try:
            claims = json.loads(self.jws.decode(text, key.secret, algorithms=[key.algorithm]))
        except (jwt.InvalidTokenError, ValueError, RecursionError) as problem:
            raise TokenBackendError("This token is not ours.") from problem
        if not isinstance(claims, dict):
            raise TokenBackendError("This token is not ours.")
        return claims


@cache
def backend(typ: str, keys: tuple[Key, ...]) -> KeyRingBackend:
    return KeyRingBackend(keys, typ)


class SessionToken(simplejwt.Token):
    """A token of one generation of one session, read or made at a given time."""

    lifetime = timedelta(0)
    audience: ClassVar[str]

    def __init__(
        self, token: Any = None, verify: bool = True, *, at: datetime | None = None
    ) -> None:
        self.at = at or timezone.now()
        super().__init__(token, verify)

    @classmethod
    def of(cls, session: ApiSession, *, at: datetime) -> SessionToken:
        raise NotImplementedError

    def fill(self, session: ApiSession, *, jti: str, issued: int, expires: int) -> None:
        self.payload = {
            "iss": ISSUER,
            "aud": self.audience,
            "sub": str(session.user_id),
            "sid": str(session.pk),
            "gen": session.generation,
            "iat": issued,
            "exp": expires,
            "jti": jti,
            "token_type": self.token_type,
        }

    def verify(self) -> None:
        """Check every claim before anybody uses it. Raises TokenError, ExpiredTokenError."""
        self.verify_claims()
        self.check_exp()

    def verify_claims(self) -> None:
        claims = self.payload
        if not (
            claims.get("iss") == ISSUER
            and claims.get("aud") == self.audience
            and claims.get("token_type") == self.token_type
            and is_user_id(claims.get("sub"))
            and is_session_id(claims.get("sid"))
            and all(is_count(claims.get(name)) for name in ("gen", "iat", "exp"))
            and isinstance(claims.get("jti"), str)
            and self.is_due(claims["iat"])
            and self.is_due(claims.get("nbf", 0))
        ):
            raise TokenError("This token is not ours.")

    def is_due(self, moment: Any) -> bool:
        return is_count(moment) and moment <= (self.at + LEEWAY).timestamp()

    def check_exp(self, claim: str = "exp", current_time: datetime | None = None) -> None:
        if not self.is_fresh:
            raise ExpiredTokenError("This token has expired.")

    @property
    def is_fresh(self) -> bool:
        return bool(self["exp"] > (self.at - LEEWAY).timestamp())

    @property
    def user_id(self) -> int:
        return int(self["sub"])

    @property
    def session_id(self) -> uuid.UUID:
        return uuid.UUID(self["sid"])

    @property
    def generation(self) -> int:
        return int(self["gen"])

    @property
    def expires_in(self) -> int:
        return int(self["exp"] - self["iat"])


class AccessToken(SessionToken):
    token_type = "access"  # noqa: S105
    audience = "todo-api"

    @classmethod
    def of(cls, session: ApiSession, *, at: datetime) -> AccessToken:
        token = cls(at=at)
        expires = min(at + settings.ACCESS_TOKEN_LIFETIME, session.expires_at)
        token.fill(
            session,
            jti=uuid.uuid4().hex,
            issued=int(at.timestamp()),
            expires=int(expires.timestamp()),
        )
        return token

    def get_token_backend(self) -> KeyRingBackend:
        return backend("at+jwt", tuple(access_keys().values()))


class RefreshToken(SessionToken):
    """The same bytes for the same generation, so that a lost answer can be repeated."""

    token_type = "refresh"  # noqa: S105
    audience = "todo-refresh"

    @classmethod
    def of(cls, session: ApiSession, *, at: datetime) -> RefreshToken:
        token = cls(at=at)
        expires = min(session.rotated_at + settings.REFRESH_TOKEN_IDLE, session.expires_at)
        token.fill(
            session,
            jti=f"{session.pk.hex}.{session.generation}",
            issued=int(session.rotated_at.timestamp()),
            expires=int(expires.timestamp()),
        )
        return token

    def get_token_backend(self) -> KeyRingBackend:
        return backend("rt+jwt", tuple(refresh_keys().values()))


class NamingToken(RefreshToken):
    """A refresh token that may only name its session: whoever reads it asks `is_fresh` apart."""

    def check_exp(self, claim: str = "exp", current_time: datetime | None = None) -> None:
        pass


HALF_SIGN_IN_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True)
class HalfSignIn:
    """A sign-in whose password was right and whose code is still to come.

    Its id will be that of the session, so the primary key lets it succeed only once.
    """

    id: uuid.UUID
    user_id: int
    password_fingerprint: str
    route: str
    client: str
    remember: bool
    label: str

    @classmethod
    def of(cls, user: User, *, route: str, client: str, remember: bool, label: str) -> HalfSignIn:
        return cls(uuid.uuid4(), user.pk, user.password_fingerprint, route, client, remember, label)

    def is_for(self, user: User, *, route: str, client: str) -> bool:
        """Whether this is a sign-in of `user`, the same password still, at the same route."""
        return (self.user_id, self.password_fingerprint, self.route, self.client) == (
            user.pk,
            user.password_fingerprint,
            route,
            client,
        )

    def token(self, *, at: datetime) -> str:
        expires = int((at + HALF_SIGN_IN_LIFETIME).timestamp())
        return mfa_backend().encode({**asdict(self), "id": str(self.id), "exp": expires})

    @classmethod
    def read(cls, raw: str, *, at: datetime) -> HalfSignIn:
        """The sign-in that `raw` tells of. Raises TokenError."""
        try:
            claims = mfa_backend().decode(raw)
        except TokenBackendError as problem:
            raise TokenError("This token is not ours.") from problem
        names = [field.name for field in fields(cls)]
        if claims.keys() != {*names, "exp"} or not (
            is_count(claims["exp"])
            and is_count(claims["user_id"])
            and is_session_id(claims["id"])
            and claims["exp"] > at.timestamp()
        ):
            raise TokenError("This token is not ours, or it has expired.")
        return cls(**{name: claims[name] for name in names} | {"id": uuid.UUID(claims["id"])})


def mfa_backend() -> KeyRingBackend:
    return backend("mfa+jwt", tuple(mfa_keys().values()))


def is_count(value: Any) -> bool:
    """Whether `value` is a whole number (true is none) that a database can hold."""
    return type(value) is int and 0 <= value <= LARGEST


def is_user_id(value: Any) -> bool:
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) < 20
        and int(value) <= LARGEST
    )


def is_session_id(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value
    except ValueError:
        return False
