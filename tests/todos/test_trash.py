"""Trash and restore: the operation."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.models import User
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, StoredAnswer, Task, TaskList

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def home(by_alice: Actor) -> TaskList:
    return operations.create_list(by=by_alice, name="Home")[0]


def visible(alice: User) -> set[str]:
    return set(Task.objects.visible_to(alice).values_list("title", flat=True))


def test_a_task_comes_back_to_its_place(by_alice: Actor, alice: User, home: TaskList) -> None:
    task = make_task(by_alice, task_list=home, tags=["a"])
    operations.trash_task(task, by=by_alice)
    operations.trash_task(task, by=by_alice)
    assert visible(alice) == set()
    task = operations.restore_task(task, by=by_alice)
    assert (task.task_list, task.trashed_at, task.tags.count()) == (home, None, 1)
    assert [change.kind for change in Change.objects.of(task)] == ["restored", "trashed", "created"]


def test_a_list_goes_and_comes_back_as_one(by_alice: Actor, alice: User, home: TaskList) -> None:
    for title in ("one", "two"):
        make_task(by_alice, title, task_list=home)
    before = make_task(by_alice, "trashed before", task_list=home)
    operations.trash_task(before, by=by_alice)
    operations.trash_list(home, by=by_alice)
    assert visible(alice) == set()
    changes = Change.objects.filter(kind="trashed", batch__isnull=False)
    assert changes.count() == 3
    assert changes.values("batch").distinct().count() == 1
    operations.restore_list(home, by=by_alice)
    assert visible(alice) == {"one", "two"}


def test_a_task_whose_list_is_in_the_trash_comes_back_to_the_inbox(
    by_alice: Actor, inbox: TaskList, home: TaskList
) -> None:
    task = make_task(by_alice, task_list=home)
    operations.trash_list(home, by=by_alice)
    assert operations.restore_task(task, by=by_alice).task_list == inbox


def test_a_task_whose_list_was_erased_comes_back_to_the_inbox(
    by_alice: Actor, inbox: TaskList, home: TaskList
) -> None:
    task = make_task(by_alice, task_list=home)
    gone = make_task(by_alice, task_list=home)
    operations.trash_task(task, by=by_alice)
    operations.trash_list(home, by=by_alice)
    operations.erase_list(home, by=by_alice)
    assert operations.restore_task(task, by=by_alice).task_list == inbox
    assert not Task.objects.filter(pk=gone.pk).exists()


def test_the_inbox_stays(by_alice: Actor, inbox: TaskList) -> None:
    for verb in (operations.trash_list, operations.archive_list):
        with pytest.raises(ValidationError, match="The inbox stays"):
            verb(inbox, by=by_alice)


def test_what_is_erased_leaves_a_tombstone_without_words(by_alice: Actor) -> None:
    task = make_task(by_alice, "a secret")
    with pytest.raises(ValidationError, match="trash first"):
        operations.erase_task(task, by=by_alice)
    operations.trash_task(task, by=by_alice)
    operations.erase_task(task, by=by_alice)
    changes = Change.objects.of(task)
    assert [change.kind for change in changes] == ["erased", "trashed", "created"]
    assert all(change.before == change.after == {} for change in changes)


def test_erasing_twice_is_not_found(by_alice: Actor) -> None:
    task = operations.trash_task(make_task(by_alice), by=by_alice)
    operations.erase_task(task, by=by_alice)
    with pytest.raises(Conflict) as refusal:
        operations.erase_task(task, by=by_alice)
    assert refusal.value.status == 404


def test_only_old_trash_is_emptied_by_age(by_alice: Actor, alice: User, home: TaskList) -> None:
    make_task(by_alice, "with its list", task_list=home)
    old = make_task(by_alice, "old")
    new = make_task(by_alice, "new")
    operations.trash_task(old, by=by_alice, at=NOW - timedelta(days=31))
    operations.trash_list(home, by=by_alice, at=NOW - timedelta(days=31))
    operations.trash_task(new, by=by_alice, at=NOW - timedelta(days=29))
    erased = operations.empty_trash(alice, by=by_alice, before=NOW - timedelta(days=30))
    assert erased == 2
    assert [task.title for task in Task.objects.all()] == ["new"]


def test_emptying_the_trash_leaves_another_persons_alone(
    by_alice: Actor, alice: User, bob: User
) -> None:
    operations.trash_task(make_task(Actor(bob), "Bob's"), by=Actor(bob))
    operations.trash_task(make_task(by_alice), by=by_alice)
    assert operations.empty_trash(alice, by=by_alice) == 1
    assert Task.objects.get().title == "Bob's"


def test_an_erased_list_leaves_no_name_of_a_section(by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    kept, gone = (
        operations.create_section(by=by_alice, task_list=home, name=f"secret {number}")[0]
        for number in range(2)
    )
    operations.delete_section(gone, by=by_alice)
    operations.trash_list(home, by=by_alice)
    operations.erase_list(home, by=by_alice)
    assert "secret" not in str(list(Change.objects.values_list("before", "after")))
    assert Change.objects.filter(object_id=kept.pk, object_kind="section", kind="erased").exists()


def test_an_answer_that_told_of_what_is_erased_is_told_no_more(alice: User) -> None:
    program = program_of(alice)
    key = {"Idempotency-Key": "one"}

    def post(address: str, body: dict[str, str]) -> Response:
        return program.post(f"/api/v1/{address}", body, headers=key)

    pk = post("tasks/", {"title": "secret"}).json()["id"]
    post(f"tasks/{pk}/comments/", {"text": "secret too"})
    other = post("lists/", {"name": "Home"}).json()
    task = Task.objects.get(pk=pk)
    operations.erase_task(operations.trash_task(task, by=Actor(alice)), by=Actor(alice))
    assert "secret" not in str(list(StoredAnswer.objects.values_list("body", flat=True)))
    again = post("tasks/", {"title": "secret"})
    assert (again.status_code, Task.objects.count()) == (410, 0)
    assert post("lists/", {"name": "Home"}).json() == other
