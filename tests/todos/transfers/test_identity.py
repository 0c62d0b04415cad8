"""What is exported and imported is the same account, but for its address and its ids."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import browser_of, make_user
from tests.todos.test_tasks import make_task
from tests.todos.transfers.accounts import document_in, file_of, furnish, imported
from todos import operations
from todos.models import Change, Reminder, Section, Tag, Task, TaskList, TransferChunk


def comparable(file: bytes) -> dict[str, Any]:
    """What has to stay: all but the address, the moment, and the devices."""
    document = document_in(file)
    for change in document["changes"]:
        del change["session"]
    return {name: value for name, value in document.items() if name not in {"email", "made_at"}}


def moved(user: User, name: str = "Dora") -> User:
    """A new account with all that `user` has."""
    other = make_user(name)
    transfer = imported(other, file_of(user))
    assert transfer.error == ""
    assert transfer.is_done
    return User.objects.get(pk=other.pk)


@pytest.fixture
def dora(alice: User) -> User:
    """A new account that holds what Alice's does."""
    alice.time_zone, alice.week_start, alice.display_name = "Asia/Tokyo", 7, "Alice & Ärger"
    alice.single_keys = False
    alice.save()
    furnish(alice)
    return moved(alice)


def test_an_account_is_the_same_after_it_was_moved(alice: User, dora: User) -> None:
    assert comparable(file_of(dora)) == comparable(file_of(alice))
    assert TransferChunk.objects.count() == 0


def test_no_row_is_shared(alice: User, dora: User) -> None:
    """What becomes of one account afterwards is nothing to the other."""
    before = comparable(file_of(alice))
    for task in Task.objects.filter(owner=dora, trashed_at=None, parent=None):
        operations.trash_task(task, by=Actor(dora))
    operations.empty_trash(dora, by=Actor(dora))
    assert comparable(file_of(alice)) == before
    assert Task.objects.filter(owner=alice).count() > 5


def test_an_empty_account_moves_too(alice: User) -> None:
    dora = moved(alice)
    assert Task.objects.filter(owner=dora).count() == 0
    make_task(Actor(dora), "The first")


def test_new_tasks_come_after_those_that_were_imported(dora: User) -> None:
    inbox = TaskList.objects.get(owner=dora, is_inbox=True)
    task = make_task(Actor(dora), "The latest")
    assert list(inbox.tasks.by_position())[-1] == task
    assert task.noted.number == Change.objects.filter(owner=dora).count()


def test_imported_changes_can_be_undone(dora: User) -> None:
    task = Task.objects.get(owner=dora, title="=1+1")
    change = Change.objects.of(task).filter(kind="changed", after__has_key="title")[0]
    undone = operations.undo_change(change, by=Actor(dora))
    assert undone.kept == []
    task.refresh_from_db()
    assert task.title == '=cmd|"/c calc"!A0'
    assert {tag.name for tag in task.tags.all()} == {"Ärger", "&", "x y", "Bank"}


def test_a_section_and_a_tag_that_were_deleted_come_back(dora: User) -> None:
    for model, kind, name in ((Section, "section", "Attic"), (Tag, "tag", "Short-lived")):
        assert not model.objects.filter(owner=dora, name=name).exists()
        deleted = Change.objects.get(owner=dora, kind="deleted", object_kind=kind)
        operations.undo_change(deleted, by=Actor(dora))
        assert model.objects.filter(owner=dora, name=name).exists()
    attic = Section.objects.get(owner=dora, name="Attic")
    assert [str(task) for task in attic.tasks.all()] == ["In the attic"]


def test_every_imported_change_is_told_and_undone_or_refused(dora: User) -> None:
    """No change makes a page fail, nor the attempt to take it back."""
    page = browser_of(dora)
    assert page.get("/activity").status_code == 200
    for change in Change.objects.filter(owner=dora).order_by("-number"):
        answer = page.post(f"/changes/{change.pk}/undo", {"next": "/today"})
        assert answer.status_code in {302, 404}


def test_what_went_into_the_trash_together_comes_back_together(dora: User) -> None:
    trashed = TaskList.objects.get(owner=dora, name="Trashed")
    operations.restore_list(trashed, by=Actor(dora))
    assert [str(task) for task in trashed.tasks.filter(trashed_at=None)] == ["Went along"]


def test_a_task_that_repeats_goes_on(dora: User) -> None:
    rent = Task.objects.get(owner=dora, title="Pay rent")
    before, anchor = rent.due_on, rent.anchor_on
    after = operations.complete_task(rent, by=Actor(dora))
    assert after.due_on > before and after.anchor_on == anchor


def test_reminders_are_sent_again_from_here(alice: User, dora: User) -> None:
    fires = Reminder.objects.order_by("pk").values_list("fires_at", flat=True)
    assert list(fires.filter(owner=dora)) == list(fires.filter(owner=alice))
    queued = DBTaskResult.objects.filter(task_path="todos.tasks.send_reminder")
    assert {job.args_kwargs["args"][0] for job in queued} == {
        reminder.pk for reminder in Reminder.objects.all()
    }
    assert queued.count() == 4


def test_words_are_found(dora: User, page: Client) -> None:
    shown = browser_of(dora).get("/search?q=second").content.decode()
    assert "=1+1" in shown


def test_numbers_go_on_where_an_account_was_emptied_before(alice: User, bob: User) -> None:
    """Whoever follows the changes of the account misses none."""
    furnish(alice)
    operations.trash_task(make_task(Actor(bob), "Tried out"), by=Actor(bob))
    operations.empty_trash(bob, by=Actor(bob), at=timezone.now() + timedelta(days=1))
    last = Change.objects.filter(owner=bob).latest("number").number
    assert imported(bob, file_of(alice)).error == ""
    count = Change.objects.filter(owner=alice).count()
    numbers = Change.objects.filter(owner=bob).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, last + count + 1))
    document = document_in(file_of(bob))
    undone = {row["number"]: row["undoes"] for row in document["changes"] if row["undoes"]}
    theirs = document_in(file_of(alice))["changes"]
    assert undone == {row["number"] + last: row["undoes"] + last for row in theirs if row["undoes"]}
