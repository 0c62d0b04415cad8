"""A day as people plan it, from signing up to the dark: by mouse, by finger, by keys, without a
script.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from tests.e2e.test_walks import PASSWORD, sign_up
from todos.models import Task, TaskList

LINES = {
    "Call the bank": "Call the bank today",
    "Buy oat milk": "Buy oat milk today",
    "Pay rent": "Pay rent every month on the 1st p1",
}


def status(page: Page, words: str) -> None:
    expect(page.locator("#status")).to_contain_text(words)


def titles_of(list_name: str) -> list[str]:
    rows = Task.objects.filter(task_list__name=list_name, parent=None).by_position()
    return [str(task) for task in rows]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
def test_a_day_is_planned(open_page: OpenPage, javascript: bool, screen: dict[str, Any]) -> None:
    page = open_page(java_script_enabled=javascript, **screen)
    sign_up(page)
    for title, line in LINES.items():
        page.get_by_label("New task").fill(line)
        page.get_by_label("New task").press("Enter")
        status(page, f"Added: {title}")
    page.goto("/today")
    expect(page.get_by_role("link", name="Buy oat milk", exact=True)).to_be_visible()

    page.goto("/lists/new")
    page.get_by_label("Name").fill("Home")
    page.get_by_role("button", name="Make the list").click()
    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()

    page.goto("/inbox")
    page.get_by_role("link", name="Select", exact=True).click()
    page.get_by_role("button", name="Move up: Buy oat milk").click()
    status(page, "Moved up: Buy oat milk")
    assert titles_of("Inbox") == ["Buy oat milk", "Call the bank", "Pay rent"]
    for title in ("Buy oat milk", "Pay rent"):
        page.get_by_label(f"Select: {title}").check()
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("button", name="Home", exact=True).click()
    status(page, "2 tasks moved.")
    assert titles_of("Home") == ["Buy oat milk", "Pay rent"]
    page.get_by_role("button", name="Undo").click()
    status(page, "2 changes undone.")
    assert titles_of("Home") == []
    assert titles_of("Inbox") == ["Buy oat milk", "Call the bank", "Pay rent"]

    page.goto("/inbox")
    page.get_by_role("button", name="Complete: Pay rent").click()
    status(page, "Done: Pay rent. Next:")
    page.goto("/settings/appearance")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    page.goto("/today")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark == "rgb(21, 24, 22)"
    keep_picture(page, f"story-{screen['viewport']['width']}-{'js' if javascript else 'plain'}")


def test_a_day_is_planned_by_keys_alone(open_page: OpenPage, transactional_db: None) -> None:
    page = open_page(**DESKTOP)
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("dora@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    page.wait_for_load_state()
    for title, line in LINES.items():
        page.keyboard.press("q")
        expect(page.get_by_label("New task")).to_be_focused()
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        status(page, f"Added: {title}")
        expect(page.locator(".htmx-settling")).to_have_count(0)
        page.keyboard.press("Escape")

    milk_row = page.get_by_role("link", name="Buy oat milk", exact=True)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(milk_row).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    status(page, "Moved up: Buy oat milk")
    expect(milk_row).to_be_focused()
    page.keyboard.press("2")
    status(page, "New priority: Buy oat milk")
    page.keyboard.press("t")
    page.keyboard.press("m")
    status(page, "New date: Buy oat milk")
    expect(milk_row).to_be_focused()
    page.keyboard.press("c")
    status(page, "Done: Buy oat milk")
    page.keyboard.press("z")
    status(page, "Undone: Buy oat milk")
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    milk = Task.objects.get(title="Buy oat milk")
    assert (milk.priority, milk.is_done) == (2, False)
    assert User.objects.count() == TaskList.objects.count() == 1
