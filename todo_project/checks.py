"""What `manage.py check` knows of this project's settings."""

import sqlite3
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

OLDEST_SQLITE = (3, 35)


@register()
def check_shared_cache(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Refuse several web processes that would each count their limits by themselves."""
    cache = settings.CACHES["default"]["BACKEND"]
    if settings.WEB_PROCESSES > 1 and cache == "todo_project.cache.Own":
        return [
            Error(
                f"WEB_PROCESSES is {settings.WEB_PROCESSES}, and there is no shared cache.",
                hint="Set CACHE_URL to a Redis server, or WEB_PROCESSES to 1.",
                id="todo.E001",
            )
        ]
    return []


@register()
def check_version_of_sqlite(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Refuse an SQLite that does not tell what a statement wrote (its RETURNING)."""
    if settings.IS_SQLITE and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return [
            Error(
                f"This Python has SQLite {sqlite3.sqlite_version}.",
                hint="Use a Python with SQLite 3.35 (March 2021) or newer, or PostgreSQL.",
                id="todo.E002",
            )
        ]
    return []


@register()
def check_origin_is_reachable(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Warn when the server listens to the network, and links still lead to this machine."""
    if not settings.IS_LOOPBACK_HOST and settings.PUBLIC_HOST in settings.LOOPBACK_HOSTS:
        return [
            Warning(
                f"HOST is {settings.HOST}, and PUBLIC_URL is {settings.PUBLIC_ORIGIN}.",
                hint="Set PUBLIC_URL to the address that people open.",
                id="todo.W001",
            )
        ]
    return []
