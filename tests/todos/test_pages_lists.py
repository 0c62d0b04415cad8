"""The page of a list: sections, the tree, and how much of it one page loads."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from tests.todos.test_pages import post, text_of
from tests.todos.test_tasks import make_task
from todos import operations, rows
from todos.models import Section, Task, TaskList
from todos.rows import with_descendants


@pytest.fixture
def home(by_alice: Actor) -> TaskList:
    return operations.create_list(by=by_alice, name="Home")[0]


def names(home: TaskList) -> list[str]:
    return [str(row) for row in Section.objects.visible_to(home.owner).filter(task_list=home)]


def test_a_section_is_made_renamed_moved_and_deleted(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    for name in ("Kitchen", "Garden", "Attic"):
        assert f"New section: {name}" in post(page, f"/lists/{home.pk}/sections", name=name)
    attic = Section.objects.get(name="Attic")
    assert "Saved: Loft" in post(page, f"/sections/{attic.pk}/edit", name="Loft")
    post(page, f"/sections/{attic.pk}/step", way="up")
    assert names(home) == ["Kitchen", "Loft", "Garden"]
    post(page, f"/sections/{attic.pk}/step", way="up")
    post(page, f"/sections/{attic.pk}/step", way="up")
    assert names(home) == ["Loft", "Kitchen", "Garden"]
    task = make_task(by_alice, task_list=home, section=attic)
    html = post(page, f"/sections/{attic.pk}/delete")
    assert "Deleted the section: Loft" in html
    task.refresh_from_db()
    assert (task.section, task.task_list) == (None, home)


def test_sections_at_one_place_are_moved_apart(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    for name in ("one", "two", "three"):
        operations.create_section(by=by_alice, task_list=home, name=name, position=5)
    last = Section.objects.get(name="three")
    post(page, f"/sections/{last.pk}/step", way="up")
    assert names(home) == ["one", "three", "two"]
    post(page, f"/sections/{last.pk}/step", way="down")
    assert names(home) == ["one", "two", "three"]


def test_lists_are_put_in_order_below_the_inbox(
    page: Client, by_alice: Actor, inbox: TaskList, home: TaskList
) -> None:
    work, old = (operations.create_list(by=by_alice, name=name)[0] for name in ("Work", "Old"))
    operations.archive_list(old, by=by_alice)

    def order() -> str:
        return " ".join(str(row) for row in TaskList.objects.visible_to(by_alice.user).active())

    assert order() == "Inbox Home Work"
    html = post(page, f"/lists/{work.pk}/step", way="up")
    assert "Moved: Work" in html and order() == "Inbox Work Home"
    assert html.index("Move up: Work") < html.index("Move up: Home")
    for row, way in ((work, "up"), (home, "down"), (inbox, "down"), (old, "up")):
        post(page, f"/lists/{row.pk}/step", way=way)
        assert order() == "Inbox Work Home"
    undo = re.search(r"/changes/[0-9]+/undo", html)
    assert undo
    post(page, undo[0], together="1")
    assert order() == "Inbox Home Work"


def test_a_bad_name_is_shown_again_with_the_reason(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    answer = page.post(f"/lists/{home.pk}/sections", {"name": "x" * 101})
    assert answer.status_code == 422 and "x" * 101 in answer.content.decode()
    section, _ = operations.create_section(by=by_alice, task_list=home, name="Kitchen")
    answer = page.post(f"/sections/{section.pk}/edit", {"name": " "})
    assert answer.status_code == 422 and "Edit Kitchen" in text_of(answer)


def test_deleting_a_section_is_undone(page: Client, by_alice: Actor, home: TaskList) -> None:
    section, _ = operations.create_section(by=by_alice, task_list=home, name="Kitchen")
    make_task(by_alice, task_list=home, section=section)
    answer = page.post(f"/sections/{section.pk}/delete", follow=True)
    undo = re.search(r"/changes/[0-9]+/undo", answer.content.decode())
    assert undo
    post(page, undo[0], together="1")
    assert names(home) == ["Kitchen"]


def test_tasks_stand_in_their_sections_as_a_tree(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    kitchen, _ = operations.create_section(by=by_alice, task_list=home, name="Kitchen")
    garden, _ = operations.create_section(by=by_alice, task_list=home, name="Garden")
    tiles = make_task(by_alice, "Tiles", task_list=home, section=kitchen)
    make_task(by_alice, "Grout", parent=tiles)
    make_task(by_alice, "Keys", task_list=home)
    operations.complete_task(make_task(by_alice, "Glue", parent=tiles), by=by_alice)
    words = text_of(page.get(f"/lists/{home.pk}"))
    places = [words.index(name) for name in ("Keys", "Kitchen", "Tiles", "Grout", "Garden")]
    assert places == sorted(places)
    assert "Glue" not in words and "No open tasks in this section." in words
    html = page.get(f"/lists/{home.pk}?section={garden.pk}").content.decode()
    assert f'name="section" value="{garden.pk}"' in html and "Add a task to “Garden”" in html
    post(page, "/tasks/add", title="Roses", section=str(garden.pk), task_list=str(home.pk))
    assert Task.objects.get(title="Roses").section == garden


def test_an_empty_section_is_on_the_last_page_alone(
    page: Client, by_alice: Actor, home: TaskList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("todos.views.answers.PAGE_SIZE", 2)
    monkeypatch.setattr("todos.views.answers.page_of.__kwdefaults__", {"size": 2, "asked": "page"})
    operations.create_section(by=by_alice, task_list=home, name="Garden")
    for number in range(3):
        make_task(by_alice, f"task {number}", task_list=home)
    assert "Garden" not in text_of(page.get(f"/lists/{home.pk}"))
    assert "Garden" in text_of(page.get(f"/lists/{home.pk}?page=2"))


def test_the_tree_costs_a_query_a_level_and_has_an_end(
    by_alice: Actor, home: TaskList, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        top = make_task(by_alice, f"top {number}", task_list=home)
        for index in range(3):
            middle = make_task(by_alice, f"middle {index}", parent=top)
            make_task(by_alice, "bottom", parent=middle)
    open_tasks = Task.objects.visible_to(home.owner).open()
    tops = list(rows.as_rows(open_tasks.filter(parent=None)).by_position())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found, left_out = with_descendants(tops, open_tasks)
    assert (len(queries), len(found), left_out) == (2, 35, False)
    assert [str(task) for task in found[:3]] == ["top 0", "middle 0", "bottom"]
    monkeypatch.setattr(rows, "MOST_BELOW", 16)
    found, left_out = with_descendants(tops, open_tasks)
    assert (len(found), left_out) == (21, True)
    monkeypatch.setattr(rows, "MOST_BELOW", 15)
    assert with_descendants(tops, open_tasks)[1]
    monkeypatch.setattr(rows, "MOST_BELOW", 30)
    assert not with_descendants(tops, open_tasks)[1]


def test_what_an_empty_page_says_is_said_of_no_task(page: Client, by_alice: Actor) -> None:
    make_task(by_alice)
    assert "Your inbox is empty" not in text_of(page.get("/inbox"))
