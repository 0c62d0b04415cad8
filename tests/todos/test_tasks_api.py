"""Tasks over the API, line by line as docs/api.md has them."""

import uuid
from datetime import datetime

import pytest
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Task, TaskList

FIELDS = {
    "id", "title", "description", "deadline", "completed", "last_update", "created_at",
    "owner_id", "owner", "uid", "list", "tags", "priority", "due_time", "due_zone",
    "section", "parent", "start", "recurrence", "completed_at", "trashed_at", "position", "version",
}  # fmt: skip


def titles(answer: object) -> list[str]:
    return [item["title"] for item in answer.json()["items"]]  # type: ignore[attr-defined]


def test_a_new_task_is_answered_whole(api: APIClient, alice: User, inbox: TaskList) -> None:
    answer = api.post("/api/v1/tasks/", {"title": "Buy oat milk", "description": "2 l"})
    task = answer.json()
    assert answer.status_code == 201
    assert set(task) == FIELDS
    assert task["owner"] == {
        "id": alice.pk,
        "email": "alice@example.com",
        "created_at": alice.created_at.isoformat().replace("+00:00", "Z"),
    }
    expected = {
        "title": "Buy oat milk", "description": "2 l", "deadline": None, "completed": False,
        "owner_id": alice.pk, "list": inbox.pk, "tags": [], "priority": 4, "due_time": None,
        "due_zone": None, "completed_at": None, "trashed_at": None, "version": 1,
    }  # fmt: skip
    assert {name: task[name] for name in expected} == expected
    assert datetime.fromisoformat(task["created_at"]).tzinfo
    assert api.get(f"/api/v1/tasks/{task['id']}").json() == task


