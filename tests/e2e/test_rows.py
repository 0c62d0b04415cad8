"""What is done to rows where they stand: editing a title, choosing a date, ticking many."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from tests.e2e.test_every_page import violations
from tests.e2e.test_walks_of_tasks import make, with_and_without_javascript
from todos.models import Task

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def dora(transactional_db: None) -> User:
    user = User.objects.create(email="dora@example.org")
    for title in ("one", "two", "three", "four"):
        make(user, title)
    return user


def do(page: Page, event: str, title: str) -> None:
    """Tell the row of a task what a key asks of it."""
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=title, exact=True))
    row.get_by_role("link", name=title, exact=True).focus()
    row.evaluate(f"row => row.dispatchEvent(new CustomEvent('{event}', {{ bubbles: true }}))")


def test_a_title_is_edited_in_its_row(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    do(page, "edit-row", "two")
    field = page.get_by_label("Title")
    expect(field).to_be_focused()
    field.fill("deux")
    field.press("Escape")
    expect(page.get_by_role("link", name="two", exact=True)).to_be_focused()
    do(page, "edit-row", "two")
    page.get_by_label("Title").fill("deux")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: deux")
    expect(page.get_by_role("link", name="deux", exact=True)).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="two", exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_date_is_chosen_in_a_dialog(open_page: OpenPage, dora: User, theme: str) -> None:
    page = open_page(dora, color_scheme=theme, bypass_csp=True, **DESKTOP)
    page.goto("/inbox")
    do(page, "pick-date", "two")
    dialog = page.get_by_role("dialog", name="Date for “two”")
    expect(dialog.get_by_role("button", name="Today")).to_be_focused()
    assert violations(page) == []
    keep_picture(page, f"pick-date-1280-{theme}")
    dialog.get_by_label("Or in words").fill("some day")
    dialog.get_by_label("Or in words").press("Enter")
    expect(dialog.get_by_text("Say when in words such as")).to_be_visible()
    expect(dialog.get_by_label("Or in words")).to_be_focused()
    dialog.get_by_label("Or in words").fill("24 dec 2030")
    dialog.get_by_label("Or in words").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("New date: two")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="two", exact=True)).to_be_focused()
    assert Task.objects.get(title="two").due_on.isoformat() == "2030-12-24"


def test_leaving_the_dialog_gives_the_focus_back(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **PHONE)
    page.goto("/inbox")
    do(page, "pick-tags", "three")
    expect(page.get_by_role("dialog", name="Tags of “three”")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="three", exact=True)).to_be_focused()


@with_and_without_javascript
def test_ticked_tasks_are_moved_at_once(open_page: OpenPage, dora: User, javascript: bool) -> None:
    page = open_page(dora, java_script_enabled=javascript, **PHONE)
    page.goto("/inbox")
    page.get_by_role("link", name="Select").click()
    for title in ("one", "three"):
        page.get_by_label(f"Select: {title}").check()
    page.get_by_role("button", name="Priority").click()
    keep_picture(page, f"ask-priority-390-{'js' if javascript else 'plain'}")
    page.get_by_role("button", name="Urgent").click()
    expect(page.get_by_role("status")).to_contain_text("2 tasks have a new priority.")
    assert [task.priority for task in Task.objects.order_by("pk")] == [1, 4, 1, 4]
    expect(page.get_by_role("link", name="Done selecting")).to_be_visible()


def test_rows_are_ticked_from_one_to_another_and_counted(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    do(page, "select-row", "two")
    expect(page.get_by_label("Select: two")).to_be_focused()
    expect(page.get_by_role("form", name="With the selected tasks")).to_contain_text("1 selected")
    page.get_by_label("Select: four").click(modifiers=["Shift"])
    expect(page.get_by_role("form", name="With the selected tasks")).to_contain_text("3 selected")
    expect(page.get_by_label("Select: one")).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Select", exact=True)).to_be_visible()


def test_tab_in_a_title_saves_it_below_the_task_above(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    do(page, "edit-row", "two")
    page.get_by_label("Title").fill("deux")
    page.keyboard.press("Tab")
    expect(page.get_by_role("status")).to_contain_text("Now a sub-task of “one”: deux")
    expect(page.get_by_role("link", name="deux", exact=True)).to_be_focused()
    do(page, "edit-row", "deux")
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("status")).to_contain_text("No longer a sub-task of “one”: deux")
    assert Task.objects.get(title="deux").parent is None


def test_the_handle_of_a_row_offers_what_can_be_done(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, bypass_csp=True, **PHONE)
    page.goto("/inbox")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="two", exact=True))
    row.locator(".grip").tap()
    expect(page.get_by_role("button", name="Rename")).to_be_visible()
    assert violations(page) == []
    keep_picture(page, "row-menu-390")
    page.get_by_role("button", name="Move to the trash").tap()
    expect(page.get_by_role("status")).to_contain_text("Moved to the trash: two")
    expect(page.get_by_role("link", name="two", exact=True)).to_have_count(0)


def test_headings_count_what_is_left(open_page: OpenPage, dora: User) -> None:
    for title in ("today", "as well"):
        make(dora, title, due_on=timezone.localdate())
    make(dora, "late", due_on=timezone.localdate() - timedelta(days=1))
    page = open_page(dora, **DESKTOP)
    page.goto("/today")
    heading = page.get_by_role("heading", name="Today 2 open")
    expect(heading).to_be_visible()
    page.get_by_role("button", name="Complete: as well").click()
    expect(page.get_by_role("heading", name="Today 1 open")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(heading).to_be_visible()


def test_a_button_leads_to_the_field_that_adds_on_a_phone(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **PHONE)
    page.goto("/inbox")
    page.get_by_role("link", name="Add a task", exact=True).tap()
    expect(page.get_by_label("New task")).to_be_focused()


def test_a_list_without_sections_shows_no_count_after_a_tick(
    open_page: OpenPage, dora: User
) -> None:
    page = open_page(dora, **PHONE)
    page.goto("/inbox")
    page.get_by_role("button", name="Complete: two").click()
    expect(page.locator("#section-count-0")).to_contain_text("3")
    expect(page.locator("#section-count-0")).to_be_hidden()
