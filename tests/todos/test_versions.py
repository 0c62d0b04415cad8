"""ETag and If-Match: nobody's edit is lost to another's without a word."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.accounts.races import at_once, on_postgresql
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Task

TASKS = "/api/v1/tasks/"
WRITES = [
    ("put", "{}", {"title": "new"}),
    ("patch", "{}", {"title": "new"}),
    ("patch", "{}", {}),
    ("delete", "{}", None),
    ("put", "complete/{}", {"completed": True}),
    ("put", "complete/{}", {"completed": False}),
]


@pytest.fixture
def task(by_alice: Actor) -> Task:
    return make_task(by_alice, "Call")


def write(api: APIClient, task: Task, what: tuple[str, str, Any], if_match: str) -> Any:
    method, route, body = what
    address = f"{TASKS}{route.format(task.pk)}"
    return getattr(api, method)(address, body, headers={"If-Match": if_match})


def test_every_answer_that_is_a_task_names_its_version(api: APIClient, task: Task) -> None:
    address = f"{TASKS}{task.pk}"
    answers = [
        api.post(TASKS, {"title": "new", "uid": str(task.uid)}),
        api.post(TASKS, {"title": "new"}),
        api.get(address),
        api.patch(address, {"title": "b"}),
        api.put(address, {"title": "c"}),
        api.put(f"{TASKS}complete/{task.pk}", {"completed": True}),
        api.delete(address) and api.post(f"{address}/restore"),
    ]
    for answer in answers:
        assert answer.headers["ETag"] == f'"v{answer.json()["version"]}"'
    assert [answer.json()["version"] for answer in answers] == [1, 1, 1, 2, 3, 4, 6]
    assert api.get(TASKS).headers["ETag"].startswith("W/")


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("if_match", ['"v1"', '"v0" , "v1"', ' "x","v1"', "*", '"v1", W/"v7"'])
def test_the_version_that_was_read_is_written(
    api: APIClient, task: Task, what: tuple[str, str, Any], if_match: str
) -> None:
    assert write(api, task, what, if_match).status_code in {200, 204}


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("if_match", ['"v1"', '"v1", "v3"', 'W/"v2"', '"v02"', '"x"', '""'])
def test_an_old_version_is_412_with_the_task_as_it_is(
    api: APIClient, by_alice: Actor, task: Task, what: tuple[str, str, Any], if_match: str
) -> None:
    operations.change_task(task, by=by_alice, title="by another")
    before = Change.objects.count()
    answer = write(api, task, what, if_match)
    assert answer.status_code == 412
    assert answer.json()["task"] == api.get(f"{TASKS}{task.pk}").json()
    assert answer.json()["task"]["title"] == "by another"
    assert "changed in the meantime" in answer.json()["detail"]
    assert Change.objects.count() == before


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("junk", ["", "v1", '"v1', '"v1" "v2"', '"v1",', '"v1",, "v2"', "**", "é"])
def test_junk_is_refused(api: APIClient, task: Task, what: tuple[str, str, Any], junk: str) -> None:
    answer = write(api, task, what, junk)
    assert (answer.status_code, list(answer.json())) == (400, ["If-Match"])
    task.refresh_from_db()
    assert (task.version, task.trashed_at) == (1, None)


@pytest.mark.parametrize("what", WRITES)
def test_a_strangers_task_does_not_exist_whatever_its_version(
    bob: User, task: Task, what: tuple[str, str, Any]
) -> None:
    for if_match in ('"v1"', '"v9"', "*"):
        assert write(program_of(bob), task, what, if_match).status_code == 404


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_several_edits_at_once_each_is_done_or_refused(alice: User) -> None:
    task = make_task(Actor(alice), "0")
    program = program_of(alice)

    def edit(number: int) -> list[int]:
        statuses = []
        for step in range(20):
            read = program.get(f"{TASKS}{task.pk}")
            answer = program.patch(
                f"{TASKS}{task.pk}",
                {"title": f"{read.json()['title'][:150]} {number}.{step}"},
                headers={"If-Match": read.headers["ETag"]},
            )
            statuses.append(answer.status_code)
        connections.close_all()
        return statuses

    statuses = [status for some in at_once(edit, 4) for status in some]
    assert set(statuses) <= {200, 412}
    task.refresh_from_db()
    assert task.version == 1 + statuses.count(200)


def test_the_schema_tells_where_if_match_is_heeded(api: APIClient) -> None:
    paths = api.get("/api/v1/schema/?format=json").json()["paths"]

    def headers(path: str, method: str) -> set[str]:
        parameters = paths[f"/api/v1/{path}"][method]["parameters"]
        return {each["name"] for each in parameters if each["in"] == "header"}

    for path, method in (("tasks/{id}", "patch"), ("tasks/{id}", "delete"), ("tasks/{id}", "put")):
        assert "If-Match" in headers(path, method)
        assert "412" in paths[f"/api/v1/{path}"][method]["responses"]
    assert "If-Match" not in headers("tasks/{id}", "get")
