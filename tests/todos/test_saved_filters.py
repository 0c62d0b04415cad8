"""Filters over the API and on pages: asked once, or saved under a name and opened like a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.models import User
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import SavedFilter

TODAY = datetime.now(UTC).date()


def save(by: Actor, name: str = "Soon", query: str = "today | overdue") -> SavedFilter:
    return operations.create_filter(by=by, name=name, query=query)


def titles(api: APIClient, query: str) -> list[str]:
    answer = api.get(f"/api/v1/tasks/?{query}")
    assert answer.status_code == 200, answer.json()
    return [task["title"] for task in answer.json()["items"]]


# Saving


def test_a_filter_is_saved_as_it_was_written(alice: User, by_alice: Actor) -> None:
    save(by_alice, " Soon ", " today  |  overdue ")
    saved = SavedFilter.objects.get(owner=alice)
    assert (saved.name, saved.query) == ("Soon", "today | overdue")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": " ", "query": "p1"}, "name", "cannot be blank"),
        ({"name": "x" * 101, "query": "p1"}, "name", "at most 100"),
        ({"name": "x", "query": ""}, "query", "cannot be blank"),
        ({"name": "x", "query": "p1 & soonish"}, "query", "At character 6: “soonish”"),
        ({"name": "x", "query": "p1 & #Nowhere"}, "query", "At character 7: There is no list"),
        ({"name": "x", "query": "@nobody"}, "query", "At character 2: There is no tag"),
        ({"name": "x", "query": "x" * 501}, "query", "at most 500"),
    ],
)
def test_what_cannot_be_saved_is_refused_by_field(
    by_alice: Actor, fields: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        operations.create_filter(by=by_alice, **fields)
    assert list(refused.value.message_dict) == [field]
    assert words in refused.value.message_dict[field][0]
    saved = save(by_alice)
    with pytest.raises(ValidationError):
        operations.change_filter(saved, by=by_alice, **fields)
    assert SavedFilter.objects.get().query == "today | overdue"


def test_a_filter_whose_list_is_gone_can_still_be_renamed(by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    saved = save(by_alice, query="#Home")
    operations.change_list(home, by=by_alice, name="House")
    operations.change_filter(saved, by=by_alice, name="Old", query="#Home")
    assert SavedFilter.objects.get().name == "Old"
    with pytest.raises(ValidationError):
        operations.change_filter(saved, by=by_alice, query="#Home & p1")


def test_what_was_deleted_cannot_be_changed(by_alice: Actor) -> None:
    saved = save(by_alice)
    operations.delete_filter(saved, by=by_alice)
    operations.delete_filter(saved, by=by_alice)
    with pytest.raises(Conflict) as refused:
        operations.change_filter(saved, by=by_alice, name="Old")
    assert refused.value.status == 404


def test_there_is_an_end_to_filters(by_alice: Actor, bob: User) -> None:
    rows = [SavedFilter(owner=by_alice.user, name="x", query="p1") for _ in range(200)]
    SavedFilter.objects.bulk_create(rows)
    with pytest.raises(ValidationError, match="200 filters already"):
        save(by_alice)
    assert save(Actor(bob))


# The API


def test_tasks_are_filtered_over_the_api(api: APIClient, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    make_task(by_alice, "today", due_on=TODAY, task_list=home, tags=["a", "b"])
    make_task(by_alice, "late", due_on=TODAY - timedelta(days=2), priority=1)
    make_task(by_alice, "milk", priority=1)
    operations.complete_task(make_task(by_alice, "done", priority=1), by=by_alice)
    for query, expected in (
        ("filter=today+|+overdue", ["late", "today"]),
        ("filter=(today+|+overdue)+%26+%23Home", ["today"]),
        ("filter=@a+|+@b", ["today"]),
        ("filter=p1", ["milk", "late"]),
        ("filter=p1&ordering=deadline", ["late", "milk"]),
        ("filter=p1&search=mil", ["milk"]),
        ("filter=p1&completed=true", ["done"]),
        ("filter=p1+%26+done", ["done"]),
        ("filter=all&limit=2", ["milk", "late"]),
        ("filter=", ["done", "milk", "late", "today"]),
    ):
        assert titles(api, query) == expected, query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("soonish", "At character 1: “soonish” is no condition."),
        ("p1+%26+%23Nowhere", "At character 7: There is no list “Nowhere”."),
        ("%00", "This text has characters that cannot be kept."),
        ("x" * 501, "At character 501: A filter has 500 characters at most."),
        ("(" * 400, "At character 21: This is nested too deeply."),
    ],
)
def test_a_filter_that_is_not_understood_is_400_and_names_the_place(
    api: APIClient, query: str, words: str
) -> None:
    answer = api.get(f"/api/v1/tasks/?filter={query}")
    assert answer.status_code == 400
    assert list(answer.json()) == ["filter"]
    assert answer.json()["filter"][0].startswith(words)


def test_today_is_where_the_person_is(api: APIClient, by_alice: Actor) -> None:
    now = datetime.now(UTC)
    here, there = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    make_task(by_alice, "here", due_on=(now + timedelta(hours=14)).date())
    for zone, expected in ((here, 1), (there, 0)):
        answer = api.get("/api/v1/tasks/?filter=today", headers={"X-Timezone": zone})
        assert answer.json()["total"] == expected


def test_filters_are_kept_over_the_api(api: APIClient, bob: User) -> None:
    answer = api.post("/api/v1/filters/", {"name": "Soon", "query": "today | overdue"})
    assert answer.status_code == 201
    soon = answer.json()
    assert soon == {
        "id": soon["id"],
        "name": "Soon",
        "query": "today | overdue",
        "text": "due today or overdue",
    }
    address = f"/api/v1/filters/{soon['id']}"
    assert api.get(address).json() == soon
    api.post("/api/v1/filters/", {"name": "All", "query": "all"})
    listed = api.get("/api/v1/filters/").json()
    assert [saved["name"] for saved in listed["items"]] == ["All", "Soon"]
    assert listed["total"] == 2
    changed = api.patch(address, {"query": "p1"}).json()
    assert changed == soon | {"query": "p1", "text": "priority 1"}
    assert api.patch(address, {}).json() == changed
    assert program_of(bob).get(address).status_code == 404
    assert program_of(bob).delete(address).status_code == 404
    assert api.delete(address).status_code == 204
    answer = api.get(address)
    assert (answer.status_code, answer.json()) == (
        404,
        {"detail": f"Filter not found with id={soon['id']}"},
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": "p1"}, "name"),
        ({"name": "x"}, "query"),
        ({"name": "x", "query": "soonish"}, "query"),
        ({"name": "x", "query": "#Nowhere"}, "query"),
        ({"name": "x", "query": "p1", "color": "red"}, "color"),
        ({"name": "x", "query": "p1", "text": "other"}, "text"),
        ({"name": "x", "query": 5}, "query"),
        ({"name": "\u200b", "query": "p1"}, "name"),
        ({"name": "x", "query": "y" * 501}, "query"),
    ],
)
def test_a_bad_field_is_400_and_named(api: APIClient, body: dict[str, object], field: str) -> None:
    answer = api.post("/api/v1/filters/", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])
