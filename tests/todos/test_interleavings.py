"""Two threads write one person's tasks at random: the tree stays sound, no update is lost, and
undoing everything restores the first state. A failing seed is in the test's name.
"""

from __future__ import annotations

import os
import random
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import make_user
from todos import operations
from todos.models import Change, Completion, Section, Task, TaskList, TaskTag
from todos.operations.snapshots import completion_snapshot, snapshot, tags_of

# `make interleavings` asks for a thousand.
INTERLEAVINGS = int(os.environ.get("INTERLEAVINGS", "60"))
AT_ONCE = 10
ACTS_A_THREAD = 5
DEEPEST = 10
DAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 12, tzinfo=UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads share as processes do: on SQLite a file, not the tests' memory."""
    if connection.vendor != "sqlite":
        yield
        return
    memory, name = connection.connection, connection.settings_dict["NAME"]
    with closing(sqlite3.connect(tmp_path / "todo.sqlite3")) as file:
        memory.backup(file)
    connection.connection = None
    connection.settings_dict["NAME"] = str(tmp_path / "todo.sqlite3")
    yield
    connection.close()
    connection.settings_dict["NAME"], connection.connection = name, memory


@pytest.mark.parametrize("first_seed", range(0, INTERLEAVINGS, AT_ONCE))
def test_what_two_threads_do_at_random_is_sound_and_can_be_undone(first_seed: int) -> None:
    for seed in range(first_seed, first_seed + AT_ONCE):
        try:
            left = interleave(seed)
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
        assert left == [], f"seed {seed}"


def interleave(seed: int) -> list[str]:
    """Let two threads act, check what they made of it, undo it all: what is not as it was."""
    world = World(seed)
    first = world.state()
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(world.act, barrier, seed * 2 + number) for number in range(2)]
        for run in runs:
            run.result()
    world.check_tree()
    world.check_journal()
    operations.undo_session(world.owner, world.session, since=START, by=Actor(world.owner))
    world.check_tree()
    world.check_journal()
    return differences(first, world.state())


def differences(first: dict[str, Any], last: dict[str, Any]) -> list[str]:
    """What is not as it was, told so that a failing seed can be understood."""
    return [
        f"{kind} {pk}, {name}: {before.get(name)!r} became {after.get(name)!r}"
        for kind in first
        for pk in first[kind].keys() | last[kind].keys()
        for before, after in [(first[kind].get(pk, {}), last[kind].get(pk, {}))]
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    ]


class World:
    """A person's lists and tasks, and a session whose requests come on two threads."""

    def __init__(self, seed: int) -> None:
        self.owner: User = make_user(f"Seed {seed} {uuid.uuid4().hex}")
        self.session = uuid.uuid4()
        by, before = Actor(self.owner), START - timedelta(hours=1)
        new = partial(operations.create_task, by=by, at=before)
        self.lists = [
            operations.create_list(by=by, name=name, at=before)[0] for name in ("Home", "Work")
        ]
        operations.create_section(by=by, task_list=self.lists[0], name="Garden", at=before)
        top, _ = new(title="top", task_list=self.lists[0], rule="FREQ=DAILY", due_on=DAY)
        child, _ = new(title="child", parent=top, tags=["a"])
        new(title="grandchild", parent=child)
        new(title="other", task_list=self.lists[1], rule="FREQ=DAILY;COUNT=2", due_on=DAY)
        gone, _ = new(title="gone", parent=top)
        operations.trash_task(gone, by=by, at=before)

    def act(self, barrier: Barrier, seed: int) -> None:
        """Do a few things at random; what does not fit the present state is refused."""
        dice = random.Random(seed)  # noqa: S311
        barrier.wait(timeout=10)
        try:
            for _act in range(ACTS_A_THREAD):
                act = dice.choice(ACTS)
                try:
                    act(self, dice, Actor(self.owner, self.session), START)
                except ValidationError:
                    continue
        finally:
            connection.close()

    def pick(self, dice: random.Random, rows: Any) -> Any:
        return dice.choice(list(rows.filter(owner=self.owner).order_by("pk")) or [None])

    def state(self) -> dict[str, Any]:
        """All that a person sees, and where it is. What was made later is gone or in the trash."""
        tasks = Task.objects.filter(owner=self.owner).order_by("pk")
        return {
            "tasks": {
                task.pk: {
                    **snapshot(task),
                    "trashed_at": bool(task.trashed_at),
                    "tags": tags_of(task),
                    "completions": [
                        completion_snapshot(each) for each in task.completions.order_by("uid")
                    ],
                }
                for task in tasks
                if not (task.trashed_at and task.created_at >= START)
            },
            "lists": {
                each.pk: {**snapshot(each), "trashed_at": bool(each.trashed_at)}
                for each in TaskList.objects.filter(owner=self.owner).order_by("pk")
            },
            "sections": {
                each.pk: snapshot(each) for each in Section.objects.filter(owner=self.owner)
            },
        }

    def check_tree(self) -> None:
        tasks = {task.pk: task for task in Task.objects.filter(owner=self.owner)}
        lists = TaskList.objects.in_bulk([task.task_list_id for task in tasks.values()])
        for task in tasks.values():
            assert len(above(task, tasks)) <= DEEPEST
            if task.trashed_at:
                continue
            assert not lists[task.task_list_id].trashed_at
            if task.parent_id:
                assert not tasks[task.parent_id].trashed_at
                assert tasks[task.parent_id].task_list_id == task.task_list_id
                assert task.section_id is None
            if task.section_id:
                assert Section.objects.get(pk=task.section_id).task_list_id == task.task_list_id
        for task in tasks.values():
            if task.trashed_at:
                leaders = {each.uid for each in tasks.values() if each.trashed_at}
                leaders |= {each.uid for each in lists.values() if each.trashed_at}
                assert task.trashed_with in leaders

    def check_journal(self) -> None:
        """No number is missing, and what the changes say in turn is how things are."""
        changes = list(Change.objects.filter(owner=self.owner).order_by("number"))
        assert [change.number for change in changes] == list(range(1, len(changes) + 1))
        of_tasks: dict[int, list[Change]] = {}
        for change in changes:
            if change.object_kind == "task":
                of_tasks.setdefault(change.object_id, []).append(change)
        for task in Task.objects.filter(owner=self.owner):
            told: dict[str, Any] = {}
            for change in of_tasks[task.pk]:
                past = {name: told.get(name) for name in change.before if name != "completion"}
                assert past == {name: change.before[name] for name in past}
                told |= change.after
            told.pop("completion", None)
            assert told == {**snapshot(task), "tags": tags_of(task)}
            assert task.version == len(of_tasks[task.pk])
        assert not TaskTag.objects.filter(owner=self.owner).exclude(task__owner=self.owner).exists()
        assert Completion.objects.filter(owner=self.owner, task=None).count() == 0


