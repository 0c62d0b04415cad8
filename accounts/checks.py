"""What `manage.py check` knows of sessions and tokens: every way to misconfigure them, by id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.settings import api_settings

SHORTEST_KEY = 32
OURS = "accounts.authentication.SessionTokenAuthentication"
Configs = Sequence[AppConfig] | None


@register(Tags.security)
def check_keys(app_configs: Configs = None, **kwargs: object) -> list[CheckMessage]:
    """Keys that can be guessed, or that undo the separation of access and refresh tokens."""
    messages: list[CheckMessage] = []
    for name in ("SECRET_KEY", "REFRESH_SECRET_KEY"):
        secrets = [getattr(settings, name), *getattr(settings, f"{name}_FALLBACKS")]
        if any(len(secret) < SHORTEST_KEY for secret in secrets):
            messages.append(
                Error(
                    f"A secret of {name} or {name}_FALLBACKS has under {SHORTEST_KEY} characters.",
                    hint="Use at least 32 random characters; manage.py setup makes such a secret.",
                    id="accounts.E001",
                )
            )
    if settings.REFRESH_SECRET_KEY == settings.SECRET_KEY and settings.HAS_REFRESH_SECRET_KEY:
        messages.append(
            Error(
                "REFRESH_SECRET_KEY equals SECRET_KEY.",
                hint="Give it a secret of its own, or leave it unset.",
                id="accounts.E002",
            )
        )
    return messages


@register(Tags.security)
def check_blacklist(app_configs: Configs = None, **kwargs: object) -> list[CheckMessage]:
    """simplejwt's list of tokens, which keeps usable refresh tokens in clear text."""
    if apps.is_installed("rest_framework_simplejwt.token_blacklist"):
        return [
            Error(
                "rest_framework_simplejwt.token_blacklist is installed.",
                hint="Take it away: a session's row already says which token is current.",
                id="accounts.E003",
            )
        ]
    return []


@register(Tags.security)
def check_authentication(app_configs: Configs = None, **kwargs: object) -> list[CheckMessage]:
    """A way into the API beside bearer tokens, in the settings or on a view."""
    ways: list[Sequence[Any]] = [api_settings.DEFAULT_AUTHENTICATION_CLASSES]
    ways += classes_of_views()
    others = {f"{each.__module__}.{each.__qualname__}" for way in ways for each in way} - {OURS}
    return [
        Error(
            f"The API can be entered by {name}.",
            hint=f"Only {OURS} ends sessions at once.",
            id="accounts.E004",
        )
        for name in sorted(others)
    ]


def classes_of_views(patterns: Any = None) -> Iterator[Sequence[type[Any]]]:
    """The authentication classes of every API view in the URLconf."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from classes_of_views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", None)
            own = getattr(pattern.callback, "initkwargs", {})
            if view is not None:
                yield own.get("authentication_classes", view.authentication_classes)


@register(Tags.security)
def check_cors(app_configs: Configs = None, **kwargs: object) -> list[CheckMessage]:
    """Pages of everybody that could use the API with a person's cookies."""
    is_wide_open = getattr(settings, "CORS_ALLOW_ALL_ORIGINS", False) or "*" in getattr(
        settings, "CORS_ALLOWED_ORIGIN_REGEXES", ()
    )
    if is_wide_open and getattr(settings, "CORS_ALLOW_CREDENTIALS", False):
        return [
            Error(
                "CORS lets every origin in, with credentials.",
                hint="Name the origins in CORS_ALLOWED_ORIGINS.",
                id="accounts.E005",
            )
        ]
    return []


@register(Tags.database)
def check_atomic_requests(app_configs: Configs = None, **kwargs: object) -> list[CheckMessage]:
    """A transaction around each request, which would roll back what a refusal writes down."""
    return [
        Error(
            f"ATOMIC_REQUESTS is on for the database {alias!r}.",
            hint="Turn it off: a refused token ends its session, and that must stay.",
            id="accounts.E006",
        )
        for alias, config in settings.DATABASES.items()
        if config.get("ATOMIC_REQUESTS")
    ]


@register(Tags.security)
def check_lifetimes(app_configs: Configs = None, **kwargs: object) -> list[CheckMessage]:
    """Access tokens that live so long that a stolen one is worth stealing."""
    if settings.ACCESS_TOKEN_LIFETIME.total_seconds() > 3600:
        return [
            Warning(
                "ACCESS_TOKEN_EXPIRE_MINUTES is over an hour.",
                hint="Five minutes are enough: clients get new ones unseen.",
                id="accounts.W001",
            )
        ]
    return []
