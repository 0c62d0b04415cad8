"""Queries, headers and states that make no sense."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.bad_input.surfaces import written
from tests.conftest import program_of

TASKS = "/api/v1/tasks/"
COLLECTIONS = [
    *(f"/api/v1/{name}/" for name in ("tasks", "lists", "sections", "tags", "filters", "trash")),
    "/api/v1/sessions/",
]
QUERIES = [
    *(("cursor", bad) for bad in ("cD0=", "x", "\x00", "a:b:c", "x" * 5000, "%ff")),
    *(("page", bad) for bad in ("0", "-1", "1.0", "\uff11", str(10**18), "", "x", "1\x00")),
    *(("size", bad) for bad in ("0", "101", str(10**9), "-1")),
    *(("limit", bad) for bad in ("0", "101", "x")),
    *((bad, "x") for bad in ("filter[owner__password]", "owner__password__startswith")),
]
OF_TASKS = [
    *(("ordering", bad) for bad in ("password", "owner__password", "-", "--title", "title,id")),
    *(("list", bad) for bad in ("0", "x", str(2**63), "\uff11")),
    *(("completed", bad) for bad in ("1", "True", "")),
    *(("search", bad) for bad in ("word " * 10_000, "a\x00b")),
    *(("filter", bad) for bad in ("((((", "#nothing", "a\x00b", "(" * 5000)),
    ("tag", "a\x00b"),
]


@pytest.mark.parametrize(("name", "value"), QUERIES)
def test_a_query_that_makes_no_sense_is_400_naming_it(
    api: APIClient, name: str, value: str
) -> None:
    for address in COLLECTIONS:
        answer = api.get(address, {name: value})
        assert (answer.status_code, list(answer.json())) == (400, [name]), address


@pytest.mark.parametrize(("name", "value"), OF_TASKS)
def test_a_question_about_tasks_that_makes_no_sense_is_400_naming_it(
    api: APIClient, name: str, value: str
) -> None:
    answer = api.get(TASKS, {name: value})
    assert (answer.status_code, list(answer.json())) == (400, [name])


@pytest.mark.parametrize("address", COLLECTIONS)
def test_a_parameter_that_is_there_twice_is_400_naming_it(api: APIClient, address: str) -> None:
    answer = api.get(f"{address}?page=1&page=1")
    assert (answer.status_code, list(answer.json())) == (400, ["page"])


def test_the_cursor_of_another_is_400(api: APIClient, bob: User) -> None:
    for title in ("a", "b"):
        api.post(TASKS, {"title": title})
    cursor = api.get(f"{TASKS}?limit=1").json()["next"]
    assert api.get(TASKS, {"cursor": cursor}).status_code == 200
    assert program_of(bob).get(TASKS, {"cursor": cursor}).status_code == 400
    assert api.get("/api/v1/lists/", {"cursor": cursor}).status_code == 400


@pytest.mark.parametrize("mark", ["%", "_", "\\", "'", '"', "*"])
def test_a_mark_that_means_something_to_a_database_is_searched_as_it_is(
    api: APIClient, mark: str
) -> None:
    api.post(TASKS, {"title": "plain"})
    answer = api.get(TASKS, {"search": mark})
    assert answer.status_code == 200
    assert api.get(TASKS, {"search": f"zz{mark}"}).json()["items"] == []


HEADERS = [
    *(("If-Match", bad) for bad in ("x", '"', "v1", '"v1" "v2"', "")),
    *(("Idempotency-Key", bad) for bad in ("", "x" * 256, "é")),
    *(("X-Timezone", bad) for bad in ("Mars/Phobos", "../../etc/passwd", "", "utc")),
]


@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_a_header_that_makes_no_sense_is_400_and_writes_nothing(
    api: APIClient, alice: User, rows: dict[str, Any], name: str, value: str
) -> None:
    before = written(alice)
    path = f"{TASKS}{rows['task']}/move"
    answer = api.post(path, {"list": rows["list"]}, headers={name: value})
    assert (answer.status_code, list(answer.json())) == (400, [name])
    assert written(alice) == before


def test_what_a_client_says_of_the_connection_or_the_method_is_not_believed(
    api: APIClient, page: Client, alice: User
) -> None:
    before = written(alice)
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    for answer in (page.get("/inbox", headers=forwarded), api.get(TASKS, headers=forwarded)):
        assert answer.status_code == 200
        assert b"evil.example" not in answer.content
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    assert api.get("/api/v1/users/me/", headers=override).status_code == 200
    assert api.post("/api/v1/users/me/", {}, headers=override).status_code == 405
    assert written(alice) == before


def test_states_that_are_gone_or_cannot_be(
    api: APIClient, alice: User, rows: dict[str, Any]
) -> None:
    uid = "01a20afb-e518-70e7-be7e-69add75f3b80"
    first = api.post(TASKS, {"title": "once", "uid": uid})
    again = api.post(TASKS, {"title": "twice", "uid": uid})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    task = f"{TASKS}{first.json()['id']}"
    child = api.post(TASKS, {"title": "child", "parent": first.json()["id"]}).json()
    answer = api.post(f"{task}/move", {"parent": child["id"]})
    assert (answer.status_code, list(answer.json())) == (400, ["parent"])
    assert api.delete(task).status_code == 204
    assert api.delete(task).status_code == 404
    assert api.patch(task, {"title": "x"}).status_code == 404


def test_a_batch_of_101_is_400_and_a_bad_one_among_good_ones_is_told(
    api: APIClient, alice: User
) -> None:
    before = written(alice)
    many = [{"op": "create", "title": "x"}] * 101
    answer = api.post("/api/v1/tasks/bulk", {"operations": many})
    assert (answer.status_code, list(answer.json())) == (400, ["operations"])
    assert written(alice) == before
    mixed = [{"op": "create", "title": "a"}, {"op": "create", "title": 5}, {"op": "x"}]
    results = api.post("/api/v1/tasks/bulk", {"operations": mixed}).json()["results"]
    assert [result["status"] for result in results] == [201, 400, 400]


@pytest.mark.parametrize("bad", [{}, [], "1", True, None, 1.0, -1, 2**63 - 1])
def test_an_id_in_a_batch_that_is_none_is_told_in_its_result(api: APIClient, bad: Any) -> None:
    operation = {"op": "move", "id": bad, "version": 0}
    answer = api.post("/api/v1/tasks/bulk", {"operations": [operation]})
    assert answer.status_code == 200, answer.content
    assert answer.json()["results"][0]["status"] in {400, 404}