def above(task: Task, tasks: dict[int, Task]) -> list[int]:
    found: list[int] = []
    while task.parent_id is not None:
        assert task.parent_id not in found, "a cycle"
        found.append(task.parent_id)
        task = tasks[task.parent_id]
    return found


# What can be done


def create(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    parent = dice.choice([None, world.pick(dice, Task.objects.filter(trashed_at=None))])
    where = {"parent": parent} if parent else {"task_list": dice.choice(world.lists)}
    operations.create_task(by=by, at=at, title="new", tags=["a", "b"], **where)


def edit(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    task = world.pick(dice, Task.objects.all())
    if task:
        choices: list[dict[str, Any]] = [
            {"title": f"title {dice.random()}"},
            {"due_on": DAY + timedelta(days=dice.randrange(40))},
            {"tags": dice.sample(["a", "b", "c"], 2)},
            {"priority": dice.randrange(1, 5)},
            {"rule": dice.choice(["", "FREQ=WEEKLY"])},
        ]
        operations.change_task(task, by=by, at=at, **dice.choice(choices))


def move(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    task, other = (world.pick(dice, Task.objects.all()) for _each in range(2))
    if task and other:
        choices: list[dict[str, Any]] = [
            {"before": other},
            {"after": other},
            {"parent": other},
            {"parent": None},
            {"task_list": dice.choice(world.lists)},
            {"section": Section.objects.filter(owner=world.owner).first()},
        ]
        operations.move_task(task, by=by, at=at, **dice.choice(choices))


def complete(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    task = world.pick(dice, Task.objects.all())
    if task:
        children = dice.choice([None, "complete", "leave"])
        operations.complete_task(task, by=by, at=at, occurrence=task.occurrence, children=children)


def reopen(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    task = world.pick(dice, Task.objects.all())
    if task:
        operations.reopen_task(task, by=by, at=at)


def skip(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    task = world.pick(dice, Task.objects.exclude(rule=""))
    if task:
        operations.skip_task(task, by=by, at=at, occurrence=task.occurrence)


def trash(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    thing = world.pick(dice, Task.objects.all())
    if thing:
        operations.trash_task(thing, by=by, at=at)


def restore(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    thing = world.pick(dice, Task.objects.filter(trashed_at__isnull=False))
    if thing:
        operations.restore_task(thing, by=by, at=at)


def trash_or_restore_a_list(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    verb = dice.choice([operations.trash_list, operations.restore_list])
    verb(dice.choice(world.lists), by=by, at=at)


def delete_a_section(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    section = Section.objects.filter(owner=world.owner).first()
    if section:
        operations.delete_section(section, by=by, at=at)


def undo(world: World, dice: random.Random, by: Actor, at: datetime) -> None:
    changes = Change.objects.filter(owner=world.owner, session=world.session)
    change = world.pick(dice, changes.filter(follows=None))
    if change:
        dice.choice([operations.undo_change, operations.undo_batch])(change, by=by, at=at)


ACTS: list[Callable[[World, random.Random, Actor, datetime], None]] = [
    create,
    edit,
    move,
    move,
    complete,
    complete,
    reopen,
    skip,
    trash,
    restore,
    trash_or_restore_a_list,
    delete_a_section,
    undo,
    undo,
]
