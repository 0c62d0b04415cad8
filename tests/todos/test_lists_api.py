"""Lists, tags and the trash over the API."""

import uuid
from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Tag, Task, TaskList


def test_a_list_from_making_to_erasing(api: APIClient) -> None:
    made = api.post("/api/v1/lists/", {"name": "Home", "color": "teal"})
    home = made.json()
    assert made.status_code == 201
    assert set(home) == {
        "id", "uid", "name", "color", "position", "is_inbox", "archived_at", "open_count",
    }  # fmt: skip
    api.post("/api/v1/tasks/", {"title": "one", "list": home["id"]})
    route = f"/api/v1/lists/{home['id']}"
    assert api.get(route).json() == home | {"open_count": 1}
    assert api.patch(route, {"name": "House"}).json()["name"] == "House"
    assert api.delete(route).status_code == 204
    assert api.get(route).status_code == 404
    assert api.get(route).json() == {"detail": f"List not found with id={home['id']}"}
    assert api.post(f"{route}/restore").json()["open_count"] == 1
    api.delete(route)
    assert api.delete(f"/api/v1/trash/lists/{home['id']}").status_code == 204
    assert api.post(f"{route}/restore").status_code == 404
    assert not Task.objects.exists()


def test_a_known_uid_answers_the_list(api: APIClient) -> None:
    given = {"name": "Home", "uid": str(uuid.uuid4())}
    first = api.post("/api/v1/lists/", given)
    again = api.post("/api/v1/lists/", given | {"name": "Other"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    api.delete(f"/api/v1/lists/{first.json()['id']}")
    assert api.post("/api/v1/lists/", given).status_code == 409


def test_archiving_by_patch(api: APIClient, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    route = f"/api/v1/lists/{home.pk}"
    answer = api.patch(route, {"archived_at": "0001-01-01T00:00:00Z", "name": "House"})
    assert answer.json()["archived_at"].startswith(f"{datetime.now(UTC):%Y-%m-%d}")
    assert answer.json()["name"] == "House"
    assert api.patch(route, {"archived_at": None}).json()["archived_at"] is None
    kinds = [change.kind for change in Change.objects.of(home)]
    assert kinds == ["unarchived", "changed", "archived", "created"]


def test_the_inbox_is_first_and_stays(api: APIClient, inbox: TaskList) -> None:
    assert api.get("/api/v1/lists/").json()["items"][0]["is_inbox"] is True
    route = f"/api/v1/lists/{inbox.pk}"
    assert api.delete(route).status_code == 400
    assert api.patch(route, {"archived_at": "2026-11-23T10:00:00Z"}).status_code == 400
    assert list(api.patch(route, {"name": "Other"}).json()) == ["name"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "color": "#ff0000"}, "color"),
        ({"name": "x", "position": -1}, "position"),
        ({"name": "x", "position": 2**63}, "detail"),
        ({"name": "x", "is_inbox": True}, "is_inbox"),
        ({"name": "x", "owner": 1}, "owner"),
    ],
)
def test_a_bad_list_is_400_and_named(api: APIClient, body: dict[str, object], field: str) -> None:
    answer = api.post("/api/v1/lists/", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_tag_from_making_to_deleting(api: APIClient, by_alice: Actor) -> None:
    made = api.post("/api/v1/tags/", {"name": "errand"})
    tag = made.json()
    assert (made.status_code, set(tag)) == (201, {"id", "name", "color"})
    task = make_task(by_alice, tags=["Errand"])
    route = f"/api/v1/tags/{tag['id']}"
    assert api.patch(route, {"name": "Shops", "color": "red"}).json()["name"] == "Shops"
    assert api.get(f"/api/v1/tasks/{task.pk}").json()["tags"] == ["Shops"]
    twice = api.post("/api/v1/tags/", {"name": "SHOPS"})
    assert (twice.status_code, list(twice.json())) == (400, ["name"])
    assert api.delete(route).status_code == 204
    assert api.delete(route).status_code == 404
    assert api.get(f"/api/v1/tasks/{task.pk}").json()["tags"] == []


def test_the_trash_has_one_row_for_each_thing_trashed(
    api: APIClient, by_alice: Actor, bob: User
) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    for title in ("one", "two"):
        make_task(by_alice, title, task_list=home)
    lone = operations.trash_task(make_task(by_alice, "alone"), by=by_alice)
    operations.trash_list(home, by=by_alice)
    operations.trash_task(make_task(Actor(bob)), by=Actor(bob))
    trash = api.get("/api/v1/trash/").json()
    assert trash["total"] == 2
    rows = [(row["object"], row["id"], row["title"], row["task_count"]) for row in trash["items"]]
    assert rows == [("list", home.pk, "Home", 2), ("task", lone.pk, "alone", 1)]
    assert [row["uid"] for row in trash["items"]] == [str(home.uid), str(lone.uid)]


def test_one_thing_or_all_of_the_trash_is_erased(api: APIClient, by_alice: Actor) -> None:
    first, second = (
        operations.trash_task(make_task(by_alice), by=by_alice) for _number in range(2)
    )
    kept = make_task(by_alice)
    assert api.delete(f"/api/v1/trash/tasks/{kept.pk}").status_code == 404
    assert api.delete(f"/api/v1/trash/tasks/{first.pk}").status_code == 204
    assert api.delete(f"/api/v1/trash/tasks/{first.pk}").status_code == 404
    assert api.delete("/api/v1/trash/").status_code == 204
    assert list(Task.objects.all()) == [kept]
    assert second.pk != kept.pk


def test_tags_are_each_persons_own(api: APIClient, bob: User) -> None:
    make_task(Actor(bob), tags=["secret"])
    tag = Tag.objects.get()
    assert api.get("/api/v1/tags/").json()["total"] == 0
    assert api.get(f"/api/v1/tags/{tag.pk}").status_code == 404
    assert api.post("/api/v1/tags/", {"name": "secret"}).status_code == 201
