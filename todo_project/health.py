"""What a load balancer or a person on call asks: does it live, and can it take requests?"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.background import longest_wait
from accounts.processes import ending

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=5)


class NotReady(Exception):
    """Says in a few words what is missing."""


@require_safe
@never_cache
@login_not_required
def livez(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process does; the database is not asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything a request needs is there, else 503, with one line for each part."""
    parts = {name: state_of(check) for name, check in CHECKS.items()}
    is_ready = set(parts.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", "checks": parts},
        status=200 if is_ready else 503,
    )


def state_of(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except Exception as problem:
        logger.warning("Not ready: %s", type(problem).__qualname__)
        return "does not answer"
    return "ok"


def check_server() -> None:
    if ending.is_set():
        raise NotReady("ending")


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    if not migrations_are_applied():
        migrations_are_applied.cache_clear()
        raise NotReady("pending: run manage.py migrate")


@cache
def migrations_are_applied() -> bool:
    """Whether the tables are as this code needs them; once they are, they stay so."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def check_cache() -> None:
    value = uuid.uuid4().hex
    caches["default"].set("readyz", value, timeout=10)
    if caches["default"].get("readyz") is None:
        raise NotReady("forgets what it is given")
    if getattr(caches["default"], "is_away", False):
        raise NotReady("does not answer: each process counts by itself")


def check_jobs() -> None:
    """Fail when a job has waited so long that no worker can be running."""
    at = timezone.now()
    waiting = longest_wait(at=at)
    if waiting > LONGEST_WAIT:
        raise NotReady(f"waiting for {waiting.total_seconds():.0f} s: is the worker running?")


CHECKS = {
    "server": check_server,
    "database": check_database,
    "migrations": check_migrations,
    "cache": check_cache,
    "jobs": check_jobs,
}
