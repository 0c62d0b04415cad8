"""A collection that has not changed since it was read is not sent again (RFC 9110, 13.1.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Journal, Task

COLLECTIONS = ["tasks/", "tasks/?size=2&ordering=title", "lists/", "tags/", "sections/"]


def read(program: APIClient, route: str, **headers: str) -> str:
    answer = program.get(f"/api/v1/{route}", headers=headers)
    assert answer.status_code == 200
    return answer.headers["ETag"]


def read_again(program: APIClient, route: str, etag: str, **headers: str) -> int:
    headers["If-None-Match"] = etag
    return program.get(f"/api/v1/{route}", headers=headers).status_code


@pytest.mark.parametrize("route", COLLECTIONS)
def test_what_is_unchanged_is_told_in_two_queries_and_without_a_body(
    alice: User, route: str
) -> None:
    make_task(Actor(alice), "Milk", tags=["shop"])
    program = program_of(alice)
    etag = read(program, route)
    assert etag.startswith('W/"')
    with CaptureQueriesContext(connection) as queries:
        answer = program.get(f"/api/v1/{route}", headers={"If-None-Match": f'"other", {etag}'})
    assert (answer.status_code, answer.content, len(queries)) == (304, b"", 2)
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "X-Timezone"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("route", COLLECTIONS)
def test_every_kind_of_change_is_seen(alice: User, route: str) -> None:
    by, program = Actor(alice), program_of(alice)
    task = make_task(by, "Milk", tags=["shop"])
    task_list, _ = operations.create_list(by=by, name="Home")
    section, _ = operations.create_section(by=by, task_list=task_list, name="Later")
    [tag] = task.tags.all()
    changes: list[Callable[[], object]] = [
        lambda: operations.change_task(task, by=by, title="Oat milk"),
        lambda: operations.complete_task(task, by=by),
        lambda: operations.reopen_task(task, by=by),
        lambda: operations.move_task(task, by=by, task_list=task_list),
        lambda: operations.change_list(task_list, by=by, name="House"),
        lambda: operations.change_section(section, by=by, name="Sooner"),
        lambda: operations.change_tag(tag, by=by, name="market"),
        lambda: operations.delete_tag(tag, by=by),
        lambda: operations.trash_task(task, by=by),
        lambda: operations.restore_task(task, by=by),
        lambda: operations.trash_list(task_list, by=by),
        lambda: operations.restore_list(task_list, by=by),
    ]
    for change in changes:
        etag = read(program, route)
        change()
        assert read_again(program, route, etag) == 200


def test_another_question_another_person_and_another_profile_have_another_tag(
    alice: User, charlie: User
) -> None:
    program, other = program_of(alice), program_of(charlie)
    etag = read(program, "tasks/")
    assert read_again(program, "tasks/?page=1", etag) == 200
    assert read_again(program, "lists/", etag) == 200
    assert read_again(other, "tasks/", etag) == 200
    assert program.patch("/api/v1/users/me/", {"display_name": "Al"}).status_code == 200
    assert read_again(program, "tasks/", etag) == 200


def test_a_new_day_where_the_person_is_has_another_tag(alice: User) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), tick=False) as clock:
        program = program_of(alice)
        etag = read(program, "tasks/")
        assert read_again(program, "tasks/", etag, **{"X-Timezone": "Asia/Tokyo"}) == 200
        clock.move_to(datetime(2026, 11, 23, 23, 31, tzinfo=UTC))
        assert read_again(program, "tasks/", etag) == 304
        clock.move_to(datetime(2026, 11, 24, 0, 1, tzinfo=UTC))
        assert read_again(program_of(alice), "tasks/", etag) == 200


@pytest.mark.parametrize("route", ["tasks/?filter=today", "tasks/?search=milk", "filters/"])
def test_what_depends_on_more_than_the_journal_has_no_tag(alice: User, route: str) -> None:
    answer = program_of(alice).get(f"/api/v1/{route}")
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


def test_a_journal_that_was_put_back_has_another_tag(alice: User) -> None:
    """The numbers come again after a backup was restored."""
    program, journal = program_of(alice), Journal.objects.filter(owner=alice)
    before = journal.get().last_number
    make_task(Actor(alice), "Lost")
    etag = read(program, "tasks/")
    Task.objects.filter(owner=alice).delete()
    Change.objects.filter(owner=alice, number__gt=before).delete()
    journal.update(last_number=before)
    make_task(Actor(alice), "New")
    assert read_again(program, "tasks/", etag) == 200


def test_only_a_tag_that_was_given_is_heeded(alice: User) -> None:
    program = program_of(alice)
    etag = read(program, "tasks/")
    assert read_again(program, "tasks/?page=0", "*") == 400
    assert read_again(program, "tasks/", "nonsense") == 200
    assert program.get("/api/v1/tasks/", headers={"If-Match": etag}).status_code == 200
