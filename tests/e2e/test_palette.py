"""The palette: everything is found by a few letters, and done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import PHONE, OpenPage, keep_picture
from tests.e2e.test_every_page import sideways, violations
from todos import operations
from todos.models import Task, TaskList

DESK = {"viewport": {"width": 1000, "height": 800}, "reduced_motion": "reduce"}


@pytest.fixture
def dora(transactional_db: None) -> User:
    return User.objects.create(email="dora@example.org", display_name="Dora")


@pytest.fixture
def home(dora: User) -> TaskList:
    by = Actor(dora)
    home, _ = operations.create_list(by=by, name="Home")
    for title in ("Water the plants", "Bake bread", "Café with Zoë"):
        operations.create_task(by=by, title=title, task_list=home)
    operations.create_list(by=by, name="Work")
    operations.create_tag(by=by, name="errand")
    operations.create_filter(by=by, name="Très important", query="p1")
    return home


@pytest.fixture
def page(open_page: OpenPage, dora: User, home: TaskList) -> Page:
    page = open_page(dora, **DESK)
    page.goto(home.get_absolute_url())
    return page


def palette(page: Page, typed: str = "") -> Locator:
    """The options, once the palette is open and something was typed."""
    page.keyboard.press("Control+k")
    options = page.get_by_role("dialog", name="Everything").get_by_role("option")
    expect(options.first).to_be_visible()
    if typed:
        page.keyboard.type(typed)
    return options


def active(page: Page) -> Locator:
    """The option that Enter takes, as a screen reader is told."""
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    chosen = page.get_by_role("option", selected=True)
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    return chosen


def test_a_few_letters_lead_to_a_page_a_list_a_tag_and_a_filter(page: Page) -> None:
    for typed, name, path in (
        ("up", "Upcoming", "/upcoming"),
        ("ho", "Home", r"/lists/\d+"),
        ("@err", "errand", r"/tags/\d+"),
        ("tres im", "Très important", r"/filters/\d+"),
        ("nl", "New list", "/lists/new"),
        ("log o", "Log out", "/accounts/logout/"),
    ):
        palette(page, typed)
        expect(active(page)).to_contain_text(name)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(path + "$"))


def test_arrows_home_and_end_go_through_the_options(page: Page) -> None:
    options = palette(page)
    expect(active(page)).to_contain_text("Inbox")
    for key, place in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", -1), ("ArrowDown", 0)):
        page.keyboard.press(key)
        expect(active(page)).to_have_text(options.nth(place).inner_text(), use_inner_text=True)
    page.keyboard.press("End")
    expect(active(page)).to_have_text(options.last.inner_text(), use_inner_text=True)
    page.keyboard.press("Home")
    expect(active(page)).to_contain_text("Inbox")


def test_a_task_is_found_by_its_words(page: Page) -> None:
    options = palette(page, "cafe zo")
    expect(options.filter(has_text="Café with Zoë")).to_be_visible()
    expect(active(page)).to_contain_text("Café with Zoë")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tasks/\d+$"))


def test_what_nothing_is_called_is_searched_for_or_added(page: Page, home: TaskList) -> None:
    options = palette(page, "zebra")
    expect(options).to_have_text(
        [re.compile("Add a task: *zebra"), re.compile("Search for *zebra")]
    )
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("Results: 2")
    expect(active(page)).to_contain_text("Add a task")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=zebra$"))
    page.goto(home.get_absolute_url())
    palette(page, "Feed the zebra")
    expect(active(page)).to_contain_text("Add a task")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Feed the zebra", exact=True)).to_be_visible()
    assert Task.objects.get(title="Feed the zebra").task_list == home


def test_a_click_beside_it_closes_it(page: Page) -> None:
    palette(page)
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog", name="Everything")).to_be_hidden()


def test_enter_adds_nothing_before_the_answer_is_there(page: Page) -> None:
    palette(page)
    page.route("**/palette?*", lambda route: None)
    page.keyboard.type("bake")
    expect(page.get_by_role("option", name="Search for")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    expect(page.get_by_role("dialog", name="Everything")).to_be_visible()


def test_a_verb_is_done_to_the_row_that_had_the_focus(page: Page, dora: User) -> None:
    expect(palette(page, "urgent").filter(has_text="Priority")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Water the plants", exact=True)).to_be_focused()
    palette(page, "urgent")
    expect(page.get_by_role("dialog")).to_contain_text("Water the plants")
    expect(active(page)).to_contain_text("Priority: Urgent")
    page.keyboard.press("Enter")
    expect(page.locator("#status [data-undo]")).to_be_visible()
    expect(page.get_by_role("link", name="Water the plants", exact=True)).to_be_focused()
    assert list(Task.objects.filter(priority=1)) == [Task.objects.get(title="Water the plants")]
    palette(page, "move work")
    expect(active(page)).to_contain_text("Move to Work")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Water the plants", exact=True)).to_have_count(0)
    assert Task.objects.get(title="Water the plants").task_list.name == "Work"
    page.get_by_role("link", name="Bake bread", exact=True).focus()
    palette(page, "move inb")
    expect(active(page)).to_contain_text("Move to Inbox")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Bake bread", exact=True)).to_have_count(0)
    assert Task.objects.get(title="Bake bread").task_list.is_inbox


def test_the_theme_is_chosen_here_too(page: Page, home: TaskList) -> None:
    palette(page, "dark")
    expect(active(page)).to_contain_text("Theme: dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile(home.get_absolute_url() + "$"))
    palette(page, "compact")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_escape_gives_the_focus_back(page: Page) -> None:
    page.keyboard.press("j")
    row = page.get_by_role("link", name="Water the plants", exact=True)
    palette(page, "x")
    page.keyboard.press("Escape")
    expect(row).to_be_focused()
    expect(palette(page).filter(has_text="Complete")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_value("")
    page.keyboard.press("Control+k")
    expect(row).to_be_focused()
    page.keyboard.press("q")
    palette(page)
    page.keyboard.press("Escape")
    expect(page.get_by_label("New task")).to_be_focused()


def test_where_it_cannot_be_loaded_the_page_of_everything_opens(page: Page) -> None:
    page.route("**/palette", lambda route: route.fulfill(status=503), times=1)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("heading", name="Everything")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, {"viewport": {"width": 320, "height": 640}}, DESK])
def test_axe_finds_nothing_in_the_open_dialogs(
    open_page: OpenPage, dora: User, home: TaskList, screen: dict[str, Any], theme: str
) -> None:
    options = {**screen, "reduced_motion": "reduce", "color_scheme": theme, "bypass_csp": True}
    page = open_page(dora, **options)
    page.goto(home.get_absolute_url())
    width = screen["viewport"]["width"]
    if width < 768:
        page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("link", name="Everything").click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type("w")
    expect(page.get_by_role("option", name="Water the plants")).to_be_visible()
    keep_picture(page, f"palette-{width}-{theme}")
    faults = violations(page)
    assert sideways(page) == 0
    page.get_by_role("button", name="Close", exact=True).click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    keep_picture(page, f"keys-{width}-{theme}")
    assert sideways(page) == 0
    assert faults + violations(page) == []


def test_without_javascript_it_is_a_page_with_the_same_links(
    open_page: OpenPage, dora: User, home: TaskList
) -> None:
    page = open_page(dora, java_script_enabled=False, **PHONE)
    page.goto("/palette")
    main = page.get_by_role("main")
    expect(main.get_by_role("button", name="Complete")).to_have_count(0)
    main.get_by_role("searchbox").fill("bread")
    main.get_by_role("button", name="Find").click()
    main.get_by_role("link", name="Bake bread").click()
    expect(page.get_by_role("heading", name="Bake bread")).to_be_visible()
    page.goto("/palette")
    main.locator("a[href='/keys']").click()
    expect(main.get_by_text("Move it to the trash")).to_be_visible()
