"""The keys, each from a page that was just opened, with nothing but the keyboard."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import DESKTOP, OpenPage, keep_picture
from todos import operations
from todos.models import Task, TaskList

NARROW = {"viewport": {"width": 1000, "height": 800}, "reduced_motion": "reduce"}


@pytest.fixture
def dora(transactional_db: None) -> User:
    return User.objects.create(email="dora@example.org", display_name="Dora")


@pytest.fixture
def home(dora: User) -> TaskList:
    """Three tasks, in a list of their own."""
    by = Actor(dora)
    home, _ = operations.create_list(by=by, name="Home")
    for title in ("One", "Two", "Three"):
        operations.create_task(by=by, title=title, task_list=home)
    return home


@pytest.fixture
def page(open_page: OpenPage, dora: User, home: TaskList) -> Page:
    """The list, on a screen without room for a task beside it."""
    page = open_page(dora, **NARROW)
    page.goto(home.get_absolute_url())
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def title(page: Page, name: str) -> Locator:
    return page.locator("#page").get_by_role("link", name=name, exact=True)


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def changed(page: Page) -> None:
    expect(page.locator("#status [data-undo]")).to_be_visible()


def titles(home: TaskList, **fields: object) -> list[str]:
    rows = Task.objects.filter(task_list=home, trashed_at=None, **fields).order_by("position")
    return list(rows.values_list("title", flat=True))


def test_q_adds_and_escape_leaves_the_field(page: Page) -> None:
    press(page, "j", "q")
    expect(page.get_by_label("New task")).to_be_focused()
    page.keyboard.type("q j 1 ?")
    expect(page.get_by_label("New task")).to_have_value("q j 1 ?")
    press(page, "Escape")
    expect(title(page, "One")).to_be_focused()


def test_q_leads_to_the_inbox_where_a_page_has_no_field(page: Page) -> None:
    page.goto("/trash")
    press(page, "q")
    expect(page).to_have_url(re.compile("/inbox#add-title$"))
    expect(page.get_by_label("New task")).to_be_focused()


def test_a_slash_searches(page: Page) -> None:
    press(page, "/")
    expect(page.locator("#rail-search")).to_be_focused()
    page.keyboard.type("two\n")
    expect(page.get_by_text("1 task found")).to_be_visible()
    press(page, "/")
    expect(page.get_by_label("Words in titles")).to_be_focused()


@pytest.mark.parametrize(
    ("key", "path"),
    {
        "i": "inbox",
        "t": "today",
        "u": "upcoming",
        "l": "lists",
        "c": "calendar",
        "d": "done",
        "s": "settings",
    }.items(),
)
def test_g_and_a_letter_go_to_a_page(page: Page, key: str, path: str) -> None:
    press(page, "g", key)
    expect(page).to_have_url(re.compile(f"/{path}$"))


def test_j_k_and_arrows_go_from_row_to_row(page: Page) -> None:
    press(page, "ArrowDown")
    expect(page.locator("#page :focus")).to_have_count(0)
    for key, name in (
        ("j", "One"),
        ("j", "Two"),
        ("ArrowDown", "Three"),
        ("j", "Three"),
        ("ArrowUp", "Two"),
        ("k", "One"),
        ("k", "One"),
    ):
        press(page, key)
        expect(title(page, name)).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="One")).to_be_visible()


def test_c_completes_and_z_takes_it_back(page: Page, home: TaskList) -> None:
    press(page, "j", "j", "c")
    changed(page)
    expect(page.locator(".task:has(:focus)")).to_contain_text("Two")
    assert titles(home, completed_at=None) == ["One", "Three"]
    press(page, "z")
    expect(page.get_by_role("button", name="Complete: Two")).to_be_visible()
    assert titles(home, completed_at=None) == ["One", "Two", "Three"]


def test_z_says_when_there_is_nothing_to_undo(page: Page) -> None:
    press(page, "z")
    said(page, "There is nothing to undo here.")


@pytest.mark.parametrize("opens_first", [True, False], ids=["seen", "at once"])
@pytest.mark.parametrize(("key", "days"), [("t", 0), ("m", 1), ("n", None)])
def test_t_and_a_letter_give_a_date(
    page: Page, home: TaskList, key: str, days: int | None, opens_first: bool
) -> None:
    Task.objects.update(due_on=date(2030, 1, 1))
    press(page, "j", "t")
    if opens_first:
        expect(page.get_by_role("dialog").get_by_role("button", name="Tomorrow")).to_be_visible()
    press(page, key)
    changed(page)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(title(page, "One")).to_be_focused()
    wanted = None if days is None else timezone.localdate() + timedelta(days=days)
    assert Task.objects.get(title="One").due_on == wanted


@pytest.mark.parametrize("key", "1234")
def test_a_number_gives_a_priority(page: Page, key: str) -> None:
    Task.objects.update(priority=Task.Priority.MEDIUM if key == "4" else Task.Priority.NONE)
    press(page, "j", "j", key)
    changed(page)
    expect(title(page, "Two")).to_be_focused()
    assert Task.objects.get(title="Two").priority == int(key)


def test_e_edits_a_title_in_its_row(page: Page) -> None:
    press(page, "j", "e")
    field = page.locator(".task input[type=text]")
    expect(field).to_be_focused()
    page.keyboard.type("Other")
    press(page, "Escape")
    expect(title(page, "One")).to_be_focused()
    press(page, "e")
    expect(field).to_be_focused()
    page.keyboard.type(" more\n")
    expect(title(page, "One more")).to_be_focused()


def test_x_selects_one_and_shift_x_up_to_another(page: Page, home: TaskList) -> None:
    press(page, "j", "x")
    expect(page.get_by_label("Select: One")).to_be_checked()
    expect(page.get_by_label("Select: One")).to_be_focused()
    press(page, "j", "j", "Shift+X")
    expect(page.get_by_label("Select: Two")).to_be_checked()
    press(page, "1")
    changed(page)
    assert titles(home, priority=1) == ["One", "Two", "Three"]
    press(page, "Escape")
    expect(page.get_by_role("checkbox")).to_have_count(0)


def test_c_completes_all_that_are_selected(page: Page, home: TaskList) -> None:
    press(page, "j", "x")
    expect(page.get_by_label("Select: One")).to_be_checked()
    press(page, "j", "x", "c")
    changed(page)
    assert titles(home, completed_at=None) == ["Three"]


def test_l_gives_tags_and_v_moves(page: Page, dora: User) -> None:
    operations.create_list(by=Actor(dora), name="Work")
    press(page, "j", "l")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "Escape", "v")
    page.get_by_role("dialog").get_by_role("button", name="Work").press("Enter")
    changed(page)
    assert Task.objects.get(title="One").task_list.name == "Work"
    expect(title(page, "Two")).to_be_focused()


def test_s_adds_a_sub_task(page: Page) -> None:
    press(page, "j", "s")
    expect(page.get_by_label("Add a sub-task")).to_be_focused()
    page.keyboard.type("Below\n")
    expect(page.get_by_role("link", name="Below")).to_be_visible()
    assert Task.objects.get(title="Below").parent == Task.objects.get(title="One")


def test_delete_moves_to_the_trash_and_the_focus_to_the_next_row(
    page: Page, home: TaskList
) -> None:
    press(page, "Delete")
    press(page, "j", "j", "Delete")
    expect(title(page, "Three")).to_be_focused()
    assert titles(home) == ["One", "Three"]
    press(page, "z")
    expect(title(page, "Two")).to_be_visible()


def test_alt_and_arrows_reorder_and_the_focus_goes_along(page: Page, home: TaskList) -> None:
    press(page, "j", "Alt+ArrowDown")
    changed(page)
    expect(title(page, "One")).to_be_focused()
    assert titles(home) == ["Two", "One", "Three"]
    expect(page.locator(".task").nth(1)).to_contain_text("One")
    press(page, "Alt+ArrowUp")
    expect(page.locator(".task").first).to_contain_text("One")
    expect(title(page, "One")).to_be_focused()
    expect(page).to_have_url(re.compile(home.get_absolute_url() + "$"))
    assert titles(home) == ["One", "Two", "Three"]


def test_where_the_order_is_not_theirs_nothing_moves(page: Page, home: TaskList) -> None:
    Task.objects.update(due_on=timezone.localdate())
    page.goto("/today")
    press(page, "j", "j", "Alt+ArrowUp", "z")
    said(page, "There is nothing to undo here.")
    assert titles(home) == ["One", "Two", "Three"]


def test_a_question_mark_shows_the_keys_and_escape_closes_them(page: Page) -> None:
    press(page, "j", "?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("Move it to the trash")).to_be_visible()
    keep_picture(page, "keys-1000")
    press(page, "Delete", "c", "j")
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    expect(title(page, "One")).to_be_focused()
    assert not Task.objects.exclude(trashed_at=None, completed_at=None).exists()


def test_other_modifiers_and_a_key_held_down_do_nothing(page: Page, home: TaskList) -> None:
    press(page, "j", "Control+c", "Control+Delete", "Meta+1", "Alt+c", "Shift+J")
    expect(title(page, "One")).to_be_focused()
    page.keyboard.down("Alt")
    page.keyboard.up("Alt")
    held = {"key": "Delete", "repeat": True, "bubbles": True}
    title(page, "One").dispatch_event("keydown", held)
    press(page, "j")
    expect(title(page, "Two")).to_be_focused()
    assert titles(home, completed_at=None, priority=4) == ["One", "Two", "Three"]


def test_keys_of_one_letter_can_be_switched_off(page: Page, dora: User, home: TaskList) -> None:
    page.goto("/settings/keys")
    page.get_by_role("checkbox").press("Space")
    page.get_by_role("button", name="Save").press("Enter")
    said(page, "Saved.")
    page.goto(home.get_absolute_url())
    title(page, "One").focus()
    press(page, "j", "c", "1", "Delete")
    expect(title(page, "One")).to_be_focused()
    press(page, "Control+k")
    expect(page.get_by_role("dialog", name="Everything")).to_be_visible()
    press(page, "Escape")
    expect(title(page, "One")).to_be_focused()
    assert titles(home, completed_at=None, priority=4) == ["One", "Two", "Three"]
    press(page, "Alt+ArrowDown")
    expect(page.locator(".task-title")).to_have_text(["Two", "One", "Three"])


def test_keys_act_on_the_task_that_is_open_beside_the_list(
    open_page: OpenPage, dora: User, home: TaskList
) -> None:
    page = open_page(dora, reduced_motion="reduce", **DESKTOP)
    page.goto(home.get_absolute_url())
    press(page, "j", "j", "Enter")
    view = page.locator("#task-view")
    expect(view.get_by_role("heading", name="Two")).to_be_visible()
    press(page, "1")
    expect(view.locator("[data-edit=priority]")).to_contain_text("Urgent")
    press(page, "t", "m")
    expect(view.locator("[data-edit=due]")).to_contain_text("Tomorrow")
    expect(page.locator("#page .task").nth(1)).to_contain_text("Tomorrow")
    press(page, "l")
    expect(view.get_by_label("Tags")).to_be_focused()
    press(page, "Escape", "s")
    expect(view.get_by_label("Add a sub-task")).to_be_focused()
    assert titles(home, priority=1, due_on=timezone.localdate() + timedelta(days=1)) == ["Two"]