def test_all_that_a_task_has_can_be_given_at_once(api: APIClient, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    given = {
        "title": "Call", "description": "about rent", "deadline": "2026-11-24", "list": home.pk,
        "tags": ["phone", "Rent"], "priority": 1, "due_time": "09:30", "due_zone": "Asia/Tokyo",
        "uid": str(uuid.uuid4()),
    }  # fmt: skip
    task = api.post("/api/v1/tasks/", given).json()
    assert {name: task[name] for name in given} == given


def test_form_data_is_taken_too(api: APIClient) -> None:
    data = {"title": "Form", "priority": "2", "tags": ["a", "b"]}
    answer = api.post("/api/v1/tasks/", data, format="multipart")
    assert answer.status_code == 201
    assert (answer.json()["priority"], answer.json()["tags"]) == (2, ["a", "b"])


def test_a_known_uid_answers_200_and_the_task(api: APIClient) -> None:
    given = {"title": "One", "uid": str(uuid.uuid4())}
    first = api.post("/api/v1/tasks/", given)
    again = api.post("/api/v1/tasks/", given | {"title": "Two"})
    assert (again.status_code, again.json()) == (200, first.json())
    api.delete(f"/api/v1/tasks/{first.json()['id']}")
    assert api.post("/api/v1/tasks/", given).status_code == 409


def test_patch_touches_only_what_it_names(api: APIClient, by_alice: Actor) -> None:
    task = make_task(by_alice, description="words", tags=["a"], priority=2)
    before = api.get(f"/api/v1/tasks/{task.pk}").json()
    assert api.patch(f"/api/v1/tasks/{task.pk}", {}).json() == before
    after = api.patch(f"/api/v1/tasks/{task.pk}", {"title": "Other"}).json()
    moved = {"title": "Other", "version": 2, "last_update": after["last_update"]}
    assert after == before | moved
    assert after["last_update"] > before["last_update"]


def test_put_replaces_the_first_three_fields_alone(api: APIClient, by_alice: Actor) -> None:
    task = make_task(by_alice, description="words", tags=["a"], priority=2)
    operations.change_task(task, by=by_alice, due_on="2026-11-24")  # type: ignore[arg-type]
    after = api.put(f"/api/v1/tasks/{task.pk}", {"title": "Other"}).json()
    assert (after["title"], after["deadline"], after["description"]) == ("Other", None, "words")
    assert (after["tags"], after["priority"]) == (["a"], 2)
    answer = api.put(f"/api/v1/tasks/{task.pk}", {"description": ""})
    assert (answer.status_code, list(answer.json())) == (400, ["title"])


def test_completing_and_opening_again(api: APIClient, by_alice: Actor) -> None:
    task = make_task(by_alice)
    first = api.put(f"/api/v1/tasks/complete/{task.pk}", {"completed": True})
    again = api.put(f"/api/v1/tasks/complete/{task.pk}", {"completed": True})
    assert (first.status_code, first.json()["completed"]) == (200, True)
    assert again.json() == first.json()
    back = api.put(f"/api/v1/tasks/complete/{task.pk}", {"completed": False}).json()
    assert (back["completed"], back["completed_at"], back["version"]) == (False, None, 3)


def test_a_deleted_task_is_in_the_trash_and_nowhere_else(api: APIClient, by_alice: Actor) -> None:
    task = make_task(by_alice)
    assert api.delete(f"/api/v1/tasks/{task.pk}").status_code == 204
    gone = {"detail": f"Task not found with id={task.pk}"}
    for method, route in (
        (api.put, "tasks/{}"),
        (api.patch, "tasks/{}"),
        (api.delete, "tasks/{}"),
        (api.put, "tasks/complete/{}"),
    ):
        answer = method(f"/api/v1/{route.format(task.pk)}", {"title": "x", "completed": True})
        assert (answer.status_code, answer.json()) == (404, gone)
    assert api.get(f"/api/v1/tasks/{task.pk}").json() == gone
    assert api.get("/api/v1/tasks/").json()["total"] == 0
    assert api.post(f"/api/v1/tasks/{task.pk}/restore").json()["trashed_at"] is None
    assert api.get("/api/v1/tasks/").json()["total"] == 1


def test_another_persons_task_does_not_exist(api: APIClient, bob: User) -> None:
    task = make_task(Actor(bob))
    never = api.get(f"/api/v1/tasks/{task.pk + 1}").json()
    foreign = api.get(f"/api/v1/tasks/{task.pk}").json()
    assert foreign == {"detail": f"Task not found with id={task.pk}"}
    assert never == {"detail": f"Task not found with id={task.pk + 1}"}


def test_another_persons_list_is_no_list(api: APIClient, bob: User) -> None:
    theirs = TaskList.objects.get(owner=bob)
    foreign = api.post("/api/v1/tasks/", {"title": "x", "list": theirs.pk})
    never = api.post("/api/v1/tasks/", {"title": "x", "list": 10**6})
    assert (foreign.status_code, never.status_code) == (400, 400)
    assert str(foreign.json()).replace(str(theirs.pk), "N") == str(never.json()).replace(
        "1000000", "N"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": 5}, "title"),
        ({"title": None}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "x", "description": None}, "description"),
        ({"title": "x", "description": "x" * 10_001}, "description"),
        ({"title": "x", "deadline": "2026-02-30"}, "deadline"),
        ({"title": "x", "deadline": "0000-01-01"}, "deadline"),
        ({"title": "x", "deadline": "10000-01-01"}, "deadline"),
        ({"title": "x", "deadline": "1969-12-31"}, "deadline"),
        ({"title": "x", "deadline": "9999-12-31-12:00"}, "deadline"),
        ({"title": "x", "deadline": "\uff12026-01-01"}, "deadline"),
        ({"title": "x", "deadline": "20260101"}, "deadline"),
        ({"title": "x", "deadline": 20260101}, "deadline"),
        ({"title": "x", "deadline": "2026-01-01", "due_time": "24:00"}, "due_time"),
        ({"title": "x", "deadline": "2026-01-01", "due_time": "09:60"}, "due_time"),
        ({"title": "x", "due_time": "09:00"}, "due_time"),
        ({"title": "x", "deadline": "2026-01-01", "due_zone": "UTC"}, "due_zone"),
        (
            {"title": "x", "deadline": "2026-01-01", "due_time": "09:00", "due_zone": "Mars/X"},
            "due_zone",
        ),
        (
            {
                "title": "x",
                "deadline": "2026-01-01",
                "due_time": "09:00",
                "due_zone": "../../etc/passwd",
            },
            "due_zone",
        ),
        ({"title": "x", "priority": 0}, "priority"),
        ({"title": "x", "priority": 5}, "priority"),
        ({"title": "x", "priority": True}, "priority"),
        ({"title": "x", "priority": "1"}, "priority"),
        ({"title": "x", "priority": 2**62}, "priority"),
        ({"title": "x", "tags": "a"}, "tags"),
        ({"title": "x", "tags": ["a,b"]}, "tags"),
        ({"title": "x", "tags": [""]}, "tags"),
        ({"title": "x", "tags": [str(number) for number in range(51)]}, "tags"),
        ({"title": "x", "list": True}, "list"),
        ({"title": "x", "list": 0}, "list"),
        ({"title": "x", "list": None}, "list"),
        ({"title": "x", "uid": "nonsense"}, "uid"),
        ({"title": "x", "id": 7}, "id"),
        ({"title": "x", "owner": 7}, "owner"),
        ({"title": "x", "owner_id": 7}, "owner_id"),
        ({"title": "x", "completed": True}, "completed"),
        ({"title": "x", "version": 7}, "version"),
        ({"title": "x", "is_staff": True}, "is_staff"),
        ({"title": "x", "__proto__": {}}, "__proto__"),
        ({"title": "x", "owner_id__in": [1]}, "owner_id__in"),
    ],
)
def test_a_bad_field_is_400_and_named(api: APIClient, body: dict[str, object], field: str) -> None:
    answer = api.post("/api/v1/tasks/", body)
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert not Task.objects.exists()


