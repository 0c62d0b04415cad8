"""Every route that names a row, found by walking the URLconf: who gets what.

A stranger gets 404 (or 405) on every method, the owner something, the anonymous 302 or 401.
A new route is asked by itself; one that names a new kind of row fails here until it is told of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.actor import Actor
from accounts.models import ApiSession, PageSession, User
from tests.conftest import browser_of, program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, TaskList

METHODS = ("get", "post", "put", "patch", "delete")
# Django's own, for staff; allauth's, which name no row but carry a secret of their own.
NOT_OURS = ("admin/", "accounts/confirm-email/", "accounts/password/reset/key/")


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[str]:
    """Every route with a parameter, as `api/v1/tasks/<int:pk>`."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if route.startswith(NOT_OURS):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif "<" in route:
            yield route


def page_session_of(user: User) -> PageSession:
    browser = Client()
    user.set_password("correct horse battery")
    user.save()
    browser.post("/accounts/login/", {"login": user.email, "password": "correct horse battery"})
    return PageSession.objects.get(user_session__user=user)


def row_for(route: str, owner: User) -> object:
    """The key of a row of `owner` that `route` names, in the state that the route is for."""
    by = Actor(owner)
    kind = route.removeprefix("api/v1/").partition("/<")[0]
    if "comments/<" in route:
        comment = operations.add_comment(make_task(by), by=by, text="Words")
        return comment.pk if kind == "comments" else (comment.task_id, comment.pk)
    if "reminders/<" in route:
        reminder, _ = operations.add_reminder(make_task(by), by=by, minutes_before=10)
        return reminder.pk if kind == "reminders" else (reminder.task_id, reminder.pk)
    if kind in {"tasks", "tasks/complete"} or kind == "trash/tasks":
        task = make_task(by)
        if kind == "trash/tasks" or route.endswith("/erase"):
            operations.trash_task(task, by=by)
        return task.pk
    if kind in {"lists", "trash/lists"}:
        task_list, _ = operations.create_list(by=by, name="Home")
        if kind == "trash/lists" or route.endswith(("/restore", "/erase")):
            operations.trash_list(task_list, by=by)
        return task_list.pk
    if kind == "filters":
        return operations.create_filter(by=by, name="Soon", query="today").pk
    if kind == "sections":
        inbox = TaskList.objects.get(owner=owner, is_inbox=True)
        return operations.create_section(by=by, task_list=inbox, name="Later")[0].pk
    if kind == "tags":
        return operations.create_tag(by=by, name="errand").pk
    if kind == "changes":
        return Change.objects.of(make_task(by))[0].pk
    if kind == "sessions":
        program_of(owner)
        return ApiSession.objects.filter(user=owner).latest("created_at").pk
    if kind == "devices":
        return page_session_of(owner).pk
    if kind == "accounts/2fa/webauthn/keys":
        passkey = {"name": "Key", "credential": {}}
        return Authenticator.objects.create(user=owner, type="webauthn", data=passkey).pk
    raise AssertionError(f"Say in row_for which row {route} names.")


def asked(client: Client, route: str, key: object) -> dict[str, int]:
    """The status of each method on `route` with `key` (a tuple for several) in its parameters."""
    address = "/" + route
    for part in key if isinstance(key, tuple) else (key,):
        address = re.sub(r"<[^>]*>", str(part), address, count=1)
    return {method: getattr(client, method)(address).status_code for method in METHODS}


def client_of(route: str, user: User | None) -> Client:
    if route.startswith("api/"):
        return program_of(user)
    browser = browser_of(user)
    if user and route.startswith("accounts/2fa/"):
        session = browser.session
        asked_again = SimpleNamespace(session=session)
        record_authentication(asked_again, user, "password", reauthenticated=True)
        session.save()
    return browser


ROUTES = sorted(set(routes()))


def test_the_walk_finds_pages_and_api() -> None:
    assert {"tasks/<int:pk>", "api/v1/tasks/<int:pk>", "lists/<int:pk>/trash"} <= set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger_finds_nothing(route: str, alice: User, charlie: User) -> None:
    key = row_for(route, alice)
    before = list(Change.objects.values_list("pk", "kind"))
    statuses = asked(client_of(route, charlie), route, key)
    assert set(statuses.values()) <= {404, 405}, statuses
    assert list(Change.objects.values_list("pk", "kind")) == before
    assert TaskList.objects.filter(owner=charlie).count() == 1


@pytest.mark.parametrize("route", ROUTES)
def test_the_owner_finds_something(route: str, alice: User) -> None:
    statuses = asked(client_of(route, alice), route, row_for(route, alice))
    assert set(statuses.values()) - {404, 405}, statuses
    assert max(statuses.values()) < 500


@pytest.mark.parametrize("route", ROUTES)
def test_the_anonymous_are_asked_to_sign_in(route: str, alice: User) -> None:
    statuses = asked(client_of(route, None), route, row_for(route, alice))
    assert set(statuses.values()) <= {302, 401, 405}, statuses
