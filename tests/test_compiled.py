"""Queries that are compiled once find what the ORM finds, and are compiled once."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import sessions
from accounts.actor import Actor
from accounts.compiled import Compiled, columns_of
from accounts.models import ApiSession, User
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos.api import task_rows
from todos.models import Task


def compare(compiled: Compiled, **values: Any) -> None:
    found = [tuple(row) for row in compiled.rows(**values)]
    assert found
    assert found == list(compiled.build(**values))


@pytest.mark.django_db
def test_the_session_of_a_request(alice: User, charlie: User) -> None:
    for user in (alice, charlie):
        program_of(user)
        session = ApiSession.objects.get(user=user)
        compare(sessions.SESSION_WITH_USER, session=session.pk, user=user.pk)
        found = sessions.find_session(session.pk, user.pk)
        assert found == session
        assert found.__dict__.keys() - {"_state"} == session.__dict__.keys() - {"_state"}
    assert sessions.find_session(session.pk, alice.pk) is None


@pytest.mark.django_db
def test_the_tasks_of_the_api(alice: User, charlie: User) -> None:
    for user in (alice, charlie):
        by = Actor(user)
        tasks = [make_task(by, "plain"), make_task(by, "tagged", tags=["b", "A"])]
        compare(task_rows.NEWEST, owner=user.pk, page=slice(0, 10))
        compare(task_rows.NEWEST, owner=user.pk, page=slice(1, 2))
        compare(task_rows.NUMBER_OF, owner=user.pk)
        for task in tasks:
            compare(task_rows.ONE, owner=user.pk, task=task.pk)
            compare(task_rows.ALL_OF_ONE, owner=user.pk, task=task.pk)
            found = task_rows.task_of(user, task.pk)
            assert (found, found.owner) == (task, user)
            assert {name: getattr(found, name) for name in columns_of(Task)} == {
                name: getattr(task, name) for name in columns_of(Task)
            }
            assert task_rows.task_row(user, task.pk) == task_rows.row_of(task)
            assert task_rows.task_row(user, task.pk) == task_rows.row_of(found)
    assert task_rows.task_row(alice, tasks[0].pk) is None
    assert task_rows.task_of(alice, tasks[0].pk) is None
    assert [row.title for row in task_rows.Newest(alice)[1:2]] == ["plain"]
    assert task_rows.task_row(charlie, tasks[1].pk).tag_names == ["A", "b"]
