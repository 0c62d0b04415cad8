"""The main stories, walked as people walk them: with JavaScript and without it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from todos.models import Task

PASSWORD = "correct horse battery staple"

with_and_without_javascript = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with-javascript", "without-javascript"]
)


def sign_up(page: Page, email: str = "dora@example.org") -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()


def add_task(page: Page, title: str) -> None:
    page.get_by_label("New task").fill(title)
    page.get_by_label("New task").press("Enter")
    expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()


@with_and_without_javascript
def test_a_newcomer_signs_up_adds_completes_and_takes_it_back(
    open_page: OpenPage, javascript: bool
) -> None:
    page = open_page(java_script_enabled=javascript, **DESKTOP)
    sign_up(page)
    add_task(page, "Buy oat milk")
    page.goto("/inbox")

    page.get_by_role("button", name="Complete: Buy oat milk").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Complete: Buy oat milk")).to_be_visible()

    page.get_by_role("button", name="Complete: Buy oat milk").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/done")
    expect(page.get_by_role("link", name="Buy oat milk")).to_be_visible()


@with_and_without_javascript
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
def test_the_whole_walk_from_sign_up_to_log_out(
    open_page: OpenPage, javascript: bool, screen: dict[str, Any]
) -> None:
    page = open_page(java_script_enabled=javascript, **screen)
    name = f"walk-{screen['viewport']['width']}-{'js' if javascript else 'plain'}"
    sign_up(page)
    add_task(page, "Renew the passport")
    keep_picture(page, f"{name}-1-added")

    page.get_by_role("link", name="Renew the passport", exact=True).click()
    page.get_by_role("heading", name="Renew the passport").click()
    page.get_by_label("Title").fill("Renew both passports")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_role("heading", name="Renew both passports")).to_be_visible()
    page.locator("[data-edit=tags]").click()
    page.get_by_label("Tags").fill("errand, papers")
    page.get_by_label("Tags").press("Enter")
    expect(page.locator("[data-edit=tags]")).to_contain_text("@errand @papers")
    page.locator("[data-edit=priority]").click()
    page.get_by_role("button", name="p2 High").click()
    expect(page.get_by_role("region", name="History")).to_contain_text("Priority: High")
    keep_picture(page, f"{name}-2-edited")

    page.goto("/inbox")
    page.get_by_role("button", name="Complete: Renew both passports").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    keep_picture(page, f"{name}-3-completed")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Complete: Renew both passports")).to_be_visible()

    page.get_by_role("link", name="Renew both passports").click()
    page.get_by_role("button", name="Move to the trash").click()
    expect(page.get_by_role("status")).to_contain_text("Moved to the trash")
    page.goto("/trash")
    keep_picture(page, f"{name}-4-trash")
    page.get_by_role("button", name="Restore “Renew both passports”").click()
    expect(page.get_by_role("status")).to_contain_text("Restored: Renew both passports")

    page.goto("/tasks")
    expect(page.get_by_role("link", name="Renew both passports")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert "Renew both passports" in download.value.path().read_text()
    keep_picture(page, f"{name}-5-report")

    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name=re.compile("calm place"))).to_be_visible()
    page.goto("/inbox")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_signing_up_takes_the_time_zone_of_the_device(open_page: OpenPage) -> None:
    page = open_page(timezone_id="Pacific/Auckland")
    sign_up(page)
    page.goto("/settings/dates")
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")


def test_without_javascript_signing_up_asks_for_the_time_zone(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("dora@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Time zone").select_option("Auckland")
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    page.goto("/settings/dates")
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")


def test_what_was_wrong_is_told_beside_its_field(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("dora@example.org")
    page.get_by_label("Password").fill("12345678")
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    field = page.get_by_label("Password")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("too common"))


def test_completing_and_undoing_load_nothing_anew_and_keep_the_focus_on_the_row(
    open_page: OpenPage,
) -> None:
    page = open_page()
    sign_up(page)
    add_task(page, "Water the tomatoes")
    add_task(page, "Buy oat milk")
    page.goto("/inbox")
    page.evaluate("window.untouched = true")

    page.get_by_role("button", name="Complete: Buy oat milk").press("Enter")
    milk = page.get_by_role("link", name="Buy oat milk", exact=True)
    expect(milk).to_be_focused()
    expect(page.get_by_role("link", name="Inbox 1 open")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Done: Buy oat milk")

    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Undone: Buy oat milk")
    expect(milk).to_be_focused()
    expect(page.get_by_role("link", name="Inbox 2 open")).to_be_visible()
    assert page.evaluate("window.untouched")


def test_a_failed_swap_is_told(open_page: OpenPage) -> None:
    page = open_page()
    sign_up(page)
    add_task(page, "Buy oat milk")
    page.goto("/inbox")
    Task.objects.all().delete()
    page.get_by_role("button", name="Complete: Buy oat milk").click()
    expect(page.get_by_role("status")).to_contain_text("That did not work")


def test_the_drawer_opens_without_javascript(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False, **PHONE)
    sign_up(page)
    menu = page.get_by_role("navigation", name="Tasks")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(menu).to_be_visible()
    keep_picture(page, "drawer-390")
    menu.get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def test_several_tasks_are_added_without_leaving_the_field(open_page: OpenPage) -> None:
    page = open_page()
    sign_up(page)
    for title in ("First", "Second", "Third"):
        page.get_by_label("New task").press_sequentially(title)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
        expect(page.get_by_label("New task")).to_be_focused()


def test_the_first_tab_stop_skips_to_the_content(open_page: OpenPage) -> None:
    page = open_page()
    sign_up(page)
    page.goto("/today")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
