"""Quick add: the operation, then the API with its previews."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import program_of
from todos import operations
from todos.models import Change, Tag, Task, TaskList

NOW = datetime(2026, 11, 23, 13, 4, tzinfo=UTC)
ADD, PREVIEW = "/api/v1/tasks/quick", "/api/v1/tasks/quick/preview"
RULES = "/api/v1/recurrences/preview"


@pytest.fixture
def home(by_alice: Actor) -> TaskList:
    return operations.create_list(by=by_alice, name="Home")[0]


def add(text: str, by: Actor, **options: object) -> list[Task]:
    lines = operations.read_lines(text, by=by, at=NOW, below="parent" in options)
    return operations.quick_add(lines, by=by, at=NOW, **options)[0]


# The operation


def test_all_that_a_line_says_is_in_the_task(by_alice: Actor, home: TaskList) -> None:
    (task,) = add("Pay rent tomorrow 9am #home @bank p2 every month // by transfer", by_alice)
    assert (task.title, task.description, task.task_list) == ("Pay rent", "by transfer", home)
    assert (task.due_on, task.due_time, task.due_zone) == (date(2026, 11, 24), time(9), "")
    assert (task.priority, task.rule, task.repeats_from) == (2, "FREQ=MONTHLY", "due")
    assert task.anchor_on == date(2026, 11, 24)
    assert [tag.name for tag in task.tags.all()] == ["bank"]


def test_a_line_is_read_with_the_settings_of_the_person(alice: User) -> None:
    alice.time_zone, alice.date_order = "Pacific/Auckland", "mdy"
    (task,) = add("Call today", Actor(alice))
    assert task.due_on == date(2026, 11, 24)
    (task,) = add("Call 5/4", Actor(alice))
    assert task.due_on == date(2027, 5, 4)


def test_an_archived_list_is_called_archived(by_alice: Actor, home: TaskList) -> None:
    operations.archive_list(home, by=by_alice)
    (line,) = operations.read_lines("Paint #home", by=by_alice, at=NOW)
    assert (line.parsed.title, line.task_list) == ("Paint #home", None)
    assert line.parsed.hints == ("The list “Home” is archived.",)


def test_indented_lines_become_sub_tasks_of_the_same_list(by_alice: Actor, home: TaskList) -> None:
    text = "Trip #home\n  - Flights tomorrow\n    - Seats\n  - Hotel\nParty"
    tasks = add(text, by_alice)
    trip, flights, _seats, hotel, _party = tasks
    assert [task.title for task in tasks] == ["Trip", "Flights", "Seats", "Hotel", "Party"]
    assert [task.parent for task in tasks] == [None, trip, flights, trip, None]
    assert [task.task_list == home for task in tasks] == [True, True, True, True, False]
    assert len({task.noted.batch for task in tasks if task.noted}) == 1
    operations.undo_batch(Change.objects.get(uid=hotel.uid), by=by_alice)
    assert not Task.objects.visible_to(by_alice.user).exists()


def test_a_list_on_a_sub_task_stays_text(by_alice: Actor, home: TaskList) -> None:
    tasks = add("Trip\n  Flights #Home", by_alice)
    assert [task.title for task in tasks] == ["Trip", "Flights #Home"]
    (below,) = add("Seats #Home", by_alice, parent=tasks[0])
    assert (below.title, below.parent) == ("Seats #Home", tasks[0])


def test_one_line_that_is_refused_refuses_all(by_alice: Actor) -> None:
    with pytest.raises(ValidationError, match="Line 2") as refusal:
        add(f"Good @new\n{'x' * 201}", by_alice)
    assert set(refusal.value.message_dict) == {"text"}
    assert not Task.objects.exists()
    assert not Tag.objects.exists()


def test_what_a_line_does_not_say_is_as_the_caller_says(by_alice: Actor, home: TaskList) -> None:
    fields = {"task_list": home, "due_on": date(2026, 11, 23), "tags": ["one"], "priority": 3}
    (task,) = add("Sweep", by_alice, **fields)
    assert (task.task_list, task.due_on, task.priority) == (home, date(2026, 11, 23), 3)
    (task,) = add("Sweep friday @two p1", by_alice, **fields)
    assert (task.due_on, task.priority) == (date(2026, 11, 27), 1)
    assert [tag.name for tag in task.tags.order_by("name")] == ["one", "two"]


@pytest.mark.parametrize("text", ["", "  \n\t\n", "x\n" * 101, "a\n" + "x" * 1001])
def test_text_without_lines_or_with_too_many_is_refused(by_alice: Actor, text: str) -> None:
    with pytest.raises(ValidationError):
        add(text, by_alice)
    assert not Task.objects.exists()


def test_archived_and_trashed_lists_are_not_known(by_alice: Actor, home: TaskList) -> None:
    operations.archive_list(home, by=by_alice)
    (task,) = add("Sweep #Home", by_alice)
    assert (task.title, task.task_list.is_inbox) == ("Sweep #Home", True)


# The API


def test_a_line_is_added_over_the_api(api: APIClient, home: TaskList) -> None:
    answer = api.post(ADD, {"text": "Buy oat milk 2027-01-27 17:00 #home @shop p1"})
    assert answer.status_code == 201
    task = answer.json()
    assert task == api.get(f"/api/v1/tasks/{task['id']}").json()
    expected = {
        "title": "Buy oat milk", "deadline": "2027-01-27", "due_time": "17:00", "due_zone": None,
        "list": home.pk, "tags": ["shop"], "priority": 1,
    }  # fmt: skip
    assert {name: task[name] for name in expected} == expected


def test_several_lines_answer_the_first_task_and_all(api: APIClient) -> None:
    answer = api.post(ADD, {"text": "Trip\n\tFlights\n\tHotel"})
    assert answer.status_code == 201
    tasks = answer.json().pop("tasks")
    assert [task["title"] for task in tasks] == ["Trip", "Flights", "Hotel"]
    assert answer.json() | {"tasks": None} == tasks[0] | {"tasks": None}
    assert Task.objects.get(title="Hotel").parent == Task.objects.get(title="Trip")


def test_adding_again_with_the_same_uid_changes_nothing(api: APIClient) -> None:
    body = {"text": "Trip\n  Flights", "uid": str(uuid.uuid4())}
    first, second = api.post(ADD, body), api.post(ADD, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["id"] == first.json()["id"]
    assert Task.objects.count() == 2
    api.delete(f"/api/v1/tasks/{first.json()['id']}")
    assert api.post(ADD, body).status_code == 409


def test_the_zone_of_the_program_decides_what_today_is(api: APIClient) -> None:
    body = {"text": "Call today", "now": "2026-11-23T13:04:00Z"}
    assert api.post(PREVIEW, body).json()["deadline"] == "2026-11-23"
    answer = api.post(PREVIEW, body, headers={"X-Timezone": "Pacific/Auckland"})
    assert answer.json()["deadline"] == "2026-11-24"


def test_a_preview_tells_what_was_understood_and_adds_nothing(
    api: APIClient, home: TaskList
) -> None:
    text = "Pay rent every month on the 31st at 9 #home #Hoem // soon"
    answer = api.post(PREVIEW, {"text": text, "now": "2026-11-23T13:04:00Z"})
    assert answer.status_code == 200
    assert answer.json() == {
        "title": "Pay rent #Hoem",
        "description": "soon",
        "list": home.pk,
        "tags": [],
        "priority": 4,
        "deadline": "2026-11-30",
        "due_time": "09:00",
        "due_zone": None,
        "start": None,
        "recurrence": {
            "rule": "FREQ=MONTHLY;BYMONTHDAY=31",
            "from": "due",
            "text": "every month on the 31st",
        },
        "next": [
            "2026-11-30T09:00",
            "2026-12-31T09:00",
            "2027-01-31T09:00",
            "2027-02-28T09:00",
            "2027-03-31T09:00",
        ],
        "spans": [
            {"start": 9, "end": 32, "kind": "recurrence", "text": "every month on the 31st"},
            {"start": 33, "end": 37, "kind": "time", "text": "at 9"},
            {"start": 38, "end": 43, "kind": "list", "text": "#home"},
            {"start": 50, "end": 57, "kind": "description", "text": "// soon"},
        ],
        "hints": ["There is no list called “Hoem”."],
        "line": text,
        "depth": 0,
    }
    assert not Task.objects.exists()


def test_a_preview_of_several_lines_shows_each(api: APIClient, home: TaskList) -> None:
    answer = api.post(PREVIEW, {"text": "Trip #Home\n  - Flights friday\nParty"}).json()
    assert [line["title"] for line in answer["lines"]] == ["Trip", "Flights", "Party"]
    assert [line["depth"] for line in answer["lines"]] == [0, 1, 0]
    assert [line["list"] == home.pk for line in answer["lines"]] == [True, True, False]
    assert answer["lines"][1]["spans"][0]["start"] == len("Flights ")
    assert answer["title"] == "Trip"


def test_lists_and_tags_of_others_are_not_known(api: APIClient, bob: User) -> None:
    operations.create_list(by=Actor(bob), name="Secret")
    assert api.post(PREVIEW, {"text": "x #Secret"}).json()["hints"]
    assert api.post(ADD, {"text": "x #Secret"}).json()["title"] == "x #Secret"
    uid = str(uuid.uuid4())
    program_of(bob).post(ADD, {"text": "His", "uid": uid})
    assert api.post(ADD, {"text": "Mine", "uid": uid}).status_code == 201


@pytest.mark.parametrize("path", [ADD, PREVIEW, RULES])
def test_nobody_is_let_in_without_a_token(db: None, path: str) -> None:
    assert program_of().post(path, {"text": "x"}).status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (ADD, {}, "text"),
        (ADD, {"text": ""}, "text"),
        (ADD, {"text": 1}, "text"),
        (ADD, {"text": "x", "title": "y"}, "title"),
        (ADD, {"text": "x", "uid": "y"}, "uid"),
        (ADD, {"text": "x" * 201}, "text"),
        (ADD, {"text": "a\u0000b"}, "detail"),
        (PREVIEW, {"text": " "}, "text"),
        (PREVIEW, {"text": "x", "now": "2026-11-23"}, "now"),
        (PREVIEW, {"text": "x", "now": "2026-11-23T13:04:00"}, "now"),
        (PREVIEW, {"text": "x", "now": 1}, "now"),
        (PREVIEW, {"text": "x", "uid": str(uuid.uuid4())}, "uid"),
        (RULES, {"rule": "FREQ=SECONDLY"}, "rule"),
        (RULES, {"text": "soon"}, "text"),
        (RULES, {"text": "daily", "from": "today"}, "from"),
        (RULES, {"text": "daily", "due_zone": "Nowhere", "due_time": "09:00"}, "due_zone"),
        (RULES, {"text": "daily", "due_zone": "Europe/London"}, "due_zone"),
        (RULES, {"text": "daily", "deadline": "1/1/2027"}, "deadline"),
        (RULES, {"text": "daily", "until": "x"}, "until"),
    ],
)
def test_what_is_wrong_is_named(api: APIClient, path: str, body: object, field: str) -> None:
    answer = api.post(path, body)
    assert answer.status_code == 400
    assert set(answer.json()) == {field}


@pytest.mark.parametrize("body", [{}, {"rule": "FREQ=DAILY", "text": "daily"}])
def test_a_rule_or_words_must_be_sent_and_not_both(api: APIClient, body: object) -> None:
    assert api.post(RULES, body).status_code == 400


def test_a_rule_is_previewed_in_words_with_its_next_days(api: APIClient) -> None:
    body = {"rule": "freq=weekly;byday=fr,mo;interval=2", "now": "2026-11-23T13:04:00Z"}
    assert api.post(RULES, body).json() == {
        "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
        "from": "due",
        "text": "every 2 weeks on Monday and Friday",
        "next": ["2026-11-23", "2026-11-27", "2026-12-07", "2026-12-11", "2026-12-21"],
    }


def test_words_are_previewed_as_a_rule(api: APIClient) -> None:
    body = {"text": "every! 3 days at 9", "now": "2026-11-23T13:04:00Z"}
    answer = api.post(RULES, body).json()
    assert answer["rule"] == "FREQ=DAILY;INTERVAL=3"
    assert (answer["from"], answer["text"]) == ("completion", "every! 3 days")
    assert answer["next"][:2] == ["2026-11-24T09:00", "2026-11-27T09:00"]
    assert api.post(RULES, body | {"from": "due"}).json()["from"] == "due"


def test_a_rule_is_reckoned_from_the_day_it_begins_with_in_its_zone(api: APIClient) -> None:
    body = {
        "rule": "FREQ=MONTHLY", "deadline": "2027-01-31", "due_time": "09:00",
        "due_zone": "America/New_York", "now": "2026-11-23T13:04:00Z",
    }  # fmt: skip
    following = api.post(RULES, body).json()["next"]
    assert following[:3] == ["2027-01-31T09:00", "2027-02-28T09:00", "2027-03-31T09:00"]


def test_the_routes_are_in_the_schema(api: APIClient) -> None:
    paths = api.get("/api/v1/schema/?format=json").json()
    for path in (ADD, PREVIEW, RULES):
        assert "post" in paths["paths"][path]
    fields = paths["components"]["schemas"]["Preview"]["properties"]
    assert {"from", "rule", "text"} == set(
        paths["components"]["schemas"]["Recurrence"]["properties"]
    )
    assert {*api.post(PREVIEW, {"text": "x"}).json(), "lines"} == set(fields)


@pytest.mark.parametrize("slash", ["", "/"])
def test_routes_answer_with_and_without_their_slash(api: APIClient, slash: str) -> None:
    assert api.post(ADD + slash, {"text": "x"}).status_code == 201
