"""Creating a thing again under the uid that its client chose: it is told as it is."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import program_of
from todos.models import Change, Task, TaskList

TASKS, LISTS, SECTIONS = "/api/v1/tasks/", "/api/v1/lists/", "/api/v1/sections/"
QUICK, BULK = "/api/v1/tasks/quick", "/api/v1/tasks/bulk"


def made(api: APIClient, route: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.post(route, body)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def changes() -> int:
    return Change.objects.count()


@pytest.mark.parametrize("gone", ["section", "list"])
def test_a_retry_is_answered_though_what_it_names_is_gone(api: APIClient, gone: str) -> None:
    home = made(api, LISTS, {"name": "Home"})
    kitchen = made(api, SECTIONS, {"list": home["id"], "name": "Kitchen"})
    named = {"section": {"section": kitchen["id"]}, "list": {"list": home["id"]}}[gone]
    body = {"title": "Cook", "uid": str(uuid.uuid4())} | named
    task = made(api, TASKS, body)
    api.patch(f"{TASKS}{task['id']}", {"list": TaskList.objects.get(is_inbox=True).pk})
    api.delete(f"/api/v1/{gone}s/{named[gone]}")
    now, count = api.get(f"{TASKS}{task['id']}").json(), changes()
    again = api.post(TASKS, body)
    assert (again.status_code, again.json()) == (200, now)
    many = api.post(BULK, {"operations": [{"op": "create"} | body]}).json()["results"]
    assert many == [{"status": 200, "task": now}]
    assert changes() == count


@pytest.mark.parametrize(
    "body", [{}, {"title": ""}, {"title": 5, "colour": "red"}, {"deadline": "soon", "text": ""}]
)
def test_whatever_the_body_says_a_known_uid_is_that_task(
    api: APIClient, body: dict[str, Any]
) -> None:
    task = made(api, TASKS, {"title": "One", "uid": str(uuid.uuid4())})
    for route in (TASKS, QUICK):
        again = api.post(route, body | {"uid": task["uid"]})
        assert (again.status_code, again.json()) == (200, task)
        assert again.headers["ETag"] == '"v1"'
    form = api.post(TASKS, {"uid": task["uid"]}, format="multipart")
    assert (form.status_code, form.json()) == (200, task)


def test_a_task_in_the_trash_names_the_way_back(api: APIClient) -> None:
    task = made(api, TASKS, {"title": "One", "uid": str(uuid.uuid4())})
    api.delete(f"{TASKS}{task['id']}")
    for route in (TASKS, QUICK):
        again = api.post(route, {"uid": task["uid"]})
        assert again.status_code == 409
        assert f"/api/v1/tasks/{task['id']}/restore" in again.json()["detail"]
    many = api.post(BULK, {"operations": [{"op": "create", "uid": task["uid"]}]}).json()
    assert many["results"][0]["status"] == 409


def test_lists_and_sections_are_told_as_they_are_too(api: APIClient) -> None:
    home = made(api, LISTS, {"name": "Home", "uid": str(uuid.uuid4())})
    kitchen = made(api, SECTIONS, {"list": home["id"], "name": "Kitchen", "uid": str(uuid.uuid4())})
    for route, row in ((LISTS, home), (SECTIONS, kitchen)):
        again = api.post(route, {"name": "", "list": 0, "uid": row["uid"]})
        assert (again.status_code, again.json()) == (200, row)
    api.delete(f"{LISTS}{home['id']}")
    for route, row in ((LISTS, home), (SECTIONS, kitchen)):
        again = api.post(route, {"name": "", "uid": row["uid"]})
        assert again.status_code == 409
        assert f"/api/v1/lists/{home['id']}/restore" in again.json()["detail"]


@pytest.mark.parametrize("uid", ["nonsense", None, "", [], {}, True])
def test_what_is_no_uid_is_refused(api: APIClient, uid: Any) -> None:
    for route in (TASKS, LISTS, QUICK):
        answer = api.post(route, {"title": "x", "name": "x", "text": "x", "uid": uid})
        assert answer.status_code == 400
    assert not Task.objects.exists()


def test_a_strangers_uid_tells_nothing(api: APIClient, bob: User) -> None:
    uid = str(uuid.uuid4())
    made(program_of(bob), TASKS, {"title": "His", "uid": uid})
    refused = api.post(TASKS, {"title": "", "uid": uid})
    assert (refused.status_code, list(refused.json())) == (400, ["title"])
    assert made(api, TASKS, {"title": "Mine", "uid": uid})["title"] == "Mine"
