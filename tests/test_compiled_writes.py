"""What is written by statements that are compiled once is what the ORM writes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.compiled import columns_of, delete, insert, put, update
from accounts.models import ApiSession, User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Completion, Journal, SearchText, Tag, Task, TaskList
from todos.operations.journal import BESIDE, NEXT_NUMBER, present
from todos.operations.tree import inbox_of, last_completion

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)


def columns(row: Model) -> dict[str, Any]:
    return {name: getattr(row, name) for name in columns_of(type(row))}


def stored(row: Model) -> dict[str, Any]:
    return columns(type(row)._default_manager.get(pk=row.pk))


def rows_of(alice: User, task: Task) -> list[Callable[[], Model]]:
    """What makes rows of all kinds of columns, with and without a key of their own."""
    due = {"due_on": date(2026, 12, 1), "due_time": time(9), "created_at": AT}
    words = {"before": {}, "after": {"title": 'a "b" %s', "tags": [1, 2], "section_id": None}}
    uid = uuid.uuid4()
    return [
        lambda: Task(owner=alice, task_list=task.task_list, title="Ä %s", parent=task, **due),
        lambda: Task(id=task.pk + 1000, owner=alice, task_list_id=task.task_list_id, title="x"),
        lambda: Completion(owner=alice, task=task, completed_at=AT, original_on=AT.date()),
        lambda: Change(
            owner=alice, number=77, at=AT, kind="created", object_id=task.pk, uid=uid, **words
        ),
        lambda: SearchText(task=task, owner=alice, words="1tmilk"),
        lambda: ApiSession(user=alice, client="token", expires_at=AT, methods=["password"]),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(6))
def test_a_row_is_inserted_as_it_is_saved(alice: User, inbox: TaskList, number: int) -> None:
    task = Task.objects.create(owner=alice, task_list=inbox, title="Milk")
    make = rows_of(alice, task)[number]
    saved, inserted = make(), make()
    with transaction.atomic():
        saved.save(force_insert=True)
        as_saved = stored(saved)
        transaction.set_rollback(True)
    with CaptureQueriesContext(connection) as queries:
        insert(inserted)
    assert len(queries) == 1
    assert stored(inserted) == columns(inserted)
    assert (inserted._state.adding, inserted._state.db) == (False, saved._state.db)
    own = {name: getattr(inserted, name) for name in ("id", "uid") if hasattr(inserted, name)}
    moments = {name: value for name, value in columns(inserted).items() if name.endswith("_at")}
    assert stored(inserted) == as_saved | own | moments


@pytest.mark.django_db
def test_several_rows_are_inserted_at_once(alice: User, inbox: TaskList) -> None:
    tasks = [Task(owner=alice, task_list=inbox, title=str(number)) for number in range(3)]
    with CaptureQueriesContext(connection) as queries:
        insert(*tasks)
    assert len(queries) == 1
    assert [stored(task) for task in tasks] == [columns(task) for task in tasks]


@pytest.mark.django_db
def test_a_row_is_updated_as_it_is_saved(alice: User, inbox: TaskList) -> None:
    task, twin, other = (
        Task.objects.create(owner=alice, task_list=inbox, title="Milk", created_at=AT)
        for _ in range(3)
    )
    names = ["title", "task_list_id", "parent_id", "due_on", "completed_at", "version"]
    new = {"title": "50 %s", "parent_id": other.pk, "completed_at": AT, "version": 9}
    for row in (task, twin):
        for name, value in {**new, "description": "not named"}.items():
            setattr(row, name, value)
    with CaptureQueriesContext(connection) as queries:
        update(task, names)
    assert len(queries) == 1
    twin.save(update_fields=names)
    assert stored(task) == stored(twin) | {"id": task.pk, "uid": task.uid} | {
        "updated_at": stored(task)["updated_at"]
    }
    assert stored(task)["description"] == ""
    assert stored(other)["title"] == "Milk"


@pytest.mark.django_db
def test_a_row_that_is_gone_is_not_updated(alice: User, inbox: TaskList) -> None:
    task = Task.objects.create(owner=alice, task_list=inbox, title="Milk")
    Task.objects.filter(pk=task.pk).delete()
    with pytest.raises(DatabaseError):
        update(task, ["title"])


@pytest.mark.django_db
def test_a_row_is_put_in_the_place_of_another(alice: User, inbox: TaskList) -> None:
    tasks = [Task.objects.create(owner=alice, task_list=inbox, title="Milk") for _ in range(2)]
    for task, words in zip([*tasks, tasks[0]], ("a", "b", "c %s"), strict=True):
        with CaptureQueriesContext(connection) as queries:
            put(SearchText(task=task, owner=alice, words=words))
        assert len(queries) == 1
    assert [SearchText.objects.get(task=task).words for task in tasks] == ["c %s", "b"]


@pytest.mark.django_db
def test_one_row_is_deleted(alice: User, by_alice: Actor) -> None:
    task = make_task(by_alice, "Milk")
    one, other = (
        Completion.objects.create(owner=alice, task=task, completed_at=AT) for _ in range(2)
    )
    with CaptureQueriesContext(connection) as queries:
        delete(one)
    assert len(queries) == 1
    assert list(Completion.objects.all()) == [other]


@pytest.mark.django_db
def test_what_is_refused_leaves_nothing_of_its_transaction(alice: User, inbox: TaskList) -> None:
    task = Task.objects.create(owner=alice, task_list=inbox, title="Milk")
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(Task(owner=alice, task_list=inbox, title="Milk", uid=task.uid))
        with pytest.raises(TransactionManagementError):
            Task.objects.count()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_number_is_counted_up_for_one_person(alice: User, bob: User) -> None:
    Journal.objects.filter(owner=alice).update(last_number=41)
    assert NEXT_NUMBER.rows(owner=alice.pk) == [(42,)]
    assert Journal.objects.get(owner=alice).last_number == 42
    assert Journal.objects.get(owner=bob).last_number == 0
    Journal.objects.filter(owner=bob).delete()
    assert NEXT_NUMBER.row(owner=bob.pk) is None


@pytest.mark.django_db
def test_what_an_operation_reads(alice: User, bob: User, by_alice: Actor) -> None:
    task = make_task(by_alice, "Milk", tags=["b", "A", "c"], due_on=date(2026, 12, 1))
    assert task.tag_names == ["A", "b", "c"]
    make_task(by_alice, "Oats", parent=task)
    section, _ = operations.create_section(
        by=by_alice, task_list=operations.create_list(by=by_alice, name="Home")[0], name="Food"
    )
    for thing in (task, section, section.task_list, Tag.objects.get(owner=alice, name="b")):
        model = type(thing)
        beside = BESIDE if model is Task else {}
        rows = model._default_manager.filter(owner=alice, pk=thing.pk).annotate(**beside)
        row = present(model).row(owner=alice.pk, pk=thing.pk)
        assert tuple(row or ()) == rows.values_list(*columns_of(model), *beside).get()
        assert present(model).row(owner=bob.pk, pk=thing.pk) is None
    with operations.writing(alice, by=by_alice) as writer:
        found = writer.reread(task)
        assert columns(found) == stored(task)
        assert (found.tag_names, found.has_children) == (["A", "b", "c"], True)
        assert inbox_of(writer) == TaskList.objects.get(owner=alice, is_inbox=True).pk
    assert last_completion(task) is None
    for at in (AT, AT.replace(hour=8)):
        Completion.objects.create(owner=alice, task=task, completed_at=at)
    latest = Completion.objects.filter(task=task).latest("completed_at", "pk")
    assert columns(last_completion(task) or task) == columns(latest)
