"""Walks through what tasks can do: lines of text, repetition, sub-tasks, many at once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from tests.e2e.test_walks import with_and_without_javascript
from todos import operations
from todos.models import Completion, Task

PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text", text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def dora(transactional_db: None) -> User:
    return User.objects.create(email="dora@example.org", display_name="Dora")


LISTEN = """() => {
  window.heard = [];
  const hear = (changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        const text = (node.querySelector?.("p") ?? node).textContent.trim();
        if (text) window.heard.push(text);
      }
    }
  };
  const status = document.getElementById("status");
  new MutationObserver(hear).observe(status, { childList: true });
}"""

HEARD = """() => new Promise((tell) => {
  const look = () => (window.heard.length ? tell(window.heard) : setTimeout(look, 20));
  look();
})"""


def make(user: User, title: str, **fields: object) -> Task:
    return operations.create_task(by=Actor(user), title=title, **fields)[0]


def test_chips_show_what_a_line_says_and_put_it_back(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **PHONE)
    page.goto("/inbox")
    field = page.get_by_label("New task")
    field.press_sequentially("Pay rent tomorrow 9am @bank p1")
    chips = page.get_by_role("list", name="Understood")
    expect(chips.get_by_role("listitem")).to_have_text(
        [page_day(1), "09:00", "@bank", "Urgent priority"]
    )
    keep_picture(page, "chips-390")
    chips.get_by_role("button", name="@bank").click()
    expect(field).to_have_value("Pay rent tomorrow 9am \\@bank p1")
    expect(field).to_be_focused()
    expect(chips.get_by_role("listitem")).to_have_count(3)
    field.press("Enter")
    expect(page.get_by_role("link", name="Pay rent @bank", exact=True)).to_be_visible()
    assert not Task.objects.get().tags.exists()


def page_day(days: int) -> str:
    day = timezone.localdate() + timedelta(days=days)
    return f"{day:%a} {day.day} {day:%b}"


def test_without_javascript_the_message_offers_the_line_as_text(
    open_page: OpenPage, dora: User
) -> None:
    page = open_page(dora, java_script_enabled=False, **PHONE)
    page.goto("/inbox")
    page.get_by_label("New task").fill("Watch The Day After Tomorrow tomorrow")
    page.get_by_label("New task").press("Enter")
    keep_picture(page, "added-plain-390")
    page.get_by_role("button", name="Keep it as plain text").click()
    title = "Watch The Day After Tomorrow tomorrow"
    expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(1)


def test_several_pasted_lines_become_several_tasks(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    page.get_by_label("New task").focus()
    page.evaluate(PASTE, "Trip\n  Pack\n  Book")
    expect(page.get_by_label("New task")).to_be_focused()
    page.get_by_role("main").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("3 tasks added.")
    assert Task.objects.filter(parent__title="Trip").count() == 2


def test_a_double_click_adds_one_task(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    page.get_by_label("New task").fill("Pay rent")
    page.get_by_role("main").get_by_role("button", name="Add", exact=True).dblclick()
    expect(page.get_by_role("status")).to_contain_text("Added: Pay rent")
    assert Task.objects.count() == 1


def test_a_double_click_completes_one_occurrence(open_page: OpenPage, dora: User) -> None:
    make(dora, "Water the plants", due_on=timezone.localdate(), rule="FREQ=DAILY")
    page = open_page(dora, **PHONE)
    page.goto("/today")
    page.get_by_role("button", name="Complete: Water the plants").dblclick()
    expect(page.get_by_text("Done. Next:")).to_be_visible()
    expect(page.get_by_text("Tomorrow")).to_be_visible()
    expect(page.get_by_role("link", name="Water the plants")).to_be_focused()
    keep_picture(page, "next-390")
    assert Completion.objects.count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Complete: Water the plants")).to_be_visible()
    assert Completion.objects.count() == 0


@with_and_without_javascript
def test_open_sub_tasks_are_asked_about(open_page: OpenPage, dora: User, javascript: bool) -> None:
    house = make(dora, "Move house")
    make(dora, "Pack", parent=house)
    page = open_page(dora, java_script_enabled=javascript, **PHONE)
    page.goto("/inbox")
    tick = page.get_by_role("button", name="Complete: Move house")
    tick.click()
    expect(page.get_by_text("It has 1 open sub-task.")).to_be_visible()
    if javascript:
        expect(page.get_by_role("button", name="Complete them too")).to_be_focused()
    keep_picture(page, f"asked-390-{'js' if javascript else 'plain'}")
    page.get_by_role("link", name="Cancel").click()
    expect(tick).to_be_visible()
    tick.click()
    page.get_by_role("button", name="Complete them too").click()
    expect(page.get_by_role("status")).to_contain_text("Done: Move house")
    assert Task.objects.done().count() == 2
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Complete: Pack")).to_be_visible()


@with_and_without_javascript
def test_a_repetition_is_shown_before_it_is_saved(
    open_page: OpenPage, dora: User, javascript: bool
) -> None:
    task = make(dora, "Pay rent")
    page = open_page(dora, java_script_enabled=javascript, **DESKTOP)
    page.goto(task.get_absolute_url())
    row = page.locator("#edit-repeat")
    row.locator("summary").click()
    row.get_by_label("Repeats").fill("every month on the 31st")
    if not javascript:
        row.get_by_role("button", name="Preview the dates").click()
    expect(row.get_by_text("Next:")).to_be_visible()
    expect(page.locator("#repetition")).to_contain_text("every month on the 31st")
    row.get_by_role("button", name="Save").click()
    expect(row.locator("summary")).to_contain_text("every month on the 31st")
    row.locator("summary").click()
    expect(row.get_by_role("button", name="Skip it")).to_be_visible()
    due = page.locator("#edit-due")
    due.locator("summary").first.click()
    due.get_by_label("Day").fill((timezone.localdate() + timedelta(40)).isoformat())
    due.get_by_role("button", name="Save").click()
    expect(due).to_contain_text("This task repeats. Another day is meant for")
    due.get_by_role("button", name="This one alone").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: Pay rent")
    task.refresh_from_db()
    assert task.rule == "FREQ=MONTHLY;BYMONTHDAY=31" and task.original_on


@with_and_without_javascript
def test_many_tasks_are_ticked_and_changed_with_one_undo(
    open_page: OpenPage, dora: User, javascript: bool
) -> None:
    for title in ("one", "two", "three"):
        make(dora, title)
    page = open_page(dora, java_script_enabled=javascript, **PHONE)
    page.goto("/inbox")
    page.get_by_role("link", name="Select").click()
    for title in ("one", "three"):
        page.get_by_label(f"Select: {title}").check()
    keep_picture(page, "bulk-390")
    page.get_by_role("button", name="Priority").click()
    page.get_by_role("button", name="Urgent").click()
    expect(page.get_by_role("status")).to_contain_text("2 tasks have a new priority.")
    assert Task.objects.filter(priority=1).count() == 2
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("2 changes undone.")
    page.get_by_role("button", name="Move up: two").click()
    expect(page.get_by_role("status")).to_contain_text("Moved up: two")
    assert [str(task) for task in Task.objects.by_position()] == ["two", "one", "three"]
    expect(page.get_by_role("button", name="Move up: two")).to_be_focused()
    page.get_by_label("Select: three").check()
    page.get_by_role("button", name="Move up: three").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Moved up: three")
    expect(page.get_by_role("button", name="Move up: three")).to_be_focused()
    expect(page.get_by_label("Select: three")).to_be_checked()


def test_a_list_is_put_in_order_and_sections_without_javascript(
    open_page: OpenPage, dora: User
) -> None:
    make(dora, "Tiles")
    page: Page = open_page(dora, java_script_enabled=False, **DESKTOP)
    page.goto("/inbox")
    page.get_by_text("Add a section").click()
    page.get_by_label("Name of the section").fill("Kitchen")
    page.get_by_label("Name of the section").press("Enter")
    expect(page.get_by_role("heading", name="Kitchen")).to_be_visible()
    page.get_by_role("link", name="Tiles").click()
    page.get_by_role("link", name="Move…").click()
    page.get_by_label("To the end of").select_option(label="Kitchen")
    page.get_by_role("button", name="Move there").click()
    page.goto("/inbox")
    expect(
        page.get_by_role("region", name="Kitchen").get_by_role("link", name="Tiles")
    ).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["390", "1280"])
def test_screen_readers_hear_each_result_once(
    open_page: OpenPage, dora: User, size: dict[str, object]
) -> None:
    make(dora, "Buy milk", due_on=timezone.localdate())
    page = open_page(dora, **size)
    page.add_init_script(f'document.addEventListener("readystatechange", {LISTEN}, {{once: true}})')
    page.goto("/inbox")
    page.get_by_label("New task").fill("Pay rent")
    page.get_by_label("New task").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Added: Pay rent")
    assert page.evaluate(HEARD) == ["Added: Pay rent"]
    page.get_by_role("button", name="Complete: Buy milk").click()
    expect(page.get_by_role("status")).to_contain_text("Done: Buy milk")
    assert page.evaluate("heard") == ["Added: Pay rent", "Done: Buy milk"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Buy milk")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Undone: Buy milk")
    assert page.evaluate("heard").pop() == "Undone: Buy milk"
