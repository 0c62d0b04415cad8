"""Who is at the other end of a page: their name for operations, their time zone, their activity."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from django_htmx.http import HttpResponseClientRedirect

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.limits import LimitReached
from accounts.models import User
from accounts.repetition import allow_again

SEEN_EVERY = timedelta(minutes=10)
# What never asks who is there, whatever cookies come with it.
ASKS_NOBODY = ("/api/", "/livez", "/readyz", "/metrics")


class LoginRequired(LoginRequiredMiddleware):
    """Ask for a sign-in, but look at nobody's session where none is needed, as in the API."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """To the sign-in, and from there back to a page: a form that was sent cannot be one."""
        if request.method in {"GET", "HEAD"}:
            response = super().handle_no_permission(request, view_func)
        else:
            words = _("You were logged out, so this was not done. Log in and do it again.")
            messages.warning(request, words)
            response = redirect_to_login(page_before(request), resolve_url(settings.LOGIN_URL))
        if "HX-Request" in request.headers:
            return HttpResponseClientRedirect(response["Location"])
        return response


def page_before(request: HttpRequest) -> str:
    """The page of ours that `request` was sent from, or the one people see first."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc == request.get_host():
        return before._replace(scheme="", netloc="", fragment="").geturl()
    return resolve_url(settings.LOGIN_REDIRECT_URL)


class SignedInRequest(HttpRequest):
    """A request for a page that only a signed-in person reaches."""

    user: User
    actor: Actor
    # How many tasks are due today, where a view has counted them.
    due_today: int


class PersonMiddleware:
    """Set `request.actor`, show times in the person's zone and keep "last used" true.

    The API is left alone: it knows no page session, and its times are in UTC. So is what tells of
    the server's health: it is asked when there is no database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ASKS_NOBODY) or not request.user.is_authenticated:
            return self.get_response(request)
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: Actor(request.user, page_session_id(request))  # type: ignore[arg-type]
        )
        note_use(request)
        allow_again(request)
        with timezone.override(request.user.zone):
            return self.get_response(request)


def page_session_id(request: HttpRequest) -> uuid.UUID | None:
    """The id of our row for the browser session of `request`, if it has one."""
    value = request.session.get("page_session")
    return uuid.UUID(value) if value else None


def note_use(request: HttpRequest) -> None:
    """Write down that a page session is in use, at most once in SEEN_EVERY."""
    session_id, now = page_session_id(request), timezone.now()
    if session_id is None:
        return
    if request.session.get("seen_at", 0) + SEEN_EVERY.total_seconds() <= now.timestamp():
        # A full disk is no reason to refuse a page.
        with suppress(OperationalError):
            UserSession.objects.filter(page_session=session_id).update(last_seen_at=now)
            request.session["seen_at"] = int(now.timestamp())


class RefusalsMiddleware:
    """Answer on pages what an operation refuses: 429 for too many tries, 404 for what is gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, Conflict) and problem.status == 404:
            return page_not_found(request, problem)
        if not isinstance(problem, LimitReached):
            return None
        response = render(request, "429.html", {"sentence": problem.sentence}, status=429)
        response["Retry-After"] = str(problem.retry_after)
        return response