def test_a_day_that_does_not_exist_is_named_so(api: APIClient) -> None:
    answer = api.post("/api/v1/tasks/", {"title": "x", "deadline": "2026-02-30"})
    assert answer.json() == {"deadline": ["There is no such day."]}


def test_an_unchanged_read_only_field_is_no_error(api: APIClient, by_alice: Actor) -> None:
    task = api.get(f"/api/v1/tasks/{make_task(by_alice).pk}").json()
    answer = api.patch(f"/api/v1/tasks/{task['id']}", task)
    assert (answer.status_code, answer.json()) == (200, task)


def test_all_tasks_outside_the_trash_are_listed_newest_first(
    api: APIClient, by_alice: Actor, bob: User
) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    make_task(by_alice, "open")
    operations.complete_task(make_task(by_alice, "done"), by=by_alice)
    make_task(by_alice, "in a list", task_list=home)
    operations.trash_task(make_task(by_alice, "trashed"), by=by_alice)
    make_task(Actor(bob), "Bob's")
    assert titles(api.get("/api/v1/tasks/")) == ["in a list", "done", "open"]


def test_pages_have_one_envelope(api: APIClient, by_alice: Actor) -> None:
    empty = api.get("/api/v1/tasks/").json()
    assert empty == {"items": [], "total": 0, "page": 1, "size": 50, "pages": 0}
    for number in range(3):
        make_task(by_alice, str(number))
    first = api.get("/api/v1/tasks/?size=2").json()
    assert {name: first[name] for name in ("total", "page", "size", "pages")} == {
        "total": 3, "page": 1, "size": 2, "pages": 2,
    }  # fmt: skip
    assert titles(api.get("/api/v1/tasks/?page=2&size=2")) == ["0"]
    assert api.get("/api/v1/tasks/?page=3&size=2").json()["items"] == []


def test_lists_are_filtered(api: APIClient, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    make_task(by_alice, "Buy MILK 100%", task_list=home, tags=["Errand"])
    operations.complete_task(make_task(by_alice, "Call", description="milk_man"), by=by_alice)
    for query, expected in (
        ("completed=true", ["Call"]),
        ("completed=false", ["Buy MILK 100%"]),
        (f"list={home.pk}", ["Buy MILK 100%"]),
        ("tag=errand", ["Buy MILK 100%"]),
        ("search=milk", ["Buy MILK 100%", "Call"]),
        ("search=buy+milk", ["Buy MILK 100%"]),
        ("search=100%25", ["Buy MILK 100%"]),
        ("search=k_m", []),
        ("search=milk_m", ["Call"]),
        ("search=", ["Call", "Buy MILK 100%"]),
    ):
        assert titles(api.get(f"/api/v1/tasks/?{query}")) == expected, query


def test_every_order_is_total_with_what_has_no_value_last(api: APIClient, by_alice: Actor) -> None:
    for title, day in (("b", "2026-11-24"), ("a", None), ("c", "2026-11-23"), ("d", "2026-11-24")):
        make_task(by_alice, title, due_on=day)
    for order, expected in (
        ("deadline", "cbda"),
        ("-deadline", "dbca"),
        ("title", "abcd"),
        ("-title", "dcba"),
        ("position", "bacd"),
        ("created_at", "bacd"),
        ("-last_update", "dcab"),
        ("priority", "bacd"),
        ("-priority", "dcab"),
    ):
        assert "".join(titles(api.get(f"/api/v1/tasks/?ordering={order}"))) == expected, order


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1.0", "page"),
        ("page=%EF%BC%91", "page"),
        ("page=1000000000000000000", "page"),
        ("size=0", "size"),
        ("size=101", "size"),
        ("size=1000000000", "size"),
        ("page=1&page=1", "page"),
        ("ordering=password", "ordering"),
        ("ordering=owner__password", "ordering"),
        ("completed=1", "completed"),
        ("list=x", "list"),
        ("list=99999999999999999999", "list"),
        ("tag=unknown", "tag"),
        ("tag=%00", "tag"),
        ("search=" + "x+" * 21, "search"),
        ("search=%00", "search"),
        ("owner__password__startswith=a", "owner__password__startswith"),
    ],
)
def test_a_bad_query_is_400_and_named(api: APIClient, query: str, field: str) -> None:
    answer = api.get(f"/api/v1/tasks/?{query}")
    assert (answer.status_code, list(answer.json())) == (400, [field])


