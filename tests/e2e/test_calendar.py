"""The month of dues in the browser: by pointer, by keyboard, without JavaScript, on a phone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from todos import operations
from todos.models import Task


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create(email="busy@example.org")


def add(user: User, title: str, **fields: Any) -> Task:
    return operations.create_task(by=Actor(user), title=title, **fields)[0]


def fifteenth() -> date:
    """The 15th of a month to come."""
    return (timezone.localdate().replace(day=15) + timedelta(days=31)).replace(day=15)


def cell(page: Page, day: date) -> Any:
    return page.locator(f"[data-drop-day='{day}']").and_(page.locator("td"))


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_day_is_chosen_its_task_ticked_and_another_added(
    open_page: OpenPage, user: User, screen: dict[str, Any], scripts: bool
) -> None:
    day = fifteenth()
    for number in range(5):
        add(user, f"Task {number} " + "x" * 60, due_on=day, priority=number % 4 + 1)
    add(user, "Bins", due_on=day - timedelta(days=7), rule="FREQ=WEEKLY")
    page = open_page(user, java_script_enabled=scripts, **screen)
    page.goto(f"/calendar?month={day:%Y-%m}")
    expect(cell(page, day)).to_contain_text("5 tasks")
    expect(cell(page, day)).to_contain_text("+3")
    cell(page, day).get_by_role("link").first.click()
    page.wait_for_url("**/calendar?day=*")
    section = page.get_by_role("region", name=f"{day.day} {day:%B}")
    expect(section.get_by_role("listitem").filter(has_text="Task 4")).to_be_visible()
    expect(section).to_contain_text("Bins")
    keep_picture(page, f"calendar-day-{screen['viewport']['width']}-{scripts}")
    section.get_by_role("button", name="Complete: Task 0").click()
    expect(page.get_by_role("status")).to_contain_text("Done: Task 0")
    section.get_by_label("New task").fill("Water the tomatoes")
    section.get_by_label("New task").press("Enter")
    expect(section.get_by_role("link", name="Water the tomatoes")).to_be_visible()
    assert Task.objects.get(title="Water the tomatoes").due_on == day


def test_titles_are_links_on_a_wide_screen_and_dots_on_a_phone(
    open_page: OpenPage, user: User
) -> None:
    task = add(user, "Call Ines", due_on=timezone.localdate())
    wide, phone = open_page(user, **DESKTOP), open_page(user, **PHONE)
    for page in (wide, phone):
        page.goto("/calendar")
        assert page.locator("td .day-entry .dot").is_visible()
    link = wide.locator("td").get_by_role("link", name="Call Ines")
    expect(link).to_have_attribute("href", f"/tasks/{task.pk}")
    link.click()
    expect(wide.locator("#detail")).to_contain_text("Call Ines")
    expect(link).to_have_attribute("aria-current", "true")
    expect(phone.locator("td").get_by_role("link", name="Call Ines")).to_have_count(0)
    cell(phone, timezone.localdate()).click()
    phone.wait_for_url("**/calendar?day=*")


def test_the_months_and_the_days_are_reached_by_keyboard(open_page: OpenPage, user: User) -> None:
    page = open_page(user, **DESKTOP)
    page.goto("/calendar")
    month = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Today", exact=True).last.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar?month=*")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(month)
    day = page.locator("td .day-link").nth(20)
    day.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(day).to_be_focused()
    ring = day.evaluate("(link) => getComputedStyle(link, '::after').outlineStyle")
    assert ring == "solid"
    keep_picture(page, "calendar-focus-1280")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar?day=*")
    page.get_by_role("link", name="Today", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(month)
