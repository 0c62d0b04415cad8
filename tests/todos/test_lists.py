"""Lists and tags: the operation."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Tag, Task, TaskList


def test_everyone_has_one_inbox(alice: User) -> None:
    assert TaskList.objects.get(owner=alice).is_inbox
    alice.display_name = "Alice B."
    alice.save()
    assert TaskList.objects.filter(owner=alice).count() == 1
    with pytest.raises(ValidationError, match="inbox"):
        TaskList(owner=alice, name="Inbox", is_inbox=True).validate_constraints()


def test_lists_stand_in_the_order_they_were_made_after_the_inbox(
    by_alice: Actor, alice: User
) -> None:
    for name in ("Work", "Home"):
        operations.create_list(by=by_alice, name=name)
    assert [str(each) for each in TaskList.objects.visible_to(alice)] == ["Inbox", "Work", "Home"]


def test_the_inbox_keeps_its_name_but_takes_a_colour(by_alice: Actor, inbox: TaskList) -> None:
    with pytest.raises(ValidationError) as refusal:
        operations.change_list(inbox, by=by_alice, name="Other")
    assert "name" in refusal.value.message_dict
    assert operations.change_list(inbox, by=by_alice, color="teal").color == "teal"


def test_archiving_twice_keeps_the_first_moment(by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    first = operations.archive_list(home, by=by_alice).archived_at
    assert operations.archive_list(home, by=by_alice).archived_at == first
    assert operations.unarchive_list(home, by=by_alice).archived_at is None


def test_a_tag_has_one_name_whatever_its_case_and_normal_form(by_alice: Actor) -> None:
    operations.create_tag(by=by_alice, name="Caf\u00e9")
    with pytest.raises(ValidationError) as refusal:
        operations.create_tag(by=by_alice, name="CAFE\u0301")
    assert refusal.value.message_dict == {"name": ["You have a tag with this name already."]}


def test_renaming_a_tag_to_anothers_name_is_refused(by_alice: Actor) -> None:
    operations.create_tag(by=by_alice, name="one")
    two = operations.create_tag(by=by_alice, name="two")
    with pytest.raises(ValidationError) as refusal:
        operations.change_tag(two, by=by_alice, name="ONE")
    assert "name" in refusal.value.message_dict


def test_deleting_a_tag_takes_it_off_its_tasks(by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["a", "b"])
    operations.delete_tag(Tag.objects.get(name="a"), by=by_alice)
    assert [tag.name for tag in task.tags.all()] == ["b"]
    change = Change.objects.of(task)[0]
    assert len(change.before["tags"]) - len(change.after["tags"]) == 1
    assert Task.objects.get().version == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="threads need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_lose_nothing_and_number_without_gaps() -> None:
    alice = User.objects.create(email="alice@example.com")
    failures: list[Exception] = []

    def add_ten(name: str) -> None:
        try:
            for number in range(10):
                operations.create_task(by=Actor(alice), title=f"{name} {number}", tags=["shared"])
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add_ten, args=[str(each)]) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Task.objects.count() == 40
    assert Tag.objects.count() == 1
    assert len(set(Task.objects.values_list("position", flat=True))) == 40
    numbers = Change.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 42))