@pytest.mark.parametrize(
    "wanted", ["0", "-1", "1.0", "9" * 20, "1%0a", "\uff11", "%00", "1" * 5000, "x"]
)
def test_an_id_that_cannot_be_is_404(api: APIClient, wanted: str) -> None:
    for method in (api.get, api.patch, api.delete):
        assert method(f"/api/v1/tasks/{wanted}").status_code == 404


@pytest.mark.parametrize("route", ["/api/v1/tasks", "/api/v1/tasks/"])
def test_routes_answer_with_and_without_the_slash(api: APIClient, route: str) -> None:
    assert api.post(route, {"title": "x"}).status_code == 201
    pk = Task.objects.get().pk
    ending = "/" if route.endswith("/") else ""
    assert api.get(f"/api/v1/tasks/{pk}{ending}").status_code == 200
    complete = api.put(f"/api/v1/tasks/complete/{pk}{ending}", {"completed": True})
    assert complete.status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"null", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b'{"title": "x"} y', "application/json", 400),
        (b'{"title": "x", "title": "y"}', "application/json", 400),
        (b'{"title": ' + b"[" * 990 + b"]" * 990 + b"}", "application/json", 400),
        (b'{"title": NaN}', "application/json", 400),
        (b'{"priority": 1e400}', "application/json", 400),
        (b'{"priority": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'\xef\xbb\xbf{"title": "x"}', "application/json", 400),
        ('{"title": "x"}'.encode("utf-16"), "application/json", 400),
        ('{"title": "\xe9"}'.encode("latin-1"), "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b'{"title": "a\\u0000b"}', "application/json", 400),
        (b'{"title": "x"}', "application/json; charset=bogus", 415),
        (b'{"title": "x"}', "application/json; charset=utf-7", 415),
        (b'{"title": "x"}', "text/plain", 415),
        (b'{"title": "x"}', "", 415),
        (b'{"title": "' + b"x" * 2**21 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    api: APIClient, body: bytes, content_type: str, status: int
) -> None:
    answer = api.generic("POST", "/api/v1/tasks/", body, content_type=content_type)
    assert answer.status_code == status
    assert not Task.objects.exists()


def test_without_a_session_there_is_nothing(db: None) -> None:
    for route in ("tasks/", "tasks/1", "lists/", "tags/", "trash/", "reports/"):
        answer = program_of().get(f"/api/v1/{route}")
        assert answer.status_code == 401
        assert answer.json() == {"detail": "Could not validate credentials"}
        assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_what_a_write_answers_is_what_a_read_answers(api: APIClient, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    above = make_task(by_alice, "Above", tags=["x"])
    fields = {"title": "Rent", "tags": ["b", "A"], "deadline": "2026-12-01", "due_time": "09:00"}
    created = api.post("/api/v1/tasks/", fields | {"recurrence": {"rule": "FREQ=DAILY"}}).json()
    route = f"/api/v1/tasks/{created['id']}"
    assert created == api.get(route).json()
    done = f"/api/v1/tasks/complete/{created['id']}"
    for verb, address, body in [
        ("put", route, {"title": "The rent", "deadline": "2026-12-02"}),
        ("patch", route, {"tags": ["b", "c"], "priority": 1}),
        ("patch", route, {}),
        ("post", f"{route}/postpone", {"deadline": "2026-12-03"}),
        ("post", f"{route}/skip", {}),
        ("post", f"{route}/move", {"list": home.pk}),
        ("put", done, {"completed": True}),
        ("put", done, {"completed": True, "forever": True, "occurrence": None}),
        ("put", done, {"completed": False}),
        ("post", f"{route}/move", {"parent": above.pk}),
        ("patch", route, {"parent": None, "tags": []}),
    ]:
        answer = getattr(api, verb)(address, body)
        if answer.status_code == 200:
            assert answer.json() == api.get(route).json(), (verb, address, body)
        else:
            assert (answer.status_code, body.get("forever")) == (409, True)
