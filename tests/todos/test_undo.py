"""Undo: the operation."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Tag, Task, TaskList
from todos.operations import undo
from todos.operations.snapshots import snapshot, tags_of


def last_change(thing: Task | TaskList) -> Change:
    return Change.objects.of(thing)[0]


def state(task: Task) -> dict[str, object]:
    task = Task.objects.get(pk=task.pk)
    return snapshot(task) | {"tags": tags_of(task), "due_at": task.due_at}


@pytest.mark.parametrize(
    "verb",
    [
        lambda task, by: operations.change_task(
            task, by=by, title="Other", priority=1, tags=["b"], description="words"
        ),
        lambda task, by: operations.change_task(task, by=by, due_on=None),
        lambda task, by: operations.change_task(
            task, by=by, task_list=operations.create_list(by=by, name="Home")[0]
        ),
        lambda task, by: operations.complete_task(task, by=by),
        lambda task, by: operations.trash_task(task, by=by),
    ],
    ids=["edit", "no day", "move", "complete", "trash"],
)
def test_undo_puts_back_what_was_and_undoing_that_makes_it_again(
    by_alice: Actor, verb: Callable[[Task, Actor], Task]
) -> None:
    task = make_task(
        by_alice, tags=["a"], due_on=date(2026, 11, 23), due_time=time(9), due_zone="Asia/Tokyo"
    )
    before = state(task)
    verb(task, by_alice)
    after = state(task)
    assert after != before
    operations.undo_change(last_change(task), by=by_alice)
    assert state(task) == before
    operations.undo_change(last_change(task), by=by_alice)
    again = state(task)
    assert bool(again.pop("trashed_at")) == bool(after.pop("trashed_at"))
    assert again == after


def test_a_move_undone_late_is_left_as_it_is(by_alice: Actor) -> None:
    task = operations.trash_task(make_task(by_alice), by=by_alice)
    change = last_change(task)
    operations.restore_task(task, by=by_alice)
    operations.undo_change(change, by=by_alice)
    operations.trash_task(task, by=by_alice)
    assert operations.undo_change(change, by=by_alice).kept == ["trashed_at"]
    assert Task.objects.get(pk=task.pk).trashed_at


def test_a_day_and_its_time_are_undone_together_or_not_at_all(by_alice: Actor) -> None:
    task = make_task(by_alice)
    operations.change_task(task, by=by_alice, due_on=date(2026, 11, 23), due_time=time(9))
    change = last_change(task)
    operations.change_task(task, by=by_alice, due_time=time(10))
    assert operations.undo_change(change, by=by_alice).kept == ["due_on", "due_time"]
    task.refresh_from_db()
    assert (task.due_on, task.due_time) == (date(2026, 11, 23), time(10))


def test_undoing_twice_does_nothing_more(by_alice: Actor) -> None:
    task = operations.complete_task(make_task(by_alice), by=by_alice)
    change = last_change(task)
    for _ in range(2):
        operations.undo_change(change, by=by_alice)
    assert not Task.objects.get(pk=task.pk).is_done
    assert Change.objects.of(task).count() == 3


def test_what_was_changed_since_stays_and_is_named(by_alice: Actor) -> None:
    task = make_task(by_alice)
    operations.change_task(task, by=by_alice, title="Second", priority=1)
    change = last_change(task)
    operations.change_task(task, by=by_alice, title="Third")
    undone = operations.undo_change(change, by=by_alice)
    assert undone.kept == ["title"]
    task.refresh_from_db()
    assert (task.title, task.priority) == ("Third", 4)


def test_undoing_a_creation_moves_it_to_the_trash(by_alice: Actor) -> None:
    task = make_task(by_alice)
    operations.undo_change(last_change(task), by=by_alice)
    assert Task.objects.get(pk=task.pk).trashed_at


def test_undoing_a_trashed_list_brings_its_tasks_back(by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    task = make_task(by_alice, task_list=home)
    operations.trash_list(home, by=by_alice)
    operations.undo_change(last_change(home), by=by_alice)
    assert Task.objects.get(pk=task.pk).trashed_at is None


def test_a_list_in_the_trash_takes_no_task_back(by_alice: Actor, inbox: TaskList) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    task = make_task(by_alice, task_list=home)
    operations.change_task(task, by=by_alice, task_list=inbox)
    operations.trash_list(home, by=by_alice)
    undone = operations.undo_change(last_change(task), by=by_alice)
    assert undone.kept == ["task_list_id"]
    assert Task.objects.get(pk=task.pk).task_list == inbox


def test_a_tag_that_is_gone_does_not_come_back(by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["a"])
    operations.delete_tag(task.tags.get(), by=by_alice)
    operations.undo_change(last_change(task), by=by_alice)
    assert task.tags.count() == 0


def test_what_was_erased_cannot_come_back(by_alice: Actor, inbox: TaskList) -> None:
    task = make_task(by_alice, tags=["a"])
    change = Change.objects.get(object_kind="tag")
    with pytest.raises(ValidationError, match="Delete it instead"):
        operations.undo_change(change, by=by_alice)
    operations.erase_task(operations.trash_task(task, by=by_alice), by=by_alice)
    with pytest.raises(ValidationError, match="not found"):
        operations.undo_change(Change.objects.of(task)[1], by=by_alice)


def test_what_was_done_at_once_is_undone_at_once(by_alice: Actor) -> None:
    tasks = [make_task(by_alice, title) for title in ("one", "two", "three")]
    acts = [partial(operations.trash_task, task, by=by_alice) for task in tasks]
    operations.do_all(by_alice.user, acts, by=by_alice)
    undone = operations.undo_batch(last_change(tasks[0]), by=by_alice)
    assert {each.thing for each in undone} == set(tasks)
    assert not Task.objects.filter(trashed_at__isnull=False).exists()
    assert operations.undo_batch(undone[0].change, by=by_alice) == []


def test_one_of_many_that_is_refused_leaves_the_others(by_alice: Actor) -> None:
    task, gone = make_task(by_alice, "one"), make_task(by_alice, "gone")
    operations.trash_task(gone, by=by_alice)
    acts = [
        partial(operations.change_task, each, by=by_alice, title="new") for each in (gone, task)
    ]
    first, second = operations.do_all(by_alice.user, acts, by=by_alice)
    assert first.refusal and first.task is None
    assert (second.refusal, second.task) == (None, task)
    assert Task.objects.get(pk=task.pk).title == "new"


def test_all_that_one_session_did_since_a_moment_is_undone(alice: User) -> None:
    phone, laptop = (Actor(alice, uuid4()) for _device in range(2))
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    task = make_task(phone, "First", at=noon - timedelta(minutes=1))
    operations.change_task(task, by=phone, title="Second", priority=2, at=noon)
    operations.complete_task(task, by=phone, at=noon)
    made = make_task(phone, "Made", at=noon)
    operations.change_task(task, by=laptop, title="Third", at=noon)
    undone = operations.undo_session(alice, phone.session, since=noon, by=laptop)
    task.refresh_from_db()
    assert (task.title, task.priority, task.is_done) == ("Third", 4, False)
    assert Task.objects.get(pk=made.pk).trashed_at
    assert [each.kept for each in undone] == [[], [], ["title"]]
    assert operations.undo_session(alice, phone.session, since=noon, by=laptop) == []


def test_too_much_to_undo_at_once_is_refused(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "MOST_AT_ONCE", 2)
    phone = Actor(alice, uuid4())
    for _number in range(3):
        make_task(phone)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(ValidationError, match="later moment"):
        operations.undo_session(alice, phone.session, since=long_ago, by=phone)


def test_a_deleted_tag_comes_back_with_its_tasks(by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["a", "b"])
    tag = Tag.objects.get(name="a")
    operations.delete_tag(tag, by=by_alice)
    deleted = Change.objects.get(kind="deleted")
    operations.undo_batch(deleted, by=by_alice)
    again = Tag.objects.get(name="a")
    assert (again.pk, again.uid) == (tag.pk, tag.uid)
    assert set(task.tags.all()) == set(Tag.objects.all())


def test_a_tag_whose_name_is_taken_by_now_does_not_come_back(by_alice: Actor) -> None:
    operations.delete_tag(operations.create_tag(by=by_alice, name="a"), by=by_alice)
    operations.create_tag(by=by_alice, name="A")
    with pytest.raises(ValidationError, match="in its place"):
        operations.undo_change(Change.objects.get(kind="deleted"), by=by_alice)


def test_what_was_undone_and_done_again_can_be_undone_again(by_alice: Actor) -> None:
    task = make_task(by_alice, "First")
    operations.change_task(task, by=by_alice, title="Second")
    first = last_change(task)
    for _round in range(2):
        operations.undo_change(last_change(task), by=by_alice)
    operations.undo_change(first, by=by_alice)
    assert Task.objects.get(pk=task.pk).title == "First"


def test_a_section_whose_list_is_erased_does_not_come_back_and_harms_no_other(
    alice: User,
) -> None:
    phone, long_ago = Actor(alice, uuid4()), datetime(2020, 1, 1, tzinfo=UTC)
    task = make_task(Actor(alice), "First")
    home, _ = operations.create_list(by=Actor(alice), name="Home")
    section, _ = operations.create_section(by=Actor(alice), task_list=home, name="Garden")
    operations.change_task(task, by=phone, title="Second")
    operations.delete_section(section, by=phone)
    operations.trash_list(home, by=Actor(alice))
    operations.erase_list(home, by=Actor(alice))
    with pytest.raises(ValidationError, match="deleted for good"):
        operations.undo_change(Change.objects.get(kind="deleted"), by=phone)
    operations.undo_session(alice, phone.session, since=long_ago, by=phone)
    assert Task.objects.get(pk=task.pk).title == "First"


def test_a_name_taken_meanwhile_harms_no_other(alice: User) -> None:
    phone, long_ago = Actor(alice, uuid4()), datetime(2020, 1, 1, tzinfo=UTC)
    task = make_task(Actor(alice), "First", tags=["a"])
    operations.change_task(task, by=phone, title="Second")
    operations.change_tag(Tag.objects.get(), by=phone, name="b")
    operations.create_tag(by=Actor(alice), name="a")
    undone = operations.undo_session(alice, phone.session, since=long_ago, by=phone)
    assert [each.kept for each in undone] == [["name"], []]
    assert Task.objects.get(pk=task.pk).title == "First"


def test_a_tree_that_was_made_goes_into_the_trash_as_one(by_alice: Actor) -> None:
    with operations.writing(by_alice.user, by=by_alice):
        top = make_task(by_alice, "top")
        child = make_task(by_alice, "child", parent=top)
    operations.undo_batch(last_change(top), by=by_alice)
    child.refresh_from_db()
    assert child.trashed_with == top.uid
    operations.restore_task(top, by=by_alice)
    child.refresh_from_db()
    assert (child.trashed_at, child.parent) == (None, top)
