"""Sub-tasks, sections and the order by hand. The operations."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.errors import Conflict
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Completion, Section, Task, TaskList, TaskTag
from todos.operations.tree import ROOM


def chain(by: Actor, length: int) -> list[Task]:
    """Tasks each below the one before."""
    tasks = [make_task(by, "level 0")]
    for level in range(1, length):
        tasks.append(make_task(by, f"level {level}", parent=tasks[-1]))
    return tasks


def fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def order(task_list: TaskList, **where: object) -> list[str]:
    rows = Task.objects.filter(task_list=task_list, trashed_at=None, **where).by_position()
    return [task.title for task in rows]


def home(by: Actor) -> TaskList:
    return operations.create_list(by=by, name="Home")[0]


# Sub-tasks


def test_a_sub_task_is_in_the_list_of_its_parent(by_alice: Actor) -> None:
    parent = make_task(by_alice, task_list=home(by_alice))
    assert make_task(by_alice, parent=parent).task_list == parent.task_list


def test_another_list_or_a_section_beside_a_parent_is_refused(
    by_alice: Actor, inbox: TaskList
) -> None:
    task_list = home(by_alice)
    parent = make_task(by_alice, task_list=task_list)
    section, _ = operations.create_section(by=by_alice, task_list=task_list, name="Garden")
    for field, where in (("task_list", {"task_list": inbox}), ("section", {"section": section})):
        with pytest.raises(ValidationError) as refusal:
            make_task(by_alice, parent=parent, **where)
        assert set(refusal.value.message_dict) == {field}


def test_ten_levels_below_and_no_more(by_alice: Actor) -> None:
    tasks = chain(by_alice, 11)
    with pytest.raises(ValidationError, match="10 levels"):
        make_task(by_alice, parent=tasks[-1])
    pair = chain(by_alice, 2)
    operations.move_task(pair[0], by=by_alice, parent=tasks[8])
    with pytest.raises(ValidationError, match="10 levels"):
        operations.move_task(pair[0], by=by_alice, parent=tasks[9])


def test_a_task_cannot_be_below_itself(by_alice: Actor) -> None:
    top, middle, bottom = chain(by_alice, 3)
    for parent in (top, middle, bottom):
        with pytest.raises(ValidationError, match="below itself"):
            operations.change_task(top, by=by_alice, parent=parent)
    assert fresh(top).parent is None


def test_sub_tasks_move_along_and_keep_what_they_have(by_alice: Actor) -> None:
    top, middle, bottom = chain(by_alice, 3)
    operations.change_task(bottom, by=by_alice, tags=["a"])
    task_list = home(by_alice)
    operations.move_task(top, by=by_alice, task_list=task_list)
    assert {task.task_list for task in map(fresh, (top, middle, bottom))} == {task_list}
    assert fresh(bottom).parent == middle
    assert bottom.tags.get().name == "a"
    assert Change.objects.of(bottom).count() == 3


def test_a_sub_task_that_moves_to_another_list_stands_by_itself(by_alice: Actor) -> None:
    _top, middle, bottom = chain(by_alice, 3)
    task = operations.change_task(middle, by=by_alice, task_list=home(by_alice))
    assert (task.parent, fresh(bottom).parent) == (None, middle)


# Completing with sub-tasks


def test_open_sub_tasks_are_asked_for(by_alice: Actor) -> None:
    top, middle, bottom = chain(by_alice, 3)
    with pytest.raises(Conflict) as refusal:
        operations.complete_task(top, by=by_alice)
    assert refusal.value.status == 409
    assert refusal.value.rows["children"] == [middle, bottom]
    assert not fresh(top).is_done


def test_sub_tasks_can_be_completed_too_or_left(by_alice: Actor) -> None:
    first, second = chain(by_alice, 3), chain(by_alice, 3)
    operations.complete_task(first[0], by=by_alice, children="complete")
    operations.complete_task(second[0], by=by_alice, children="leave")
    assert [fresh(task).is_done for task in first] == [True, True, True]
    assert [fresh(task).is_done for task in second] == [True, False, False]
    assert Completion.objects.count() == 4


def test_opening_a_sub_task_opens_what_is_above_it(by_alice: Actor) -> None:
    tasks = chain(by_alice, 3)
    operations.complete_task(tasks[0], by=by_alice, children="complete")
    operations.reopen_task(tasks[1], by=by_alice)
    assert [fresh(task).is_done for task in tasks] == [False, False, True]
    assert Completion.objects.get().task == tasks[2]


def test_sub_tasks_of_a_repeating_task_open_again_in_order(by_alice: Actor) -> None:
    parent = make_task(by_alice, "Clean", rule="FREQ=WEEKLY", due_on=date(2026, 11, 23))
    parts = [make_task(by_alice, title, parent=parent) for title in ("floor", "bath", "sink")]
    operations.complete_task(parts[1], by=by_alice)
    done = operations.complete_task(parent, by=by_alice, children="complete")
    assert not done.is_done
    assert [fresh(part).is_done for part in parts] == [False, False, False]
    assert order(parent.task_list, parent=parent) == ["floor", "bath", "sink"]
    assert Completion.objects.filter(task__in=parts).count() == 3
    operations.undo_batch(done.noted, by=by_alice)
    assert [fresh(part).is_done for part in parts] == [False, True, False]
    assert Completion.objects.count() == 1


# The trash


def test_a_tree_goes_into_the_trash_and_comes_back_as_one(by_alice: Actor) -> None:
    top, middle, bottom = chain(by_alice, 3)
    lone = make_task(by_alice, "lone", parent=top)
    operations.trash_task(lone, by=by_alice)
    operations.trash_task(top, by=by_alice)
    assert {fresh(task).trashed_with for task in (top, middle, bottom)} == {top.uid}
    operations.restore_task(top, by=by_alice)
    assert [fresh(task).trashed_at is None for task in (top, middle, bottom, lone)] == [
        True,
        True,
        True,
        False,
    ]
    assert fresh(bottom).parent == middle
    assert operations.restore_task(lone, by=by_alice).parent == top


def test_what_comes_back_without_its_parent_stands_by_itself(by_alice: Actor) -> None:
    top, middle, bottom = chain(by_alice, 3)
    operations.trash_task(top, by=by_alice)
    middle = operations.restore_task(middle, by=by_alice)
    assert (middle.parent, fresh(bottom).parent, fresh(bottom).trashed_at) == (None, middle, None)
    assert fresh(top).trashed_at


def test_what_comes_back_goes_where_its_parent_went(by_alice: Actor) -> None:
    top, middle, bottom = chain(by_alice, 3)
    operations.trash_task(middle, by=by_alice)
    task_list = home(by_alice)
    operations.move_task(top, by=by_alice, task_list=task_list)
    middle = operations.restore_task(middle, by=by_alice)
    assert (middle.task_list, middle.parent) == (task_list, top)
    assert fresh(bottom).task_list == task_list


def test_erasing_a_tree_leaves_what_was_trashed_before_it(by_alice: Actor) -> None:
    top, _middle, bottom = chain(by_alice, 3)
    operations.trash_task(bottom, by=by_alice)
    operations.trash_task(top, by=by_alice)
    operations.erase_task(top, by=by_alice)
    assert list(Task.objects.all()) == [bottom]
    assert operations.restore_task(bottom, by=by_alice).parent is None


# Order by hand


def test_moving_before_and_after(by_alice: Actor, inbox: TaskList) -> None:
    a, b, c = (make_task(by_alice, title) for title in "abc")
    operations.move_task(c, by=by_alice, before=a)
    assert order(inbox) == ["c", "a", "b"]
    operations.move_task(a, by=by_alice, after=b)
    assert order(inbox) == ["c", "b", "a"]
    operations.move_task(c, by=by_alice, after=b)
    assert order(inbox) == ["b", "c", "a"]
    operations.move_task(b, by=by_alice)
    assert order(inbox) == ["c", "a", "b"]


def test_beside_a_task_means_where_it_is(by_alice: Actor) -> None:
    parent = make_task(by_alice, "parent", task_list=home(by_alice))
    child = make_task(by_alice, "child", parent=parent)
    moved = operations.move_task(make_task(by_alice, "new"), by=by_alice, before=child)
    assert (moved.parent, order(parent.task_list, parent=parent)) == (parent, ["new", "child"])


def test_beside_a_task_that_is_elsewhere_is_refused(by_alice: Actor, inbox: TaskList) -> None:
    there = make_task(by_alice, task_list=home(by_alice))
    with pytest.raises(ValidationError) as refusal:
        operations.move_task(make_task(by_alice), by=by_alice, task_list=inbox, after=there)
    assert set(refusal.value.message_dict) == {"after"}
    with pytest.raises(ValidationError, match="beside itself"):
        operations.move_task(there, by=by_alice, after=there)


def test_many_moves_to_one_spot_keep_the_order_that_a_list_would_have(
    by_alice: Actor, inbox: TaskList
) -> None:
    tasks = [make_task(by_alice, str(number)) for number in range(4)]
    expected, dice = [task.title for task in tasks], random.Random(25)  # noqa: S311
    for _move in range(60):
        moving, beside = dice.sample(tasks, 2)
        before = dice.random() < 0.5
        operations.move_task(moving, by=by_alice, **{"before" if before else "after": beside})
        expected.remove(moving.title)
        expected.insert(expected.index(beside.title) + (not before), moving.title)
        assert order(inbox) == expected


def test_making_room_is_taken_back_with_the_move(by_alice: Actor, inbox: TaskList) -> None:
    a, b, c = (make_task(by_alice, title) for title in "abc")
    Task.objects.filter(pk=b.pk).update(position=ROOM + 1)
    Task.objects.filter(pk=a.pk).update(position=ROOM)
    moved = operations.move_task(c, by=by_alice, after=a)
    assert order(inbox) == ["a", "c", "b"]
    operations.undo_batch(moved.noted, by=by_alice)
    assert order(inbox) == ["a", "b", "c"]
    assert fresh(b).position == ROOM + 1


# Sections


def test_deleting_a_section_keeps_its_tasks_and_can_be_undone(by_alice: Actor) -> None:
    task_list = home(by_alice)
    section, _ = operations.create_section(by=by_alice, task_list=task_list, name="Garden")
    first, second = (make_task(by_alice, title, section=section) for title in ("dig", "sow"))
    operations.delete_section(section, by=by_alice)
    assert order(task_list, section=None) == ["dig", "sow"]
    operations.undo_batch(Change.objects.get(kind="deleted"), by=by_alice)
    again = Section.objects.get(uid=section.uid)
    assert (again.pk, again.name, again.task_list) == (section.pk, "Garden", task_list)
    assert order(task_list, section=again) == ["dig", "sow"]
    assert [fresh(task).position for task in (first, second)] == [first.position, second.position]


def test_a_section_of_another_list_moves_the_task_there(by_alice: Actor, inbox: TaskList) -> None:
    task = make_task(by_alice)
    section, _ = operations.create_section(by=by_alice, task_list=home(by_alice), name="Garden")
    task = operations.change_task(task, by=by_alice, section=section)
    assert (task.section, task.task_list) == (section, section.task_list)
    task = operations.change_task(task, by=by_alice, task_list=inbox)
    assert task.section is None
    with pytest.raises(ValidationError) as refusal:
        operations.change_task(task, by=by_alice, task_list=inbox, section=section)
    assert set(refusal.value.message_dict) == {"section"}


def test_a_section_s_uid_is_made_once(by_alice: Actor) -> None:
    task_list = home(by_alice)
    section, _ = operations.create_section(by=by_alice, task_list=task_list, name="Garden")
    again, is_new = operations.create_section(
        by=by_alice, task_list=task_list, name="Other", uid=section.uid
    )
    assert (again, is_new, again.name) == (section, False, "Garden")


# What a review found


def test_an_open_task_below_a_done_one_opens_it(by_alice: Actor) -> None:
    def done() -> Task:
        return operations.complete_task(make_task(by_alice, "parent"), by=by_alice)

    parent = done()
    make_task(by_alice, "new", parent=parent)
    assert not fresh(parent).is_done
    parent, moved = done(), make_task(by_alice, "moved")
    operations.move_task(moved, by=by_alice, parent=parent)
    assert not fresh(parent).is_done
    operations.trash_task(moved, by=by_alice)
    operations.complete_task(parent, by=by_alice)
    operations.restore_task(moved, by=by_alice)
    assert not fresh(parent).is_done
    finished = operations.complete_task(make_task(by_alice, "done"), by=by_alice)
    parent = done()
    operations.change_task(finished, by=by_alice, parent=parent)
    assert fresh(parent).is_done


def test_beside_a_task_of_an_archived_list_is_no_place(by_alice: Actor) -> None:
    task_list = home(by_alice)
    there = make_task(by_alice, task_list=task_list)
    operations.archive_list(task_list, by=by_alice)
    with pytest.raises(ValidationError, match="archived"):
        operations.move_task(make_task(by_alice), by=by_alice, after=there)
    other = Task.objects.create(owner=by_alice.user, task_list=task_list, title="other")
    operations.move_task(other, by=by_alice, after=there)


def test_erasing_a_part_takes_what_is_below_it(by_alice: Actor) -> None:
    top, middle, bottom = chain(by_alice, 3)
    operations.trash_task(top, by=by_alice)
    operations.erase_task(middle, by=by_alice)
    assert list(Task.objects.all()) == [top]
    assert bottom.pk in Change.objects.filter(kind="erased").values_list("object_id", flat=True)


@pytest.mark.parametrize("kind", ["list", "task"])
def test_what_is_newer_than_a_restore_lies_in_the_trash_from_now(
    by_alice: Actor, kind: str
) -> None:
    first, second, third = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 22, 23))
    task_list = home(by_alice)
    thing = task_list if kind == "list" else make_task(by_alice, task_list=task_list)
    trash, restore = (getattr(operations, f"{verb}_{kind}") for verb in ("trash", "restore"))
    trash(thing, by=by_alice, at=first)
    restored = restore(thing, by=by_alice, at=second)
    change = Change.objects.of(restored)[0]
    where = {"task_list": task_list} if kind == "list" else {"parent": thing}
    newer = make_task(by_alice, "newer", **where)
    operations.undo_change(change, by=by_alice, at=third)
    assert fresh(newer).trashed_at == third
    operations.empty_trash(by_alice.user, by=by_alice, before=second)
    assert fresh(newer)


def test_a_thousand_things_are_undone_as_one(by_alice: Actor) -> None:
    task_list = home(by_alice)
    section, _ = operations.create_section(by=by_alice, task_list=task_list, name="Garden")
    tag = operations.create_tag(by=by_alice, name="a")
    owner, many = by_alice.user, 1200
    tasks = Task.objects.bulk_create(
        Task(owner=owner, task_list=task_list, section=section, title=str(number), position=number)
        for number in range(1, many + 1)
    )
    TaskTag.objects.bulk_create(TaskTag(owner=owner, task=task, tag=tag) for task in tasks)
    with CaptureQueriesContext(connection) as queries:
        operations.delete_section(section, by=by_alice)
        operations.delete_tag(tag, by=by_alice)
        moved = operations.move_task(tasks[0], by=by_alice, after=tasks[600])
        for change in Change.objects.filter(kind="deleted"):
            operations.undo_change(change, by=by_alice)
        operations.undo_change(moved.noted, by=by_alice)
    assert len(queries) < 300
    assert Task.objects.filter(section=section, tags=tag).count() == many
    assert order(task_list, section=section)[:2] == ["1", "2"]


def test_only_the_neighbours_make_room(by_alice: Actor, inbox: TaskList) -> None:
    tasks = [make_task(by_alice, str(number)) for number in range(40)]
    for number, task in enumerate(tasks):
        Task.objects.filter(pk=task.pk).update(
            position=ROOM + (number if number < 20 else number * ROOM)
        )
    moved = operations.move_task(tasks[39], by=by_alice, after=tasks[10])
    assert order(inbox)[10:13] == ["10", "39", "11"]
    assert Change.objects.filter(follows=moved.noted.number).count() < 30
    operations.undo_change(moved.noted, by=by_alice)
    assert order(inbox) == [str(number) for number in range(40)]
    assert fresh(tasks[11]).position == ROOM + 11
