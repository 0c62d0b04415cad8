"""Sections, sub-tasks, repetition and what is done to a task, over the API."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Completion, Section, Task, TaskList

TASKS = "/api/v1/tasks/"
SECTIONS = "/api/v1/sections/"
DAILY = {"rule": "FREQ=DAILY", "from": "due", "text": "every day"}
MONDAY = date(2099, 11, 23)


@pytest.fixture
def home(by_alice: Actor) -> TaskList:
    return operations.create_list(by=by_alice, name="Home")[0]


@pytest.fixture
def kitchen(by_alice: Actor, home: TaskList) -> Section:
    return operations.create_section(by=by_alice, task_list=home, name="Kitchen")[0]


@pytest.fixture
def daily(by_alice: Actor) -> Task:
    return make_task(by_alice, "Water", due_on=MONDAY, rule="FREQ=DAILY")


def act(api: APIClient, task: Task, verb: str, body: Any = None) -> Any:
    return api.post(f"{TASKS}{task.pk}/{verb}", body)


# Sections


def test_a_section_is_made_read_changed_and_deleted(
    api: APIClient, by_alice: Actor, home: TaskList
) -> None:
    uid = str(uuid.uuid4())
    answer = api.post(SECTIONS, {"list": home.pk, "name": "Kitchen", "uid": uid})
    section = answer.json()
    assert answer.status_code == 201
    assert section == {
        "id": section["id"],
        "uid": uid,
        "list": home.pk,
        "name": "Kitchen",
        "position": section["position"],
    }
    assert api.post(SECTIONS, {"list": home.pk, "name": "x", "uid": uid}).status_code == 200
    address = f"{SECTIONS}{section['id']}"
    assert api.get(address).json() == section
    assert api.patch(address, {"name": "Bath"}).json() == section | {"name": "Bath"}
    assert api.patch(address, section | {"position": 3}).json()["position"] == 3
    task = make_task(by_alice, task_list=home, section=Section.objects.get())
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404
    assert api.get(f"{TASKS}{task.pk}").json()["section"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "list"),
        ({"list": None, "name": "x"}, "list"),
        ({"list": 99999, "name": "x"}, "list"),
        ({"list": "1", "name": "x"}, "list"),
        ({"name": ""}, "name"),
        ({"name": "x", "color": "red"}, "color"),
    ],
)
def test_a_bad_section_is_refused(
    api: APIClient, home: TaskList, body: dict[str, Any], field: str
) -> None:
    whole = {"list": home.pk} | body if field not in {"list"} else body
    answer = api.post(SECTIONS, whole)
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_section_stays_in_its_list(api: APIClient, kitchen: Section, inbox: TaskList) -> None:
    answer = api.patch(f"{SECTIONS}{kitchen.pk}", {"list": inbox.pk})
    assert answer.json() == {"list": ["This field cannot be changed."]}


def test_sections_of_one_list_are_listed_in_order(
    api: APIClient, by_alice: Actor, home: TaskList, kitchen: Section, inbox: TaskList
) -> None:
    operations.create_section(by=by_alice, task_list=inbox, name="Later")
    operations.create_section(by=by_alice, task_list=home, name="Attic", position=0)

    def names(query: str) -> list[str]:
        return [each["name"] for each in api.get(SECTIONS + query).json()["items"]]

    assert names("") == ["Attic", "Kitchen", "Later"]
    assert names(f"?list={home.pk}") == ["Attic", "Kitchen"]
    assert names(f"?list={home.pk}&limit=1") == ["Attic"]
    assert api.get(f"{SECTIONS}?list=99999").status_code == 400
    operations.trash_list(home, by=by_alice)
    assert names("") == ["Later"]
    assert api.get(f"{SECTIONS}{kitchen.pk}").status_code == 404


def test_anothers_section_does_not_exist(bob: User, kitchen: Section) -> None:
    strange = program_of(bob)
    words = {"detail": f"Section not found with id={kitchen.pk}"}
    for method in ("get", "patch", "delete"):
        answer = getattr(strange, method)(f"{SECTIONS}{kitchen.pk}")
        assert (answer.status_code, answer.json()) == (404, words)
    assert strange.post(TASKS, {"title": "x", "section": kitchen.pk}).status_code == 400


# Where a task is


def test_a_task_is_put_into_a_section_or_below_another(
    api: APIClient, home: TaskList, kitchen: Section
) -> None:
    parent = api.post(TASKS, {"title": "Cook", "section": kitchen.pk}).json()
    assert (parent["list"], parent["section"], parent["parent"]) == (home.pk, kitchen.pk, None)
    child = api.post(TASKS, {"title": "Chop", "parent": parent["id"]}).json()
    assert (child["list"], child["section"], child["parent"]) == (home.pk, None, parent["id"])
    out = api.patch(f"{TASKS}{child['id']}", {"parent": None}).json()
    assert (out["list"], out["parent"]) == (home.pk, None)
    loop = api.patch(f"{TASKS}{parent['id']}", {"parent": parent["id"]})
    assert (loop.status_code, list(loop.json())) == (400, ["parent"])


@pytest.mark.parametrize("field", ["section", "parent"])
@pytest.mark.parametrize("value", [0, -1, "1", True, 1.0, [], {}, 99999, 2**63 - 1])
def test_a_place_that_does_not_exist_is_refused(api: APIClient, field: str, value: Any) -> None:
    answer = api.post(TASKS, {"title": "x", field: value})
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_task_is_moved_beside_another(
    api: APIClient, by_alice: Actor, home: TaskList, kitchen: Section
) -> None:
    first, second, third = (make_task(by_alice, name, task_list=home) for name in "abc")

    def order() -> list[str]:
        query = f"?list={home.pk}&ordering=position"
        return [task["title"] for task in api.get(TASKS + query).json()["items"]]

    answer = act(api, third, "move", {"before": first.pk})
    assert (answer.status_code, answer.json()["title"]) == (200, "c")
    assert answer.headers["ETag"] == f'"v{answer.json()["version"]}"'
    assert order() == ["c", "a", "b"]
    assert act(api, third, "move", {"after": first.pk}).status_code == 200
    assert order() == ["a", "c", "b"]
    assert act(api, first, "move").status_code == 200
    assert order() == ["c", "b", "a"]
    assert act(api, second, "move", {"section": kitchen.pk}).json()["section"] == kitchen.pk
    assert act(api, second, "move", {"parent": first.pk}).json()["parent"] == first.pk


@pytest.mark.parametrize("field", ["list", "section", "parent", "before", "after"])
def test_a_move_to_what_does_not_exist_names_it(
    api: APIClient, by_alice: Actor, field: str
) -> None:
    answer = act(api, make_task(by_alice), "move", {field: 99999})
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_move_that_cannot_be_is_refused(api: APIClient, by_alice: Actor, home: TaskList) -> None:
    task, other = make_task(by_alice), make_task(by_alice, task_list=home)
    child = make_task(by_alice, parent=task)
    for body, field in (
        ({"before": other.pk, "after": other.pk}, "after"),
        ({"parent": child.pk}, "parent"),
        ({"before": task.pk}, "before"),
        ({"list": home.pk, "before": child.pk}, "before"),
        ({"position": 1}, "position"),
    ):
        answer = act(api, task, "move", body)
        assert (answer.status_code, list(answer.json())) == (400, [field]), body


# How it repeats


def test_a_rule_is_read_and_written(api: APIClient) -> None:
    body = {"title": "Rent", "deadline": "2026-01-31"}
    rule = {"rule": "FREQ=MONTHLY;BYMONTHDAY=31", "from": "due"}
    task = api.post(TASKS, body | {"recurrence": rule}).json()
    assert task["recurrence"] == rule | {"text": "every month on the 31st"}
    address = f"{TASKS}{task['id']}"
    same = api.patch(address, {"recurrence": task["recurrence"]}).json()
    assert (same["recurrence"], same["version"]) == (task["recurrence"], task["version"])
    done = api.patch(address, {"recurrence": {"rule": "FREQ=DAILY", "from": "completion"}}).json()
    assert done["recurrence"] == {
        "rule": "FREQ=DAILY", "from": "completion", "text": "every! day",
    }  # fmt: skip
    assert api.patch(address, {"title": "x"}).json()["recurrence"] == done["recurrence"]
    assert api.put(address, {"title": "x"}).json()["recurrence"] == done["recurrence"]
    assert api.patch(address, {"recurrence": None}).json()["recurrence"] is None


def test_a_rule_is_written_in_words(api: APIClient) -> None:
    words = {"text": "every 2 weeks on Monday"}
    task = api.post(TASKS, {"title": "x", "recurrence": words, "deadline": "2099-11-23"}).json()
    assert task["recurrence"]["rule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    assert (task["deadline"], task["due_time"]) == ("2099-11-23", None)
    daily = api.post(TASKS, {"title": "x", "recurrence": {"text": "every! day at 9am"}}).json()
    assert daily["recurrence"]["from"] == "completion"
    assert (daily["due_time"], bool(daily["deadline"])) == ("09:00", True)


def test_words_name_the_first_day_only_of_a_task_that_has_none(api: APIClient) -> None:
    task = api.post(TASKS, {"title": "x", "deadline": "2099-11-23"}).json()
    address, words = f"{TASKS}{task['id']}", {"recurrence": {"text": "every day"}}
    assert api.patch(address, words).json()["deadline"] == "2099-11-23"
    today = timezone.now().date().isoformat()
    assert api.put(address, {"title": "x"} | words).json()["deadline"] == today


def test_words_are_read_where_the_person_is(api: APIClient, alice: User) -> None:
    here = timezone.now()
    for zone, day in (("Pacific/Kiritimati", 14), ("Etc/GMT+12", -12)):
        task = api.post(
            TASKS,
            {"title": "x", "recurrence": {"text": "every day"}},
            headers={"X-Timezone": zone},
        ).json()
        assert task["deadline"] == (here + timedelta(hours=day)).date().isoformat()


@pytest.mark.parametrize(
    "value",
    [
        "every day",
        [],
        {},
        {"from": "due"},
        {"rule": 5},
        {"rule": None},
        {"rule": ""},
        {"rule": "FREQ=SECONDLY"},
        {"rule": "FREQ=DAILY;INTERVAL=0"},
        {"rule": "FREQ=DAILY;COUNT=1000000000"},
        {"rule": "FREQ=DAILY", "from": "start"},
        {"rule": "FREQ=DAILY", "text": "every week"},
        {"rule": "FREQ=DAILY", "zone": "UTC"},
        {"rule": "X" * 5000},
        {"text": "sometimes"},
        {"text": ""},
        {"text": "every day " * 5000},
        {"text": "every day", "from": "completion"},
    ],
)
def test_what_is_no_rule_is_refused(api: APIClient, value: Any) -> None:
    answer = api.post(TASKS, {"title": "x", "deadline": "2026-11-23", "recurrence": value})
    assert (answer.status_code, list(answer.json())) == (400, ["recurrence"])
    assert answer.json()["recurrence"]


def test_a_start_is_a_day(api: APIClient) -> None:
    task = api.post(TASKS, {"title": "x", "start": "2026-11-20"}).json()
    assert task["start"] == "2026-11-20"
    assert api.patch(f"{TASKS}{task['id']}", {"start": None}).json()["start"] is None
    for bad in ("2026-02-30", "1969-12-31", "2201-01-01", "tomorrow", 5):
        assert api.patch(f"{TASKS}{task['id']}", {"start": bad}).json().keys() == {"start"}


# What is done to it


def complete(api: APIClient, task: Task, body: Any) -> Any:
    return api.put(f"{TASKS}complete/{task.pk}", body)


def test_an_occurrence_is_completed_once(api: APIClient, daily: Task) -> None:
    body = {"completed": True, "occurrence": "2099-11-23"}
    for _ in range(2):
        task = complete(api, daily, body).json()
        assert (task["completed"], task["deadline"]) == (False, "2099-11-24")
    assert Completion.objects.count() == 1
    wrong = complete(api, daily, {"completed": True, "occurrence": "2099-11-30"})
    assert wrong.status_code == 409
    assert wrong.json()["task"] == api.get(f"{TASKS}{daily.pk}").json()
    back = complete(api, daily, body | {"completed": False}).json()
    assert back["deadline"] == "2099-11-23"
    assert complete(api, daily, {"completed": True, "occurrence": None}).status_code == 409


def test_a_task_is_completed_for_ever(api: APIClient, daily: Task) -> None:
    assert complete(api, daily, {"completed": True, "forever": True}).json()["completed"] is True


def test_open_sub_tasks_are_shown_until_it_is_said_what_becomes_of_them(
    api: APIClient, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    child = make_task(by_alice, "child", parent=task)
    asked = complete(api, task, {"completed": True})
    assert asked.status_code == 409
    assert asked.json()["children"] == [api.get(f"{TASKS}{child.pk}").json()]
    assert "sub-tasks" in asked.json()["detail"]
    done = complete(api, task, {"completed": True, "children": "complete"})
    assert done.json()["completed"] is True
    assert api.get(f"{TASKS}{child.pk}").json()["completed"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"completed": True, "occurrence": "tomorrow"}, "occurrence"),
        ({"completed": True, "occurrence": "2099-02-30"}, "occurrence"),
        ({"completed": True, "occurrence": "2099-11-23T24:00"}, "occurrence"),
        ({"completed": True, "occurrence": "2099-11-23T09:00:00"}, "occurrence"),
        ({"completed": True, "occurrence": 5}, "occurrence"),
        ({"completed": True, "children": "ask"}, "children"),
        ({"completed": True, "forever": 1}, "forever"),
        ({"completed": False, "forever": True}, "forever"),
        ({"completed": False, "children": "leave"}, "children"),
        ({"occurrence": None}, "completed"),
        ({"completed": True, "at": "now"}, "at"),
    ],
)
def test_a_completion_that_makes_no_sense_is_named(
    api: APIClient, daily: Task, body: Any, field: str
) -> None:
    answer = complete(api, daily, body)
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_an_occurrence_is_skipped(api: APIClient, daily: Task, by_alice: Actor) -> None:
    assert act(api, daily, "skip").json()["deadline"] == "2099-11-24"
    named = act(api, daily, "skip", {"occurrence": "2099-11-24"})
    assert named.json()["deadline"] == "2099-11-25"
    assert act(api, daily, "skip", {"occurrence": "2099-11-24"}).status_code == 409
    assert not Completion.objects.exists()
    assert act(api, make_task(by_alice), "skip").json() == {"detail": "This task does not repeat."}


def test_an_occurrence_is_postponed(api: APIClient, daily: Task) -> None:
    task = act(api, daily, "postpone", {"deadline": "2099-11-30"}).json()
    assert (task["deadline"], task["recurrence"]) == ("2099-11-30", DAILY)
    for bad in ({}, {"deadline": None}, {"deadline": "2099-02-30"}, {"deadline": "2201-01-01"}):
        answer = act(api, daily, "postpone", bad)
        assert (answer.status_code, list(answer.json())) == (400, ["deadline"])


@pytest.mark.parametrize("verb", ["skip", "postpone", "move"])
def test_a_trashed_task_is_not_there(
    api: APIClient, by_alice: Actor, daily: Task, verb: str
) -> None:
    operations.trash_task(daily, by=by_alice)
    assert act(api, daily, verb, {}).status_code == 404


def test_a_rule_that_never_meets_its_days_has_no_next_and_ends(
    api: APIClient, page: Client, by_alice: Actor
) -> None:
    """Every 7 days from a Tuesday is never a Monday."""
    rule = "FREQ=DAILY;INTERVAL=7;BYDAY=MO"
    task = make_task(by_alice, "Water", due_on=date(2099, 11, 24), rule=rule)
    assert api.get(f"{TASKS}{task.pk}").json()["deadline"] == "2099-11-24"
    for address in (f"/tasks/{task.pk}", "/upcoming"):
        assert "Water" in page.get(address).content.decode()
    assert act(api, task, "skip").status_code == 400
    assert act(api, task, "postpone", {"deadline": "2099-11-25"}).status_code == 200
    assert page.get(f"/tasks/{task.pk}").status_code == 200
    assert complete(api, task, {"completed": True}).json()["completed"] is True
    assert complete(api, task, {"completed": False}).json()["completed"] is False


@pytest.mark.parametrize(
    ("verb", "body"), [("skip", {}), ("postpone", {"deadline": "2099-12-01"}), ("move", {})]
)
def test_an_old_version_is_left_alone(api: APIClient, daily: Task, verb: str, body: Any) -> None:
    address = f"{TASKS}{daily.pk}/{verb}"
    assert api.post(address, body, headers={"If-Match": '"v7"'}).status_code == 412
    assert api.post(address, body, headers={"If-Match": '"v1"'}).status_code == 200


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
@pytest.mark.parametrize("body", [{"completed": True}, {}])
def test_a_task_that_cannot_be_is_not_found_whatever_is_sent(
    api: APIClient, pk: int, body: dict[str, Any]
) -> None:
    answer = api.put(f"/api/v1/tasks/complete/{pk}", body)
    assert (answer.status_code, answer.json()) == (404, {"detail": f"Task not found with id={pk}"})
