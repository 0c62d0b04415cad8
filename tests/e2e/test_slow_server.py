"""What people do faster than the server answers: nothing is lost, and nothing hits another task."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from tests.e2e.conftest import DESKTOP, OpenPage
from tests.e2e.test_walks_of_tasks import make
from todos.models import Task

NARROW = {"viewport": {"width": 1000, "height": 800}}


@pytest.fixture
def dora(transactional_db: None) -> User:
    user = User.objects.create(email="dora@example.org")
    for title in ("one", "two", "three"):
        make(user, title)
    return user


@pytest.fixture
def page(open_page: OpenPage, dora: User) -> Page:
    page = open_page(dora, **NARROW)
    page.goto("/inbox")
    return page


@contextmanager
def held_back(page: Page, pattern: str = "**/tasks/**") -> Iterator[None]:
    """The server answers only when what is pressed meanwhile is over."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    yield
    for route in held:
        route.continue_()
    page.unroute(pattern)


def link(page: Page, title: str) -> Locator:
    return page.locator("#page").get_by_role("link", name=title, exact=True)


def settled(page: Page, words: str) -> None:
    expect(page.locator("#status")).to_contain_text(words)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_each_of_several_quick_verbs_is_done(page: Page) -> None:
    with held_back(page):
        press(page, "j", "1", "j", "2", "j", "3")
    settled(page, "New priority: three")
    assert dict(Task.objects.values_list("title", "priority")) == {"one": 1, "two": 2, "three": 3}


def test_a_key_pressed_twice_keeps_the_undo(page: Page) -> None:
    with held_back(page):
        press(page, "j", "Delete", "Delete")
    settled(page, "Moved to the trash: one")
    expect(page.locator("#status [data-undo]")).to_be_visible()
    assert Task.objects.filter(trashed_at=None).count() == 2


def test_a_question_is_for_the_task_that_it_was_asked_of(page: Page) -> None:
    with held_back(page):
        press(page, "j", "t", "m")
    settled(page, "New date: one")
    with held_back(page):
        press(page, "j", "t", "t")
    settled(page, "New date: two")
    days = dict(Task.objects.values_list("title", "due_on"))
    assert days["three"] is None and days["one"] > days["two"]


def test_ticks_made_before_the_boxes_are_there_are_all_kept(page: Page) -> None:
    with held_back(page, "**/inbox?**"):
        press(page, "j", "x", "j", "x")
    for title, is_ticked in {"one": True, "two": True, "three": False}.items():
        box = page.get_by_label(f"Select: {title}")
        expect(box).to_be_checked(checked=is_ticked)
    page.reload()
    expect(page.get_by_label("Select: two")).to_be_checked()


def test_a_question_that_failed_says_so_and_keeps_no_old_one(page: Page) -> None:
    press(page, "j", "t")
    expect(page.get_by_role("dialog", name="Date for “one”")).to_be_visible()
    press(page, "Escape")
    page.route("**/tasks/ask", lambda route: route.fulfill(status=429, body="no"))
    press(page, "j", "t")
    settled(page, "That did not work")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_failed_answer_is_told_in_the_dialog(page: Page) -> None:
    press(page, "j", "t")
    dialog = page.get_by_role("dialog", name="Date for “one”")
    dialog.get_by_label("Or in words").fill("tomorrow")
    page.route("**/tasks/bulk", lambda route: route.fulfill(status=429, body="no"))
    press(page, "Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("That did not work")
    expect(dialog.get_by_label("Or in words")).to_have_value("tomorrow")


def test_arrows_scroll_where_no_row_has_the_focus(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **DESKTOP)
    page.goto("/settings/appearance")
    page.get_by_label("Light").focus()
    press(page, "ArrowDown")
    expect(page.get_by_label("Dark")).to_be_checked()
    page.goto("/keys")
    press(page, "ArrowDown")
    page.wait_for_function("scrollY > 0")


def test_other_keys_do_nothing_under_a_question(page: Page) -> None:
    press(page, "j", "v")
    expect(page.get_by_role("dialog", name="Move “one” to")).to_be_visible()
    press(page, "Delete", "c", "1")
    press(page, "Escape")
    press(page, "j", "4", "3")
    settled(page, "New priority: two")
    one = Task.objects.get(title="one")
    assert (one.trashed_at, one.is_done, one.priority) == (None, False, 4)


def test_lines_typed_faster_than_they_are_added_are_all_kept(page: Page) -> None:
    press(page, "q")
    with held_back(page, "**/tasks/add"):
        for line in ("Alpha item", "Bravo item", "Carrot item"):
            page.keyboard.type(line)
            page.keyboard.press("Enter")
        page.keyboard.type("Del")
    settled(page, "Added: Carrot item")
    expect(page.get_by_label("New task")).to_have_value("Del")
    expect(page.get_by_label("New task")).to_be_focused()
    assert set(Task.objects.values_list("title", flat=True)) >= {
        "Alpha item",
        "Bravo item",
        "Carrot item",
    }


def test_a_line_that_could_not_be_added_is_put_back(page: Page) -> None:
    page.route("**/tasks/add", lambda route: route.fulfill(status=429, body="no"))
    press(page, "q")
    page.keyboard.type("Alpha item")
    page.keyboard.press("Enter")
    settled(page, "That did not work")
    expect(page.get_by_label("New task")).to_have_value("Alpha item")


def test_typing_into_what_was_just_opened_hits_no_task(page: Page) -> None:
    press(page, "j")
    expect(link(page, "one")).to_be_focused()
    page.get_by_text("Add a section").click()
    expect(page.get_by_label("Name of the section")).to_be_focused()
    page.keyboard.type("4 weeks")
    expect(page.get_by_label("Name of the section")).to_have_value("4 weeks")
    page.get_by_text("Add a section").focus()
    press(page, "1", "c", "Delete")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert not Task.objects.exclude(priority=4, completed_at=None, trashed_at=None).exists()
