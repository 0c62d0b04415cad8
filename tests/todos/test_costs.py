"""What a write asks of the database: each thing once, the owner's row of the journal first."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.compiled import columns_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Task, TaskList

TASKS = "/api/v1/tasks/"
# What an operation sends, by its verb and its table. Its transaction is a savepoint within that
# of the test.
FIRST = ["SAVEPOINT", "UPDATE journal"]
LAST = ["INSERT change", "RELEASE"]
CREATED = [*FIRST, "SELECT tasklist", "INSERT task", "INSERT searchtext", *LAST]
COMPLETED = [*FIRST, "SELECT task", "INSERT completion", "UPDATE task", *LAST]
REOPENED = [
    *FIRST,
    "SELECT task",
    "SELECT completion",
    "DELETE completion",
    "UPDATE task",
    *LAST,
]
CHANGED = [
    *FIRST,
    "SELECT task",
    "UPDATE task",
    "SELECT comment",
    "INSERT searchtext",
    *LAST,
]


def brief(sql: str) -> str:
    """The verb and the first table of a statement."""
    words = sql.replace('"', " ").split()
    tables = [word.removeprefix("todos_") for word in words if word.startswith("todos_")]
    return f"{words[0]} {tables[0]}" if tables else words[0]


@pytest.mark.django_db
def test_what_an_operation_asks(by_alice: Actor) -> None:
    task = make_task(by_alice, "Milk", tags=["a", "b"])

    def done(act: Any, *args: Any, **fields: Any) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            act(*args, by=by_alice, **fields)
        return [brief(query["sql"]) for query in queries]

    assert done(operations.create_task, title="Oats", description="two") == CREATED
    assert done(operations.complete_task, task) == COMPLETED
    assert done(operations.reopen_task, task) == REOPENED
    assert done(operations.change_task, task, title="Oats") == CHANGED


@pytest.mark.django_db
def test_what_a_request_asks(api: APIClient, by_alice: Actor) -> None:
    """Beside the operation: the session, and the task itself where the body may change it."""
    task = make_task(by_alice, "Milk", tags=["a", "b"])

    def asked(verb: str, address: str, body: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(api, verb)(address, body)
        assert answer.status_code in {200, 201}
        return len(queries)

    complete = f"{TASKS}complete/{task.pk}"
    assert asked("post", TASKS, {"title": "Oats"}) == len(CREATED) + 1
    assert asked("put", complete, {"completed": True}) == len(COMPLETED) + 1
    assert asked("put", complete, {"completed": False}) == len(REOPENED) + 1
    assert asked("patch", f"{TASKS}{task.pk}", {"title": "Oats"}) == len(CHANGED) + 2


@pytest.mark.django_db
def test_what_is_returned_is_what_is_stored(by_alice: Actor, inbox: TaskList) -> None:
    task = make_task(by_alice, "Milk", tags=["b", "a"], task_list=inbox)
    names = ["a", "b"]
    for act, fields in (
        (operations.complete_task, {}),
        (operations.reopen_task, {}),
        (operations.change_task, {"title": "Oats"}),
        (operations.change_task, {"tags": ["c", "b"]}),
        (operations.change_task, {"tags": []}),
    ):
        task = act(task, by=by_alice, **fields)
        names = sorted(fields.get("tags", names))
        with CaptureQueriesContext(connection) as queries:
            assert task.tag_names == names
            found = {name: getattr(task, name) for name in columns_of(Task)}
        assert len(queries) == 0
        assert found == Task.objects.filter(pk=task.pk).values().get()
