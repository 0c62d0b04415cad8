"""Many operations at once: one batch, in which one that is refused harms no other."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Task

BULK = "/api/v1/tasks/bulk"
TASKS = "/api/v1/tasks/"


def bulk(api: APIClient, *asked: Any) -> list[dict[str, Any]]:
    answer = api.post(BULK, {"operations": asked})
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def test_every_operation_is_done_as_by_its_own_route(api: APIClient, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    tasks = [make_task(by_alice, str(number)) for number in range(6)]
    daily = make_task(by_alice, "daily", due_on="2099-11-23", rule="FREQ=DAILY")
    trashed = operations.trash_task(make_task(by_alice, "t"), by=by_alice)
    done = operations.complete_task(make_task(by_alice, "d"), by=by_alice)
    ids = [task.pk for task in tasks]
    results = bulk(
        api,
        {"op": "create", "title": "new", "list": home.pk, "tags": ["x"]},
        {"op": "update", "id": ids[0], "title": "changed"},
        {"op": "complete", "id": ids[1]},
        {"op": "reopen", "id": done.pk},
        {"op": "move", "id": ids[2], "list": home.pk},
        {"op": "trash", "id": ids[3]},
        {"op": "restore", "id": trashed.pk},
        {"op": "skip", "id": daily.pk},
        {"op": "postpone", "id": ids[4], "deadline": "2026-11-30"},
    )
    assert [result["status"] for result in results] == [201, *[200] * 8]
    shown = [result["task"] for result in results]
    assert shown[0]["tags"] == ["x"]
    assert shown[1]["title"] == "changed"
    assert [shown[2]["completed"], shown[3]["completed"]] == [True, False]
    assert shown[4]["list"] == home.pk
    assert bool(shown[5]["trashed_at"]) is True
    assert shown[6]["trashed_at"] is None
    assert [shown[7]["deadline"], shown[8]["deadline"]] == ["2099-11-24", "2026-11-30"]
    assert shown[1] == api.get(f"{TASKS}{ids[0]}").json()
    assert len(set(Change.objects.order_by("-number")[:9].values_list("batch", flat=True))) == 1


def test_one_that_is_refused_leaves_the_others_be(
    api: APIClient, by_alice: Actor, bob: User
) -> None:
    task, strange = make_task(by_alice), make_task(Actor(bob))
    parent = make_task(by_alice, "parent")
    child = make_task(by_alice, "child", parent=parent)
    operations.change_task(task, by=by_alice, title="newer")
    results = bulk(
        api,
        {"op": "create", "title": "first"},
        {"op": "create", "title": ""},
        {"op": "update", "id": strange.pk, "title": "mine"},
        {"op": "update", "id": task.pk, "colour": "red"},
        {"op": "update", "id": task.pk, "version": 1, "title": "lost?"},
        {"op": "complete", "id": parent.pk},
        {"op": "skip", "id": task.pk},
        {"op": "erase", "id": task.pk},
        {"id": task.pk},
        {"op": "update", "title": "x"},
        {"op": "update", "id": "1", "title": "x"},
        {"op": "trash", "id": task.pk, "title": "x"},
        {"op": "restore", "id": task.pk, "version": 2},
        {"op": "update", "id": task.pk, "recurrence": {"rule": "FREQ=SECONDLY"}},
        {"op": "update", "id": task.pk, "due_time": "09:00"},
        {"op": "create", "title": "last"},
    )
    assert [result["status"] for result in results] == [
        201, 400, 404, 400, 412, 409, 400, 400, 400, 400, 400, 400, 400, 400, 400, 201,
    ]  # fmt: skip
    errors = [list(result["error"]) for result in results[1:-1]]
    assert errors == [
        ["title"], ["detail"], ["colour"], ["detail", "task"], ["detail", "children"],
        ["detail"], ["op"], ["op"], ["id"], ["id"], ["title"], ["version"], ["recurrence"],
        ["due_time"],
    ]  # fmt: skip
    assert results[2]["error"]["detail"] == f"Task not found with id={strange.pk}"
    assert results[4]["error"]["task"]["title"] == "newer"
    assert [each["id"] for each in results[5]["error"]["children"]] == [child.pk]
    titles = set(Task.objects.filter(owner=by_alice.user).values_list("title", flat=True))
    assert titles == {"newer", "parent", "child", "first", "last"}
    strange.refresh_from_db()
    assert strange.title != "mine"


def test_a_known_uid_is_answered_with_the_task_as_it_is(api: APIClient) -> None:
    task = api.post(TASKS, {"title": "a"}).json()
    again = bulk(api, {"op": "create", "title": "b", "uid": task["uid"]})
    assert [(each["status"], each["task"]["title"]) for each in again] == [(200, "a")]


def test_one_uid_in_two_operations_is_one_new_task(api: APIClient) -> None:
    create = {"op": "create", "title": "a", "uid": str(uuid.uuid4())}
    first, refused, second = bulk(api, create, create | {"uid": "x"}, create | {"title": "b"})
    assert [first["status"], refused["status"], second["status"]] == [201, 400, 200]
    assert first["task"] == second["task"]
    assert Task.objects.count() == 1


@pytest.mark.parametrize("op", ["complete", "reopen"])
@pytest.mark.parametrize("completed", [True, False])
def test_the_operation_alone_says_whether_to_complete(
    api: APIClient, by_alice: Actor, op: str, *, completed: bool
) -> None:
    task = make_task(by_alice)
    asked = {"op": op, "id": task.pk, "completed": completed}
    refused = {"status": 400, "error": {"completed": ["There is no such field."]}}
    assert bulk(api, asked) == [refused]
    task.refresh_from_db()
    assert not task.is_done


def test_how_to_complete_is_not_said_of_reopening(api: APIClient, by_alice: Actor) -> None:
    task = make_task(by_alice)
    results = bulk(api, {"op": "reopen", "id": task.pk, "forever": True})
    assert list(results[0]["error"]) == ["forever"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"operations": None},
        {"operations": {}},
        {"operations": "x"},
        {"operations": [5]},
        {"operations": [["op"]]},
        {"operations": [{"op": "create", "title": "x"}] * 101},
    ],
)
def test_what_is_no_list_of_operations_is_refused_whole(api: APIClient, body: Any) -> None:
    answer = api.post(BULK, body)
    assert (answer.status_code, list(answer.json())) == (400, ["operations"])
    assert not Task.objects.exists()


def test_nothing_asked_is_nothing_done(api: APIClient) -> None:
    assert bulk(api) == []
    assert bulk(api, {}) == [{"status": 400, "error": {"op": [bulk(api, {})[0]["error"]["op"][0]]}}]


def test_a_hundred_are_done_once_and_cheaply(api: APIClient) -> None:
    body = {"operations": [{"op": "create", "title": str(number)} for number in range(100)]}
    with CaptureQueriesContext(connection) as queries:
        first = api.post(BULK, body, headers={"Idempotency-Key": "a"})
    second = api.post(BULK, body, headers={"Idempotency-Key": "a"})
    assert first.content == second.content
    assert Task.objects.count() == 100
    assert len(queries) <= 100 * 15
