"""Idempotency-Key: a POST that is repeated is done once."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.accounts.races import at_once, on_postgresql
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations, sweeps
from todos.models import Change, StoredAnswer, Task, TaskList

TASKS = "/api/v1/tasks/"
MILK = {"title": "Milk", "tags": ["shop"]}


def post(api: APIClient, body: Any, key: str = "k1", route: str = TASKS, **extra: Any) -> Any:
    return api.post(route, body, headers={"Idempotency-Key": key}, **extra)


def test_a_repeated_request_is_done_once_and_answered_alike(api: APIClient) -> None:
    first, second = post(api, MILK), post(api, MILK)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["ETag"] == first.headers["ETag"] == '"v1"'
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Task.objects.count() == 1
    assert Change.objects.filter(object_kind="task").count() == 1


def test_the_answer_stays_the_first_whatever_happens_meanwhile(api: APIClient) -> None:
    first = post(api, MILK)
    api.patch(f"{TASKS}{first.json()['id']}", {"title": "Oat milk"})
    api.delete(f"{TASKS}{first.json()['id']}")
    assert post(api, MILK).content == first.content


def test_an_answer_without_a_body_is_repeated_too(api: APIClient) -> None:
    nothing = Response(status=204)
    with patch("todos.api.views.tasks.TaskViewSet.create", return_value=nothing):
        first, second = post(api, MILK), post(api, MILK)
    assert (first.status_code, first.content) == (second.status_code, second.content) == (204, b"")


@pytest.mark.parametrize(
    "other", [{"title": "Milk"}, {**MILK, "title": "milk"}, {**MILK, "tags": []}, {}]
)
def test_another_body_is_a_conflict(api: APIClient, other: dict[str, Any]) -> None:
    post(api, MILK)
    answer = post(api, other)
    assert answer.status_code == 409
    assert answer.json() == {"detail": "This key was used for a request with another body."}
    assert Task.objects.count() == 1


def test_the_same_body_written_otherwise_is_the_same(api: APIClient) -> None:
    first = post(api, '{"title": "Milk", "priority": 2}', content_type="application/json")
    second = post(
        api, '{ "priority":2,"title":"M\\u0069lk" }', content_type="application/json; charset=utf-8"
    )
    assert first.content == second.content
    form = {"title": "Bread", "tags": ["a", "b"]}
    whole = [post(api, form, "k2", format="multipart") for _ in range(2)]
    assert whole[0].status_code == 201
    assert whole[0].content == whole[1].content
    assert post(api, {"title": "Bread", "tags": ["a", "b"]}, "k2").status_code == 409


def test_a_key_counts_for_one_person_one_address_and_post_alone(
    api: APIClient, by_alice: Actor, bob: User
) -> None:
    first = post(api, MILK).json()
    assert post(program_of(bob), MILK).json()["id"] != first["id"]
    assert post(api, {"name": "Home"}, route="/api/v1/lists/").status_code == 201
    assert post(api, MILK, "k2").json()["id"] != first["id"]
    assert post(api, MILK, route="/api/v1/tasks").json()["id"] == first["id"]
    for title in ("a", "b"):
        address, headers = f"{TASKS}{first['id']}", {"Idempotency-Key": "k1"}
        assert api.patch(address, {"title": title}, headers=headers).json()["title"] == title


def test_a_refusal_is_not_kept(api: APIClient) -> None:
    assert post(api, {"title": ""}).status_code == 400
    assert post(api, {"title": "x", "list": 999}).status_code == 400
    assert post(api, "{", content_type="application/json").status_code == 400
    assert not StoredAnswer.objects.exists()
    assert post(api, MILK).status_code == 201
    assert post(api, None, route=f"{TASKS}999/restore").status_code == 404
    assert StoredAnswer.objects.count() == 1


def test_an_error_is_not_kept_and_leaves_nothing_behind(api: APIClient) -> None:
    api.raise_request_exception = False

    def fail(**fields: Any) -> None:
        operations_create(**fields)
        raise RuntimeError

    operations_create = operations.create_task
    with patch("todos.operations.create_task", fail):
        assert post(api, MILK).status_code == 500
    assert not StoredAnswer.objects.exists()
    assert not Task.objects.exists()
    assert post(api, MILK).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb", "ключ"])
def test_a_key_that_cannot_be_kept_is_refused(api: APIClient, key: str) -> None:
    answer = api.post(TASKS, MILK, HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, list(answer.json())) == (400, ["Idempotency-Key"])
    assert not Task.objects.exists()


def test_the_longest_key_and_the_longest_address_do_no_harm(api: APIClient) -> None:
    assert post(api, MILK, "x" * 255).status_code == 201
    assert post(api, None, route=f"{TASKS}{'9' * 4000}/restore").status_code == 404


def test_nobody_is_answered_without_a_session(db: None) -> None:
    assert post(APIClient(), MILK).status_code == 401


def test_after_a_day_a_key_is_new(api: APIClient, alice: User) -> None:
    first = post(api, MILK).json()["id"]
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=23, minutes=59))
    assert post(api, MILK).json()["id"] == first
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24))
    second = post(api, {"title": "another"})
    assert second.status_code == 201
    assert post(api, {"title": "another"}).content == second.content


def test_old_answers_are_swept(api: APIClient) -> None:
    post(api, MILK)
    now = timezone.now()
    sweeps.erase_old_answers(now + timedelta(hours=23))
    assert StoredAnswer.objects.exists()
    sweeps.erase_old_answers(now + timedelta(hours=24, seconds=5))
    assert not StoredAnswer.objects.exists()


def test_every_post_heeds_it(api: APIClient, by_alice: Actor, inbox: TaskList) -> None:
    paths = api.get("/api/v1/schema/?format=json").json()["paths"]
    accounts = ("/login", "/logout", "/refresh", "/token", "/auth", "/users")
    for path, methods in paths.items():
        if "post" in methods and not path.removeprefix("/api/v1").startswith(accounts):
            names = [each["name"] for each in methods["post"].get("parameters", ())]
            assert "Idempotency-Key" in names, path


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_is_done_and_all_are_answered_alike(alice: User) -> None:
    program = program_of(alice)
    answers = at_once(lambda _number: post(program, MILK), 8)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Task.objects.count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_who_waits_for_too_long_is_told_to_come_back(alice: User) -> None:
    program, began, may_end = program_of(alice), threading.Event(), threading.Event()
    create = operations.create_task

    def slowly(**fields: Any) -> Any:
        began.set()
        may_end.wait(10)
        return create(**fields)

    def ask(number: int) -> Any:
        if number:
            began.wait(10)
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            answer = post(program, MILK)
            may_end.set()
            return answer
        return post(program, MILK)

    with patch("todos.operations.create_task", slowly):
        first, second = at_once(ask, 2)
    assert first.status_code == 201
    assert second.status_code == 409
    assert "Retry-After" in second.headers
    assert post(program, MILK).content == first.content
    assert Task.objects.count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_one_that_was_killed_midway_left_nothing_and_is_done_when_repeated(alice: User) -> None:
    program, create = program_of(alice), operations.create_task

    def die(**fields: Any) -> Any:
        create(**fields)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with patch("todos.operations.create_task", die):
        answers = at_once(lambda _number: post(program, MILK), 1)
    assert answers[0].status_code == 503
    assert not Task.objects.exists()
    assert post(program, MILK).status_code == 201
    assert post(program, MILK).status_code == 201
    assert Task.objects.count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_however_often_it_is_killed_each_key_is_done_once(alice: User) -> None:
    program, create, turns = program_of(alice), operations.create_task, itertools.count()

    def perhaps_die(**fields: Any) -> Any:
        made = create(**fields)
        if next(turns) % 5 < 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return made

    def ask(number: int) -> list[tuple[int, int]]:
        keys = [(step * 3 + number) % 20 for step in range(20)]
        return [(key, post(program, MILK, f"key {key}").status_code) for key in keys]

    with patch("todos.operations.create_task", perhaps_die):
        answers = [answer for some in at_once(ask, 8) for answer in some]
    assert {status for _key, status in answers} <= {201, 503}
    for key in range(20):
        assert post(program, MILK, f"key {key}").status_code == 201
    assert Task.objects.count() == 20
    assert StoredAnswer.objects.count() == 20


def test_a_locked_database_is_503(api: APIClient) -> None:
    locked = OperationalError("database is locked")
    with patch("todos.models.StoredAnswer.objects.create", side_effect=locked):
        answer = post(api, MILK)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


def test_restoring_twice_with_a_key_is_answered_twice(api: APIClient, by_alice: Actor) -> None:
    task = operations.trash_task(make_task(by_alice), by=by_alice)
    answers = [post(api, None, route=f"{TASKS}{task.pk}/restore") for _ in range(2)]
    assert answers[0].content == answers[1].content
