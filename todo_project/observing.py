"""What is known of a request once it is answered, for the log and the metrics."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts import trail
from accounts.middleware import page_session_id
from todo_project.logs import method_of, route_of

WELL_FORMED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
# Asked every few seconds by machines; of these and of static files only what fails is logged.
ASKED_ALL_THE_TIME = {"livez", "readyz", "metrics", "static"}

logger = logging.getLogger(__name__)


@dataclass
class Statements:
    """Counts the statements that a connection is asked."""

    number: int = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.number += 1
        return execute(*arguments)


class Observing:
    """Give each request an id, and write a line about it and count it when it is answered.

    The line tells the route, never the path: what people search for and the names of their tags
    are in paths and queries.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.count: Callable[..., None] | None = None
        if settings.METRICS_TOKEN:
            from todo_project import counting

            self.count = counting.count_request

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = id_of(request)
        # Not taken back at the end: Django and the server log of this request after this.
        trail.start(request=request_id)
        statements, began = Statements(), time.perf_counter()
        with connection.execute_wrapper(statements):
            response = self.get_response(request)
        seconds = time.perf_counter() - began
        response["X-Request-ID"] = request_id
        if logger.isEnabledFor(logging.INFO):
            log(request, response, seconds=seconds, statements=statements.number)
        if self.count:
            self.count(request, response, seconds=seconds, statements=statements.number)
        return response


def id_of(request: HttpRequest) -> str:
    """The id that our proxy gave the request, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and WELL_FORMED_ID.fullmatch(given):
        return given
    return secrets.token_hex(8)


def log(request: HttpRequest, response: HttpResponse, *, seconds: float, statements: int) -> None:
    route, status = route_of(request), response.status_code
    if route in ASKED_ALL_THE_TIME and status < 400:
        return
    method = method_of(request)
    milliseconds = round(seconds * 1000, 1)
    facts = {
        "method": method,
        "route": route,
        "status": status,
        "ms": milliseconds,
        "statements": statements,
        **person_of(request),
    }
    logger.info("%s %s: %d", method, route, status, extra={"facts": facts})


def person_of(request: HttpRequest) -> dict[str, Any]:
    """Whose request it was, as far as that was looked up: the numbers of account and session."""
    if api_session := getattr(request, "auth", None):
        return {"user": api_session.user_id, "session": str(api_session.pk)}
    user = getattr(request, "_cached_user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"user": user.pk, "session": str(page_session_id(request) or "")}
