"""Collections by cursor: every row once, in its order, whatever is written between two pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.db import connection
from django.db.models import FloatField, Value
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.api.cursors import columns_of
from accounts.models import User
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.api.filters import ORDERINGS
from todos.models import Task, TaskList

TASKS = "/api/v1/tasks/"
EVERY_ORDER = ["", *(sign + name for name in ORDERINGS for sign in ("", "-"))]
START = datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=UTC)


def walk(
    api: APIClient, route: str, meanwhile: Callable[[], Any] = lambda: None, **query: Any
) -> list[Any]:
    """All items of `route`, page after page, with something done between each two."""
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(f"{route}?{urlencode(query | {'cursor': cursor})}")
        assert answer.status_code == 200, answer.json()
        assert answer.json().keys() == {"items", "next"}
        assert len(answer.json()["items"]) <= int(query.get("limit", 50))
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        assert len(found) < 1000
        meanwhile()
    return found


tasks = some.builds(
    dict,
    title=some.sampled_from(["a", "b", "B", "ä", "é", "%_\\", "🎉"]),
    priority=some.integers(1, 4),
    due_on=some.none() | some.dates(date(2026, 11, 20), date(2026, 11, 23)),
    due_time=some.none() | some.sampled_from([time(9), time(17, 30)]),
    position=some.integers(0, 2),
    created_at=some.integers(0, 2).map(lambda micros: START + timedelta(microseconds=micros)),
    updated_at=some.integers(0, 2).map(lambda seconds: START + timedelta(seconds=seconds)),
)


def insert(inbox: TaskList, values: list[dict[str, Any]]) -> set[int]:
    rows = [
        Task(owner=inbox.owner, task_list=inbox, **value)
        for value in values
        if value["due_on"] or not value["due_time"]
    ]
    return {task.pk for task in Task.objects.bulk_create(rows)}


@pytest.mark.parametrize("ordering", EVERY_ORDER)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=some.lists(tasks, min_size=3, max_size=12),
    between=some.lists(some.lists(tasks, max_size=2), max_size=4),
    limit=some.integers(1, 5),
)
def test_no_task_is_lost_or_doubled_while_others_are_inserted(
    api: APIClient,
    inbox: TaskList,
    ordering: str,
    before: list[dict[str, Any]],
    between: list[list[dict[str, Any]]],
    limit: int,
) -> None:
    Task.objects.all().delete()
    present, waiting = insert(inbox, before), iter(between)
    order: dict[str, Any] = {"ordering": ordering} if ordering else {}
    walked = walk(api, TASKS, lambda: insert(inbox, next(waiting, [])), limit=limit, **order)
    found = [task["id"] for task in walked]
    assert len(found) == len(set(found))
    assert present <= set(found)
    ordered = [task["id"] for task in api.get(TASKS, {"size": 100} | order).json()["items"]]
    assert found == [pk for pk in ordered if pk in found]


def test_a_deleted_task_takes_no_other_with_it(api: APIClient, by_alice: Actor) -> None:
    for number in range(6):
        make_task(by_alice, str(number))
    newest = iter(Task.objects.order_by("-pk"))
    found = walk(api, TASKS, lambda: operations.trash_task(next(newest), by=by_alice), limit=2)
    assert [task["title"] for task in found] == ["5", "4", "3", "2", "1", "0"]


def test_a_page_by_cursor_counts_nothing(api: APIClient, by_alice: Actor) -> None:
    make_task(by_alice)
    with CaptureQueriesContext(connection) as queries:
        assert api.get(f"{TASKS}?limit=1").json()["next"] is None
    assert not [query for query in queries if "COUNT(" in query["sql"]]


def test_filters_hold_on_every_page(api: APIClient, by_alice: Actor) -> None:
    for number in range(5):
        task = make_task(by_alice, str(number))
        if number % 2:
            operations.complete_task(task, by=by_alice)
    found = walk(api, TASKS, limit=1, completed="false", ordering="title")
    assert [task["title"] for task in found] == ["0", "2", "4"]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_other_collections_are_walked_too(api: APIClient, by_alice: Actor, limit: int) -> None:
    alice = by_alice.user
    for name in ("A", "B", "C"):
        operations.create_tag(by=by_alice, name=name)
        operations.create_list(by=by_alice, name=name, position=7)
        program_of(alice)
        moment = datetime(2026, 11, 20, tzinfo=UTC)
        task_list, _ = operations.create_list(by=by_alice, name=name)
        operations.trash_list(task_list, by=by_alice, at=moment)
        operations.trash_task(make_task(by_alice, name), by=by_alice, at=moment)
    for route in ("tags", "lists", "trash", "sessions"):
        whole = api.get(f"/api/v1/{route}/").json()["items"]
        assert walk(api, f"/api/v1/{route}/", limit=limit) == whole, route
        assert len(whole) >= 3


def test_a_task_and_a_list_of_one_moment_and_id_are_both_there(
    api: APIClient, by_alice: Actor, inbox: TaskList
) -> None:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    twin = TaskList.objects.create(owner=by_alice.user, name="twin", pk=10**6)
    task = Task.objects.create(owner=by_alice.user, task_list=inbox, title="twin", pk=twin.pk)
    operations.trash_list(twin, by=by_alice, at=moment)
    operations.trash_task(task, by=by_alice, at=moment)
    assert [thing["object"] for thing in walk(api, "/api/v1/trash/", limit=1)] == ["task", "list"]


def a_cursor(user: User, query: str = "limit=1", route: str = TASKS) -> str:
    return program_of(user).get(f"{route}?{query}").json()["next"]


def test_a_cursor_is_for_one_person_one_route_and_one_order(
    api: APIClient, by_alice: Actor, bob: User
) -> None:
    for by in (by_alice, Actor(bob)):
        make_task(by)
        make_task(by)
        operations.create_tag(by=by, name="a")
        operations.create_tag(by=by, name="b")
    own = a_cursor(by_alice.user)
    assert api.get(f"{TASKS}?cursor={own}").status_code == 200
    assert api.get(f"{TASKS.rstrip('/')}?cursor={own}").status_code == 200
    for foreign in (
        a_cursor(bob),
        a_cursor(by_alice.user, "limit=1&ordering=title"),
        a_cursor(by_alice.user, route="/api/v1/tags/"),
    ):
        answer = api.get(f"{TASKS}?cursor={foreign}")
        assert answer.status_code == 400
        assert answer.json() == {"cursor": ["This is no cursor of this collection."]}


@pytest.mark.parametrize(
    "cursor",
    ["cD0=", "garbage", "1", "null", ":", "é", "%00", "x" * 5000, "WzFd:", "W10:AAAA", "-1:x:y"],
)
def test_what_is_no_cursor_is_refused(api: APIClient, cursor: str) -> None:
    answer = api.get(f"{TASKS}?{urlencode({'cursor': cursor})}")
    assert (answer.status_code, list(answer.json())) == (400, ["cursor"])


def test_a_changed_cursor_is_refused(api: APIClient, by_alice: Actor) -> None:
    make_task(by_alice)
    make_task(by_alice)
    cursor = a_cursor(by_alice.user)
    forged = Signer(key="another").sign_object([1])
    for text in (cursor[:-1], cursor + "A", "A" + cursor, forged):
        assert api.get(f"{TASKS}?cursor={text}").status_code == 400


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=&page=1", "page"),
        ("limit=5&size=5", "size"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("limit=", "limit"),
        ("cursor=&cursor=", "cursor"),
    ],
)
@pytest.mark.parametrize("route", ["tasks", "lists", "tags", "trash", "sessions"])
def test_a_page_is_asked_for_in_one_way(api: APIClient, route: str, query: str, field: str) -> None:
    answer = api.get(f"/api/v1/{route}/?{query}")
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_long_title_gives_a_cursor_that_is_taken(api: APIClient, by_alice: Actor) -> None:
    for emoji in "🎉🎈":
        make_task(by_alice, emoji * 200)
    assert len(walk(api, TASKS, limit=1, ordering="title")) == 2


@pytest.mark.parametrize("order", ["-rank", "?", "task_list__name"])
def test_an_order_that_no_cursor_can_hold_is_refused(order: str) -> None:
    ranked = Task.objects.annotate(rank=Value(0.5, FloatField())).order_by(order)
    with pytest.raises(ValidationError) as refusal:
        columns_of(ranked)
    assert list(refusal.value.message_dict) == ["cursor"]


def test_a_search_has_cursors_in_an_order_that_is_named(api: APIClient, by_alice: Actor) -> None:
    for title in ("milk", "oat milk", "bread"):
        make_task(by_alice, title)
    answer = api.get(f"{TASKS}?search=milk&limit=1")
    assert answer.status_code == 400
    assert answer.json() == {"cursor": ["No cursor holds this order. Name an `ordering`."]}
    found = walk(api, TASKS, limit=1, search="milk", ordering="title")
    assert [task["title"] for task in found] == ["milk", "oat milk"]
    assert len(walk(api, TASKS, limit=1, search="")) == 3
