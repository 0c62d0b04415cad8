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
from accounts.models import ApiSession, User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.api.base import TodosView
from todos.api.urls import urlpatterns
from todos.models import Task

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


TASK = "tasks/{task}"
ROUTES = [
    *[("get", each) for each in ("tasks/", "lists/", "sections/", "tags/", "filters/", "trash/")],
    *[("get", f"{TASK}{each}") for each in ("", "/comments/", "/reminders/", "/changes")],
    *[("get", "lists/{list}"), ("get", "stats"), ("get", "changes"), ("get", "reports/")],
    *[("post", "tasks/"), ("post", "lists/"), ("post", "reports/"), ("post", f"{TASK}/comments/")],
    *[("post", f"tasks/{each}") for each in ("bulk", "quick", "quick/preview")],
    *[("post", f"{TASK}/{each}") for each in ("skip", "postpone", "move", "restore")],
    *[("post", "recurrences/preview"), ("post", "changes/1/undo")],
    *[("patch", TASK), ("put", TASK), ("delete", TASK), ("put", "tasks/complete/{task}")],
    *[("delete", "trash/"), ("delete", "trash/tasks/{task}")],
]


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_a_query_parameter_that_is_not_read_is_named(
    api: APIClient, by_alice: Actor, method: str, route: str
) -> None:
    task = make_task(by_alice)
    address = "/api/v1/" + route.format(task=task.pk, list=task.task_list_id)
    body = None if method == "get" else {"title": "x"}
    answer = getattr(api, method)(f"{address}?colour=red", body)
    assert answer.status_code == 400
    assert answer.json() == {"colour": ["There is no such query parameter."]}
    assert list(Task.objects.values_list("pk", "title", "trashed_at")) == [
        (task.pk, task.title, None)
    ]


def test_a_query_parameter_of_the_collection_is_none_of_the_rest(api: APIClient) -> None:
    for method, route in (
        ("post", TASKS),
        ("post", "/api/v1/sections/"),
        ("delete", "/api/v1/trash/"),
    ):
        for name in ("page", "list", "cursor"):
            answer = getattr(api, method)(f"{route}?{name}=1", {})
            assert (answer.status_code, list(answer.json())) == (400, [name])
    twice = api.get(f"{TASKS}?completed=true&completed=true")
    assert twice.json() == {"completed": ["This query parameter is there twice."]}


MOMENTS = [
    ("/api/v1/tasks/quick/preview", {"text": "x"}, "now"),
    ("/api/v1/recurrences/preview", {"rule": "FREQ=DAILY"}, "now"),
    ("/api/v1/tasks/{task}/reminders/", {}, "at"),
    ("/api/v1/sessions/{session}/undo", {}, "since"),
]


@pytest.mark.parametrize(("route", "body", "field"), MOMENTS)
def test_a_moment_is_read_alike_everywhere(
    api: APIClient, alice: User, route: str, body: dict[str, str], field: str
) -> None:
    session, task = ApiSession.objects.get(user=alice), make_task(Actor(alice))
    address = route.format(task=task.pk, session=session.pk)
    for text in (
        "2098-11-23", "2098-11-23T13:04:00", "20981123T130400Z", "2098-11-23T13:04Z",
        "2098-11-23 13:04:00Z", "2098-W48-1T13:04:00Z", "2098-11-23T13:04:00+0100",
        "2098-11-23T13:04:00+01", "2098-11-23T13:04:00,5Z", "2098-02-30T13:04:00Z",
        "2098-11-23T13:04:60Z", "1970-12-31T23:59:59Z", "2200-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00", 5, None if field != "at" else True,
    ):  # fmt: skip
        answer = api.post(address, body | {field: text})
        assert (answer.status_code, list(answer.json())) == (400, [field]), text
    for text in ("2098-11-23t13:04:00.5z", "2098-11-23T13:04:00.123456-12:30"):
        assert api.post(address, body | {field: text}).status_code in {200, 201}, text


def test_a_rule_has_one_greatest_length(api: APIClient) -> None:
    rule = f"FREQ=DAILY;INTERVAL={'0' * 290}1"
    said = {"rule": ["A rule has 300 characters at most."]}
    assert len(rule) > 300
    assert api.post("/api/v1/recurrences/preview", {"rule": rule}).json() == said
    task = api.post(TASKS, {"title": "x", "recurrence": {"rule": rule}})
    assert task.json() == {"recurrence": said["rule"]}
    fits = rule.replace("0" * 20, "")
    assert api.post("/api/v1/recurrences/preview", {"rule": fits}).status_code == 200


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
