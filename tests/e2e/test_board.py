"""Lists as boards: chosen by a link, remembered, with columns to drag between."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from tests.e2e.test_drag import by_mouse, by_touch, handle, keep_view, make, middle
from tests.e2e.test_every_page import TOO_SMALL, sideways, violations
from tests.e2e.test_walks import with_and_without_javascript
from todos import operations
from todos.models import Section, Task, TaskList

WIDE = {"viewport": {"width": 1600, "height": 860}}


@pytest.fixture
def dora(transactional_db: None) -> User:
    """A person with a list in three sections, the last of which is empty."""
    user = User.objects.create(email="dora@example.org", display_name="Dora")
    home, _ = operations.create_list(by=Actor(user), name="Home", color="orange")
    ideas, doing, _done = (
        operations.create_section(by=Actor(user), task_list=home, name=name)[0]
        for name in ("Ideas", "Doing", "Done")
    )
    for title in ("Paint the shed", "Mend the gate"):
        make(user, title, section=ideas)
    build = make(user, "Build a nest box", section=doing)
    make(user, "Saw", parent=build)
    make(user, "Water the tomatoes", task_list=home)
    return user


def open_board(page: Page) -> None:
    page.goto(TaskList.objects.get(name="Home").get_absolute_url())
    page.get_by_role("link", name="Board").click()
    expect(page.get_by_role("region", name="Board")).to_be_visible()


@with_and_without_javascript
def test_every_section_is_a_column_and_the_page_remembers(
    open_page: OpenPage, dora: User, javascript: bool
) -> None:
    page = open_page(dora, java_script_enabled=javascript, **DESKTOP)
    open_board(page)
    expect(page).to_have_url(re.compile(r"/lists/\d+$"))
    headings = page.get_by_role("region", name="Board").get_by_role("heading")
    expect(headings).to_have_text(["No section 1 open", "Ideas 2 open", "Doing 1 open", "Done"])
    page.goto("/inbox")
    expect(page.get_by_role("region", name="Board")).to_have_count(0)
    page.go_back()
    page.reload()
    expect(page.get_by_role("region", name="Board")).to_be_visible()
    page.get_by_role("region", name="Done").get_by_role("link", name="Add a task to “Done”").click()
    page.get_by_role("textbox", name="Add a task to “Done”").fill("Sweep")
    page.get_by_role("textbox", name="Add a task to “Done”").press("Enter")
    done = page.get_by_role("region", name="Done")
    expect(done.get_by_role("link", name="Sweep", exact=True)).to_be_visible()
    page.get_by_text("Add a section").click()
    page.get_by_label("Name of the section").fill("Later")
    page.get_by_label("Name of the section").press("Enter")
    expect(page.get_by_role("region", name="Later")).to_be_visible()
    page.get_by_role("link", name="List", exact=True).click()
    expect(page.get_by_role("heading", name="Later")).to_be_visible()
    expect(page.get_by_role("region", name="Board")).to_have_count(0)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
def test_axe_finds_nothing_on_a_board_in_either_theme(
    open_page: OpenPage, dora: User, screen: dict[str, Any]
) -> None:
    page = open_page(dora, bypass_csp=True, **screen)
    open_board(page)
    make(dora, "Rake", due_on=timezone.localdate() + timedelta(days=2))
    for name, route in (("board", page.url), ("board-upcoming", "/upcoming?view=board")):
        page.goto(route)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            keep_picture(page, f"{name}-{screen['viewport']['width']}-{theme}")
            assert violations(page) == []
        if screen["viewport"]["width"] < 400:
            assert page.evaluate(TOO_SMALL) == []


def test_the_board_scrolls_sideways_and_the_page_does_not(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **WIDE)
    open_board(page)
    assert sideways(page) == 0
    page.set_viewport_size({"width": 320, "height": 640})
    assert sideways(page) == 0
    board = page.get_by_role("region", name="Board")
    assert board.evaluate("board => board.scrollWidth - board.clientWidth") > 500
    board.focus()
    page.keyboard.press("ArrowRight")
    board.evaluate(
        """board => new Promise((tell) => {
          const look = () => (board.scrollLeft ? tell() : setTimeout(look, 20));
          look();
        })"""
    )


def test_a_card_is_dragged_from_column_to_column(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **WIDE)
    open_board(page)
    start = handle(page, "Build a nest box")
    done = page.get_by_role("region", name="Done")
    by_mouse(page, start, middle(done))
    keep_view(page, "board-drag-1280")
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved to “Done”: Build a nest box")
    expect(done.get_by_role("link", name="Saw", exact=True)).to_be_visible()
    assert Task.objects.get(title="Build a nest box").section.name == "Done"
    x, y = middle(page.get_by_role("link", name="Mend the gate", exact=True))
    start = handle(page, "Water the tomatoes")
    by_mouse(page, start, (x, y - 14))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved to “Ideas”: Water the tomatoes")
    ideas = Section.objects.get(name="Ideas").tasks.by_position()
    assert [task.title for task in ideas] == [
        "Paint the shed",
        "Water the tomatoes",
        "Mend the gate",
    ]


def test_a_drop_below_a_short_column_is_for_that_column(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **WIDE)
    open_board(page)
    x, _y = middle(page.get_by_role("region", name="Done"))
    by_mouse(page, handle(page, "Mend the gate"), (x, 700))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved to “Done”: Mend the gate")


def test_on_a_phone_the_board_goes_along_and_keeps_its_place(
    open_page: OpenPage, dora: User
) -> None:
    page = open_page(dora, **PHONE)
    open_board(page)
    start = handle(page, "Water the tomatoes")
    lift = by_touch(page, start, (380, start[1]))
    board = page.get_by_role("region", name="Board")
    board.evaluate(
        """board => new Promise((tell) => {
          const far = () => board.scrollLeft > 330;
          const look = () => (far() ? tell() : setTimeout(look, 20));
          look();
        })"""
    )
    keep_view(page, "board-drag-390")
    lift()
    expect(page.get_by_role("status")).to_contain_text("Moved to “")
    assert Task.objects.get(title="Water the tomatoes").section
    assert board.evaluate("board => board.scrollLeft") > 300


def test_the_count_of_a_section_follows_the_ticks(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **DESKTOP)
    for view in ("board", "list"):
        page.goto(f"/lists/{TaskList.objects.get(name='Home').pk}?view={view}")
        heading = page.get_by_role("heading", name="Ideas")
        expect(heading).to_contain_text("2")
        page.get_by_role("button", name="Complete: Mend the gate").click()
        expect(heading).to_contain_text("1")
        page.get_by_role("button", name="Undo").click()
        expect(heading).to_contain_text("2")
    page.get_by_role("button", name="Complete: Saw").click()
    expect(page.get_by_role("status")).to_contain_text("Saw")
    page.get_by_role("button", name="Complete: Water the tomatoes").click()
    expect(page.get_by_role("status")).to_contain_text("Water the tomatoes")


def test_upcoming_has_a_column_for_each_day_of_a_week(open_page: OpenPage, dora: User) -> None:
    today = timezone.localdate()
    make(dora, "Rake", due_on=today + timedelta(days=1))
    page = open_page(dora, **DESKTOP)
    page.goto("/upcoming")
    page.get_by_role("link", name="Board").click()
    columns = page.get_by_role("region", name="Board").get_by_role("heading")
    expect(columns).to_have_count(7)
    third = page.locator("[data-drop-day]", has_text="Nothing is due on this day.").nth(1)
    by_mouse(page, handle(page, "Rake"), middle(third))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Rake")
    assert Task.objects.get(title="Rake").due_on == today + timedelta(days=3)
