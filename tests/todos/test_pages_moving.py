"""Moving on the pages: to a place that is named, as a drag does, and a step at a time."""

from __future__ import annotations

import re

import pytest
from django.db.models import F
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_pages import post, text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Section, Task, TaskList


@pytest.fixture
def home(by_alice: Actor) -> TaskList:
    return operations.create_list(by=by_alice, name="Home")[0]


@pytest.fixture
def later(by_alice: Actor, home: TaskList) -> Section:
    return operations.create_section(by=by_alice, task_list=home, name="Later")[0]


@pytest.fixture
def tasks(by_alice: Actor, home: TaskList) -> list[Task]:
    return [make_task(by_alice, name, task_list=home) for name in ("one", "two", "three")]


def tree() -> str:
    """All tasks in their order, each behind its parent's title."""
    first = F("parent").asc(nulls_first=True)
    rows = Task.objects.select_related("parent").order_by(first, "position", "pk")
    return " ".join(f"{row.parent}/{row}" if row.parent else str(row) for row in rows)


@pytest.mark.parametrize(
    ("place", "order", "words"),
    [
        ("before", "three one two", "Moved: three"),
        ("after", "one three two", "Moved: three"),
        ("parent", "one two one/three", "Now a sub-task of “one”: three"),
    ],
)
def test_a_task_is_put_beside_or_below_another(
    page: Client, tasks: list[Task], place: str, order: str, words: str
) -> None:
    html = post(page, f"/tasks/{tasks[2].pk}/place", **{place: str(tasks[0].pk)})
    assert tree() == order
    assert words in html
    undo = re.search(r"/changes/[0-9]+/undo", html)
    assert undo
    post(page, undo[0], together="1")
    assert tree() == "one two three"


def test_a_task_is_put_at_the_end_of_a_section_or_a_list(
    page: Client, by_alice: Actor, inbox: TaskList, later: Section, tasks: list[Task]
) -> None:
    below = make_task(by_alice, "below", parent=tasks[0])
    route = f"/tasks/{below.pk}/place"

    def place() -> tuple[object, ...]:
        below.refresh_from_db()
        return below.task_list, below.section, below.parent

    assert "Moved to “Later”: below" in post(page, route, section=str(later.pk))
    assert place() == (later.task_list, later, None)
    assert "Moved to “Home”: below" in post(page, route, list=str(later.task_list_id))
    assert place() == (later.task_list, None, None)
    assert f"Moved to “{inbox}”: below" in post(page, route, list=str(inbox.pk))
    assert place() == (inbox, None, None)


def test_it_leads_back_to_where_it_was_asked_with_the_ticks(
    page: Client, tasks: list[Task]
) -> None:
    route, sent = f"/tasks/{tasks[0].pk}/place", {"after": tasks[1].pk}
    assert page.post(route, {**sent, "next": "/upcoming?page=2"}).url == "/upcoming?page=2"
    assert (
        page.post(route, {**sent, "next": "//evil.example"}).url
        == f"/lists/{tasks[0].task_list_id}"
    )
    ticked = {"task": f"{tasks[2].pk}/", "next": "/inbox?select=1"}
    assert page.post(route, {**sent, **ticked}).url == f"/inbox?select={tasks[2].pk},"


def test_what_is_refused_is_told_and_changes_nothing(
    page: Client, by_alice: Actor, bob: User, home: TaskList, tasks: list[Task]
) -> None:
    one = tasks[0]
    below = make_task(by_alice, "below", parent=one)
    strange = make_task(Actor(bob), "strange")
    deep = below
    for level in range(9):
        deep = make_task(by_alice, f"level {level}", parent=deep)
    before, route = tree(), f"/tasks/{one.pk}/place"
    refusals = {
        "A task cannot be below itself.": {"parent": below.pk},
        "A task cannot stand beside itself.": {"before": one.pk},
        "That place is gone.": {"after": strange.pk},
        "Choose a place first.": {},
    }
    for words, sent in refusals.items():
        assert words in post(page, route, **{name: str(pk) for name, pk in sent.items()})
    parent = make_task(by_alice, "parent", parent=tasks[1])
    two_levels = post(page, route, parent=str(parent.pk))
    assert "Sub-tasks go 10 levels deep at most." in two_levels
    parent.delete()
    operations.archive_list(home, by=by_alice)
    stray = make_task(by_alice, "stray")
    assert "This list is archived." in post(page, f"/tasks/{stray.pk}/place", list=str(home.pk))
    stray.delete()
    Task.objects.filter(owner=bob).delete()
    assert tree() == before.removeprefix("strange ")


def test_a_place_among_more_than_two_hundred_is_found(
    page: Client, by_alice: Actor, home: TaskList, tasks: list[Task]
) -> None:
    for number in range(205):
        make_task(by_alice, f"task {number}", task_list=home)
    last = Task.objects.latest("position")
    post(page, f"/tasks/{tasks[0].pk}/place", after=str(last.pk))
    assert Task.objects.by_position().last() == tasks[0]


def test_steps_go_up_down_in_and_out(page: Client, tasks: list[Task]) -> None:
    route = f"/tasks/{tasks[1].pk}/step"
    steps = [
        ("in", "Now a sub-task of “one”: two", "one three one/two"),
        ("in", "No task is above it to be its parent: two", "one three one/two"),
        ("up", "Nothing is above it: two", "one three one/two"),
        ("out", "No longer a sub-task of “one”: two", "one two three"),
        ("out", "It is not a sub-task: two", "one two three"),
        ("down", "Moved down: two", "one three two"),
        ("down", "Nothing is below it: two", "one three two"),
        ("up", "Moved up: two", "one two three"),
    ]
    for way, words, order in steps:
        assert words in post(page, route, way=way)
        assert tree() == order
    assert page.post(route, {"way": "sideways"}).status_code == 400


def test_a_step_in_too_deep_is_told(page: Client, by_alice: Actor, tasks: list[Task]) -> None:
    deep = tasks[1]
    for level in range(10):
        deep = make_task(by_alice, f"level {level}", parent=deep)
    answer = page.post(f"/tasks/{tasks[1].pk}/step", {"way": "in"}, follow=True)
    assert "Sub-tasks go 10 levels deep at most." in text_of(answer) + answer.content.decode()
    assert Task.objects.get(title="two").parent is None


def test_a_step_leads_back_to_where_it_was_asked(page: Client, tasks: list[Task]) -> None:
    sent = {"way": "down", "next": "/today?page=2"}
    assert page.post(f"/tasks/{tasks[0].pk}/step", sent).url == "/today?page=2"
