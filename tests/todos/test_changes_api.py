"""The journal over the API: the feed of changes, the history of a task, and taking back."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import ApiSession, User
from tests.accounts.races import at_once, on_postgresql
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations, sweeps
from todos.models import Change, Task, TaskList

FEED = "/api/v1/changes"
TASKS = "/api/v1/tasks/"


def feed(api: APIClient, since: int, **query: Any) -> dict[str, Any]:
    answer = api.get(FEED, {"since": since} | query)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def now_of(api: APIClient) -> int:
    answer = api.get(FEED).json()
    assert answer == {"changes": [], "next": answer["next"], "more": False}
    return answer["next"]


# The feed


def test_it_tells_what_happened_since_in_order(api: APIClient, by_alice: Actor) -> None:
    make_task(by_alice, "before")
    since = now_of(api)
    task = api.post(TASKS, {"title": "Milk", "tags": ["shop"]}).json()
    api.patch(f"{TASKS}{task['id']}", {"title": "Oat milk"})
    answer = feed(api, since)
    told = [(each["kind"], each["object"]) for each in answer["changes"]]
    assert told == [("created", "tag"), ("created", "task"), ("changed", "task")]
    assert [each["seq"] for each in answer["changes"]] == [since + 1, since + 2, since + 3]
    assert (answer["next"], answer["more"]) == (since + 3, False)
    last = answer["changes"][-1]
    assert (last["id"], last["uid"]) == (task["id"], task["uid"])
    assert last["data"] == api.get(f"{TASKS}{task['id']}").json()
    assert answer["changes"][0]["data"]["name"] == "shop"
    assert feed(api, answer["next"])["changes"] == []


def test_a_list_that_goes_takes_a_tombstone_of_each_task(api: APIClient, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    for title in "ab":
        make_task(by_alice, title, task_list=home)
    since = now_of(api)
    api.delete(f"/api/v1/lists/{home.pk}")
    gone = feed(api, since)
    assert [(each["object"], each["data"]) for each in gone["changes"]] == [
        ("list", None), ("task", None), ("task", None),
    ]  # fmt: skip
    api.post(f"/api/v1/lists/{home.pk}/restore")
    back = feed(api, gone["next"])["changes"]
    assert [each["data"]["id"] for each in back] == [each["id"] for each in gone["changes"]]


def test_what_is_deleted_for_good_leaves_a_tombstone(api: APIClient, by_alice: Actor) -> None:
    task = make_task(by_alice)
    section, _ = operations.create_section(by=by_alice, task_list=task.task_list, name="x")
    tag = operations.create_tag(by=by_alice, name="x")
    operations.trash_task(task, by=by_alice)
    since = now_of(api)
    api.delete("/api/v1/trash/")
    api.delete(f"/api/v1/sections/{section.pk}")
    api.delete(f"/api/v1/tags/{tag.pk}")
    told = feed(api, since)["changes"]
    assert [(each["object"], each["id"], each["data"]) for each in told] == [
        ("task", task.pk, None), ("section", section.pk, None), ("tag", tag.pk, None),
    ]  # fmt: skip


def test_it_is_read_some_at_a_time(api: APIClient, by_alice: Actor) -> None:
    since = now_of(api)
    for number in range(5):
        make_task(by_alice, str(number))
    found, more = [], True
    while more:
        answer = feed(api, since, limit=2)
        found += [each["data"]["title"] for each in answer["changes"]]
        assert answer["next"] == since + len(answer["changes"])
        since, more = answer["next"], answer["more"]
    assert found == list("01234")


def test_it_costs_as_much_for_many_as_for_few(api: APIClient, by_alice: Actor) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(feed(api, 0, limit=100)["changes"]) == Change.objects.count()
        return len(queries)

    def grow(number: int) -> None:
        for index in range(number):
            home, _ = operations.create_list(by=by_alice, name="x")
            section, _ = operations.create_section(by=by_alice, task_list=home, name="x")
            make_task(by_alice, "x", section=section, tags=[f"{index} of {number}"])

    grow(2)
    few = cost()
    grow(20)
    assert cost() == few <= 9


def test_nobody_sees_anothers_changes(api: APIClient, bob: User) -> None:
    since = now_of(program_of(bob))
    api.post(TASKS, {"title": "secret"})
    assert feed(program_of(bob), since)["changes"] == []


def test_what_is_too_old_is_410(api: APIClient, by_alice: Actor) -> None:
    start, long_ago = now_of(api), timezone.now() - timedelta(days=91)
    for at in (long_ago, long_ago, timezone.now()):
        make_task(by_alice, at=at)
    assert len(feed(api, start)["changes"]) == 3
    sweeps.erase_old_changes(timezone.now())
    for since in (start, start + 1):
        answer = api.get(FEED, {"since": since})
        assert answer.status_code == 410
        assert "anew" in answer.json()["detail"]
    assert len(feed(api, start + 2)["changes"]) == 1
    Change.objects.all().delete()
    assert api.get(FEED, {"since": start + 2}).status_code == 410
    assert feed(api, start + 3)["changes"] == []


def test_what_is_yet_to_come_is_410_for_the_backup_was_older(
    api: APIClient, by_alice: Actor
) -> None:
    make_task(by_alice)
    answer = api.get(FEED, {"since": now_of(api) + 1})
    words = "This number is not of this journal. Read everything anew."
    assert (answer.status_code, answer.json()) == (410, {"detail": words})


def test_the_least_number_is_named_as_it_is(api: APIClient) -> None:
    words = f"This must be a whole number from 0 to {2**63 - 1}."
    assert api.get(FEED, {"since": -1}).json() == {"since": [words]}
    assert api.get(FEED, {"since": 0}).status_code == 200
    assert api.get(FEED, {"limit": 0}).json() == {
        "limit": ["This must be a whole number from 1 to 100."]
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=x", "since"),
        ("since=-1", "since"),
        ("since=", "since"),
        ("since=1.0", "since"),
        ("since=99999999999999999999", "since"),
        ("since=%00", "since"),
        ("since=1&since=1", "since"),
        ("since=1&limit=0", "limit"),
        ("since=1&limit=101", "limit"),
        ("page=1", "page"),
    ],
)
def test_a_bad_question_is_named(api: APIClient, query: str, field: str) -> None:
    answer = api.get(f"{FEED}?{query}")
    assert (answer.status_code, list(answer.json())) == (400, [field])


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_no_change_is_missed_while_others_write(alice: User) -> None:
    program, done, found = program_of(alice), threading.Event(), []

    def work(number: int) -> None:
        if number:
            for index in range(10):
                operations.create_task(by=Actor(alice), title=f"{number}.{index}", tags=["a"])
            return
        since = 0
        while True:
            was_done, answer = done.is_set(), feed(program, since, limit=7)
            found.extend(each["seq"] for each in answer["changes"])
            since = answer["next"]
            if was_done and not answer["more"]:
                return

    reader = threading.Thread(target=at_once, args=(work, 1))
    reader.start()
    at_once(lambda number: work(number + 1), 3)
    done.set()
    reader.join(30)
    assert found == list(range(1, Change.objects.count() + 1))


# The history of a task


def test_a_task_tells_its_history(api: APIClient, by_alice: Actor, alice: User) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    task = make_task(by_alice, "a", due_on=datetime(2026, 11, 23, tzinfo=UTC).date())
    api.patch(
        f"{TASKS}{task.pk}",
        {"title": "b", "list": home.pk, "tags": ["x"], "due_time": "09:00"},
    )
    whole = api.get(f"{TASKS}{task.pk}/changes").json()
    assert (whole["total"], len(whole["items"])) == (2, 2)
    last, first = whole["items"]
    assert first["kind"] == "created"
    assert (last["before"], last["after"]) == (
        {"title": "a", "list": task.task_list_id, "tags": [], "due_time": None}
        | {"position": task.position},
        {"title": "b", "list": home.pk, "tags": ["x"], "due_time": "09:00"}
        | {"position": last["after"]["position"]},
    )
    assert (last["by"], last["session"]) == (alice.email, str(ApiSession.objects.get().pk))
    assert api.get(f"{TASKS}{task.pk}/changes?limit=1").json()["items"] == [last]


# Taking back


def undo(api: APIClient, change: Any, body: Any = None) -> Any:
    return api.post(f"/api/v1/changes/{change}/undo", body)


def last_change(api: APIClient, task: Any) -> int:
    return api.get(f"{TASKS}{task}/changes").json()["items"][0]["change"]


def test_a_change_is_taken_back_as_far_as_nothing_changed_since(api: APIClient) -> None:
    task = api.post(TASKS, {"title": "a", "description": "a"}).json()["id"]
    api.patch(f"{TASKS}{task}", {"title": "b", "description": "b", "deadline": "2026-11-23"})
    change = last_change(api, task)
    api.patch(f"{TASKS}{task}", {"title": "c", "deadline": "2026-11-24"})
    answer = undo(api, change).json()
    present = api.get(f"{TASKS}{task}").json()
    assert (present["title"], present["description"]) == ("c", "a")
    assert [each["data"] for each in answer["undone"]] == [present]
    assert [(each["change"], each["fields"]) for each in answer["kept"]] == [
        (change, ["title", "deadline"])
    ]
    assert undo(api, last_change(api, task)).status_code == 200
    assert api.get(f"{TASKS}{task}").json()["description"] == "b"


def test_what_was_all_changed_since_is_kept(api: APIClient) -> None:
    task = api.post(TASKS, {"title": "a"}).json()["id"]
    api.patch(f"{TASKS}{task}", {"title": "b"})
    change = last_change(api, task)
    api.patch(f"{TASKS}{task}", {"title": "c"})
    answer = undo(api, change).json()
    assert (answer["undone"], answer["kept"][0]["fields"]) == ([], ["title"])


def test_a_batch_is_taken_back_as_one(api: APIClient) -> None:
    operations_ = [{"op": "create", "title": title} for title in "abc"]
    api.post(f"{TASKS}bulk", {"operations": operations_})
    answer = undo(
        api, last_change(api, Task.objects.values_list("pk", flat=True)[0]), {"batch": True}
    )
    assert len(answer.json()["undone"]) == 3
    assert [each["data"] for each in answer.json()["undone"]] == [None, None, None]
    assert not Task.objects.filter(trashed_at=None).exists()


def test_what_is_gone_for_good_cannot_be_taken_back(api: APIClient, by_alice: Actor) -> None:
    task = make_task(by_alice)
    change = Change.objects.of(task)[0].pk
    operations.erase_task(operations.trash_task(task, by=by_alice), by=by_alice)
    answer = undo(api, change)
    assert answer.status_code == 404
    assert undo(api, Change.objects.of(task)[0].pk).status_code == 400


def test_anothers_change_and_none_are_the_same(api: APIClient, bob: User) -> None:
    strange = Change.objects.of(make_task(Actor(bob)))[0].pk
    for pk in (strange, 99999):
        answer = undo(api, pk)
        words = {"detail": f"Change not found with id={pk}"}
        assert (answer.status_code, answer.json()) == (404, words)
    assert Change.objects.filter(owner=bob).count() == 1


def test_what_a_session_did_is_taken_back(api: APIClient, alice: User) -> None:
    kept = api.post(TASKS, {"title": "a"}).json()
    robot = program_of(alice)
    session = ApiSession.objects.latest("created_at")
    since = timezone.now().isoformat()
    robot.patch(f"{TASKS}{kept['id']}", {"title": "robot", "priority": 1})
    robot.post(TASKS, {"title": "by robot"})
    api.patch(f"{TASKS}{kept['id']}", {"priority": 2})
    answer = api.post(f"/api/v1/sessions/{session.pk}/undo", {"since": since})
    assert answer.status_code == 200
    assert [each["fields"] for each in answer.json()["kept"]] == [["priority"]]
    assert len(answer.json()["undone"]) == 2
    present = api.get(TASKS).json()["items"]
    assert [(task["title"], task["priority"]) for task in present] == [("a", 2)]


def test_a_session_that_has_ended_can_be_taken_back_and_anothers_not(
    api: APIClient, alice: User, bob: User
) -> None:
    robot = program_of(alice)
    session = ApiSession.objects.latest("created_at").pk
    robot.post(TASKS, {"title": "by robot"})
    api.delete(f"/api/v1/sessions/{session}")
    since = {"since": "2026-01-01T00:00:00Z"}
    assert len(api.post(f"/api/v1/sessions/{session}/undo", since).json()["undone"]) == 1
    assert program_of(bob).post(f"/api/v1/sessions/{session}/undo", since).status_code == 404
    assert api.post(f"/api/v1/sessions/{uuid.uuid4()}/undo", since).status_code == 404
    for bad in ({}, {"since": "yesterday"}, {"since": "2026-01-01"}, {"since": 5}):
        answer = api.post(f"/api/v1/sessions/{session}/undo", bad)
        assert (answer.status_code, list(answer.json())) == (400, ["since"])


def test_the_inbox_is_in_the_feed_of_nobody_who_did_nothing(api: APIClient) -> None:
    assert TaskList.objects.count() == 1
    assert now_of(api) == Change.objects.count()


def test_what_is_told_as_undone_was_undone(api: APIClient, by_alice: Actor) -> None:
    lists = [api.post("/api/v1/lists/", {"name": name}).json()["id"] for name in ("one", "two")]
    task = api.post(TASKS, {"title": "a"}).json()["id"]
    for name, task_list in zip(("b", "c"), lists, strict=True):
        api.patch(f"{TASKS}{task}", {"title": name, "list": task_list})
    first = Change.objects.of(Task(pk=task, owner=by_alice.user))[1]
    answer = api.post(f"/api/v1/changes/{first.pk}/undo", {}).json()
    assert (answer["undone"], answer["kept"][0]["fields"]) == ([], ["title", "list"])


def test_undoing_twice_tells_of_nothing_more(api: APIClient, by_alice: Actor) -> None:
    task = api.post(TASKS, {"title": "a"}).json()["id"]
    api.patch(f"{TASKS}{task}", {"title": "b"})
    change = Change.objects.of(Task(pk=task, owner=by_alice.user))[0]
    assert api.post(f"/api/v1/changes/{change.pk}/undo", {}).json()["undone"]
    again = api.post(f"/api/v1/changes/{change.pk}/undo", {}).json()
    assert again == {"undone": [], "kept": []}


def test_the_recurrence_that_changed_since_is_named_once(api: APIClient, by_alice: Actor) -> None:
    weekly = {"rule": "FREQ=WEEKLY", "from": "completion"}
    task = api.post(TASKS, {"title": "a", "deadline": "2026-11-23"}).json()["id"]
    for recurrence in ({"rule": "FREQ=DAILY"}, weekly):
        api.patch(f"{TASKS}{task}", {"recurrence": recurrence})
    first = Change.objects.of(Task(pk=task, owner=by_alice.user))[1]
    answer = api.post(f"/api/v1/changes/{first.pk}/undo", {}).json()
    assert [each["fields"] for each in answer["kept"]] == [["recurrence"]]
