"""What every route of to-do lists does alike: time zones, refusals with rows, the schema."""

from __future__ import annotations

import os
import re
from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient, APIRequestFactory

from accounts.actor import Actor
from accounts.api.requests import local_now
from accounts.errors import Conflict
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.api.base import TodosView
from todos.api.urls import urlpatterns

TASKS = "/api/v1/tasks/"


def test_a_program_says_where_its_person_is(api: APIClient, alice: User) -> None:
    with patch("todos.operations.create_task", wraps=operations.create_task) as create:
        api.post(TASKS, {"title": "x"})
        api.post(TASKS, {"title": "x"}, headers={"X-Timezone": "Asia/Tokyo"})
    zones = [call.kwargs["by"].zone for call in create.call_args_list]
    assert zones == [ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo")]
    alice.refresh_from_db()
    assert alice.time_zone == "UTC"


@pytest.mark.parametrize("zone", ["Mars/Phobos", "", "../../etc/passwd", "utc", "UTC, UTC"])
@pytest.mark.parametrize("route", [TASKS, "/api/v1/lists/", "/api/v1/trash/"])
def test_a_zone_that_is_none_is_named(api: APIClient, zone: str, route: str) -> None:
    answer = api.get(route, headers={"X-Timezone": zone})
    assert answer.status_code == 400
    assert answer.json() == {"X-Timezone": ["There is no such time zone."]}


def test_now_is_told_at_the_clock_of_the_person(alice: User) -> None:
    request = APIRequestFactory().get("/", headers={"X-Timezone": "Asia/Kathmandu"})
    request.user, request.auth = alice, alice
    assert local_now(request).tzinfo == ZoneInfo("Asia/Kathmandu")
    assert abs(local_now(request) - datetime.now(ZoneInfo("UTC"))).total_seconds() < 5


def test_a_conflict_shows_the_tasks_that_stand_in_the_way(api: APIClient, by_alice: Actor) -> None:
    task, child = make_task(by_alice, tags=["a"]), make_task(by_alice, "child")
    conflict = Conflict("Not now.", status=412, retry_after=3, task=task, children=[child])
    with patch("todos.operations.trash_task", side_effect=conflict):
        answer = api.delete(f"{TASKS}{task.pk}")
    assert answer.status_code == 412
    assert answer.headers["Retry-After"] == "3"
    assert answer.json() == {
        "detail": "Not now.",
        "task": api.get(f"{TASKS}{task.pk}").json(),
        "children": [api.get(f"{TASKS}{child.pk}").json()],
    }


def test_every_view_of_to_do_lists_is_one_of_them() -> None:
    views = {pattern.callback.cls for pattern in urlpatterns}
    assert [view for view in views if not issubclass(view, TodosView)] == []


def test_the_schema_tells_of_the_time_zone(api: APIClient) -> None:
    schema = api.get("/api/v1/schema/?format=json").json()
    headers = [each["name"] for each in schema["paths"]["/api/v1/tasks/"]["post"]["parameters"]]
    assert "X-Timezone" in headers


def test_the_schema_has_every_route_and_leaves_no_doubt(api: APIClient) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)
    described = api.get("/api/v1/schema/?format=json").json()["paths"]
    shapes = {re.sub(r"{\w+}", "*", path) for path in described}
    routes = {re.sub(r"<\w+:\w+>", "*", f"/api/v1/{pattern.pattern}") for pattern in urlpatterns}
    assert routes <= shapes
