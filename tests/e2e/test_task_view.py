"""A task is read, and each of its facts edited in its row: with and without JavaScript, by keys
alone, and beside the list.
"""

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import PHONE, OpenPage, keep_picture
from tests.e2e.test_every_page import TOO_SMALL, sideways, violations
from tests.e2e.test_walks import with_and_without_javascript
from todos import operations
from todos.models import Reminder, Task

WIDE = {"viewport": {"width": 1440, "height": 900}}
ROWS = ["due", "repeat", "start", "priority", "list", "tags", "reminders", "description", "title"]


@pytest.fixture
def dora(transactional_db: None) -> User:
    return User.objects.create(email="dora@example.org", display_name="Dora")


def make(user: User, title: str, **fields: object) -> Task:
    return operations.create_task(by=Actor(user), title=title, **fields)[0]


def editor(page: Page, name: str) -> Locator:
    """The row of a fact, opened."""
    row = page.locator(f"details:has(> [data-edit={name}])")
    row.locator("summary").first.click()
    expect(row).to_have_attribute("open", "")
    return row


def value(page: Page, name: str) -> Locator:
    return page.locator(f"[data-edit={name}]")


@with_and_without_javascript
def test_each_fact_is_edited_in_its_row(open_page: OpenPage, dora: User, javascript: bool) -> None:
    home, _ = operations.create_list(by=Actor(dora), name="Home")
    operations.create_section(by=Actor(dora), task_list=home, name="Attic")
    task = make(dora, "Renew the passport")
    page = open_page(dora, java_script_enabled=javascript, **PHONE)
    page.goto(task.get_absolute_url())
    if javascript:
        page.evaluate("window.untouched = true")
    status = page.get_by_role("status")

    editor(page, "title").get_by_label("Title").fill("Renew both passports")
    editor_of_title = page.locator("#edit-title")
    editor_of_title.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Renew both passports", level=1)).to_be_visible()
    expect(status).to_contain_text("Saved: Renew both passports")

    row = editor(page, "description")
    row.get_by_label("Description").fill("Bring **two photos**")
    row.get_by_role("button", name="Save").click()
    expect(page.locator(".written strong")).to_have_text("two photos")

    editor(page, "due").get_by_role("button", name="Tomorrow").click()
    expect(value(page, "due")).to_contain_text("Tomorrow")
    row = editor(page, "due")
    row.get_by_label("Time", exact=True).fill("17:30")
    row.locator(".editor-more > summary").click()
    if not javascript:
        row.get_by_role("button", name="Save").click()
        editor(page, "due").locator(".editor-more > summary").click()
        page.get_by_role("link", name="All time zones").click()
    page.get_by_label("Time zone").select_option("Europe/London")
    page.get_by_role("button", name="Save").locator("visible=true").click()
    expect(value(page, "due")).to_contain_text("17:30")

    editor(page, "priority").get_by_role("button", name="p2 High").click()
    expect(value(page, "priority")).to_contain_text("High")

    row = editor(page, "tags")
    row.get_by_label("Tags").fill("errand, papers")
    row.get_by_role("button", name="Save").click()
    expect(value(page, "tags")).to_contain_text("@errand @papers")

    row = editor(page, "start")
    row.get_by_label("Start").fill(timezone.localdate().isoformat())
    row.get_by_role("button", name="Save").click()
    expect(value(page, "start")).to_contain_text("Today")

    row = editor(page, "list")
    row.get_by_label("List").select_option(label="Home")
    row.get_by_role("button", name="Move", exact=True).click()
    expect(value(page, "list")).to_contain_text("Home")
    row = editor(page, "list")
    row.get_by_label("Section").select_option(label="Attic")
    row.get_by_role("button", name="Move", exact=True).click()
    expect(value(page, "list")).to_contain_text("Home / Attic")

    row = editor(page, "repeat")
    row.get_by_label("Repeats").fill("every 2 weeks")
    row.get_by_role("button", name="Save").click()
    expect(value(page, "repeat")).to_contain_text("every 2 weeks")

    row = editor(page, "reminders")
    row.get_by_label("Before it is due").select_option(label="1 hour before")
    row.get_by_role("button", name="Remind me then (before it is due)").click()
    expect(value(page, "reminders")).to_contain_text("1 hour before")

    editor(page, "due").get_by_role("button", name="Next week").click()
    page.get_by_role("button", name="This one alone").click()
    expect(status).to_contain_text("Saved")

    task.refresh_from_db()
    assert (task.title, task.description) == ("Renew both passports", "Bring **two photos**")
    assert (task.due_time, task.due_zone, task.priority) == (time(17, 30), "Europe/London", 2)
    assert (task.task_list, str(task.section)) == (home, "Attic")
    assert (task.rule, str(task.original_on)) == ("FREQ=WEEKLY;INTERVAL=2", tomorrow())
    assert Reminder.objects.get().minutes_before == 60
    if javascript:
        assert page.evaluate("window.untouched")


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=1)).isoformat()


def test_what_was_refused_is_told_in_the_open_row(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Renew the passport")
    page = open_page(dora, **PHONE)
    page.goto(task.get_absolute_url())
    row = editor(page, "tags")
    row.get_by_label("Tags").fill("x" * 51)
    row.get_by_role("button", name="Save").click()
    field = page.locator("#edit-tags").get_by_label("Tags")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_value("x" * 51)


def test_a_clash_shows_both_in_the_row(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Renew the passport")
    page = open_page(dora, **PHONE)
    page.goto(task.get_absolute_url())
    row = editor(page, "title")
    operations.change_task(task, by=Actor(dora), title="Theirs", priority=1)
    row.get_by_label("Title").fill("Mine")
    row.get_by_label("Title").press("Enter")
    expect(row).to_contain_text("It is now: Theirs")
    expect(row.get_by_label("Title")).to_have_value("Mine")
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Mine", level=1)).to_be_visible()
    task.refresh_from_db()
    assert (task.title, task.priority) == ("Mine", 1)


def test_a_question_that_is_cancelled_is_not_asked_again(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Pay rent", due_on=timezone.localdate(), rule="FREQ=WEEKLY")
    page = open_page(dora, **PHONE)
    page.goto(task.get_absolute_url())
    editor(page, "due").get_by_role("button", name="Tomorrow").click()
    expect(page.get_by_role("button", name="This one alone")).to_be_focused()
    page.locator("#edit-due").get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("button", name="This one alone")).to_have_count(0)
    expect(value(page, "due")).to_be_focused()
    expect(editor(page, "due").get_by_role("button", name="Tomorrow")).to_be_visible()


def test_keys_alone_edit_and_the_focus_stays_on_the_row(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Renew the passport")
    page = open_page(dora, **WIDE)
    page.goto(task.get_absolute_url())
    value(page, "title").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.type("Renew both")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Renew both", exact=True)).to_be_visible()
    expect(value(page, "title")).to_be_focused()

    value(page, "due").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Today", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(value(page, "due")).to_contain_text("Today")
    expect(value(page, "due")).to_be_focused()

    value(page, "tags").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Tags")).to_be_focused()
    page.keyboard.type("errand")
    page.keyboard.press("Escape")
    expect(page.locator("#edit-tags")).not_to_have_attribute("open", "")
    expect(value(page, "tags")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tags")).to_have_value("")

    page.get_by_label("Add a sub-task").fill("Take photos")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Take photos")).to_be_visible()
    expect(page.get_by_label("Add a sub-task")).to_be_focused()
    page.get_by_label("Write a comment").fill("Monday is quiet")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comments")).to_contain_text("Monday is quiet")
    expect(page.get_by_label("Write a comment")).to_be_focused()


def test_completing_on_the_page_asks_about_sub_tasks_there(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Move house")
    make(dora, "Pack", parent=task)
    page = open_page(dora, **WIDE)
    page.goto(task.get_absolute_url())
    page.get_by_role("button", name="Complete: Move house").click()
    expect(page.get_by_role("button", name="Complete them too")).to_be_focused()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("button", name="Complete: Move house")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Complete them too").click()
    expect(page.get_by_role("button", name="Open again: Move house")).to_be_focused()
    assert Task.objects.done().count() == 2


def test_what_a_sub_tasks_line_says_is_shown_and_put_back(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Move house")
    page = open_page(dora, **WIDE)
    page.goto(task.get_absolute_url())
    field = page.get_by_label("Add a sub-task")
    field.press_sequentially("Pack p1")
    page.get_by_role("button", name="Urgent priority").click()
    expect(field).to_have_value("Pack \\p1")
    expect(field).to_be_focused()


# Beside the list


def beside(page: Page) -> Locator:
    return page.get_by_role("complementary", name="The open task")


def test_a_task_opens_beside_the_list_and_the_list_follows(open_page: OpenPage, dora: User) -> None:
    make(dora, "Buy milk")
    parent = make(dora, "Renew the passport")
    make(dora, "Take photos", parent=parent)
    page = open_page(dora, **WIDE)
    page.goto("/inbox")
    page.evaluate("window.untouched = true")
    link = page.locator("#page").get_by_role("link", name="Renew the passport")
    left = link.bounding_box()["x"]  # type: ignore[index]
    link.focus()
    page.keyboard.press("Enter")
    detail = beside(page)
    expect(detail.get_by_role("heading", name="Renew the passport", level=2)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    expect(value(page, "title")).to_be_focused()
    expect(link).to_have_attribute("aria-current", "true")
    assert link.bounding_box()["x"] == left  # type: ignore[index]
    keep_picture(page, "beside-1440")

    value(page, "due").press("Enter")
    detail.get_by_role("button", name="Tomorrow").press("Enter")
    row = page.locator(f"#page #task-{parent.pk}")
    expect(row).to_contain_text("Tomorrow")
    expect(value(page, "due")).to_be_focused()
    expect(page).to_have_title("Inbox · Todo")
    expect(link).to_have_attribute("aria-current", "true")

    detail.get_by_role("button", name="Complete: Take photos").click()
    below = page.locator("#page").get_by_role("link", name="Take photos")
    expect(page.locator("#page").get_by_role("button", name="Complete: Take photos")).to_have_count(
        0
    )
    expect(detail.get_by_role("heading", name="Renew the passport")).to_be_visible()
    expect(below).to_have_count(0)

    page.locator("#page").get_by_role("link", name="Buy milk").click()
    expect(detail.get_by_role("heading", name="Buy milk")).to_be_visible()
    expect(link).not_to_have_attribute("aria-current", "true")
    detail.get_by_label("Write a comment").fill("Not yet")
    page.keyboard.press("Escape")
    expect(detail.get_by_label("Write a comment")).to_have_value("Not yet")
    expect(value(page, "title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    expect(page.locator("#page").get_by_role("link", name="Buy milk")).to_be_focused()
    assert page.evaluate("window.untouched")


def test_the_detail_follows_the_list_and_closes_with_its_task(
    open_page: OpenPage, dora: User
) -> None:
    make(dora, "Buy milk", due_on=timezone.localdate())
    page = open_page(dora, **WIDE)
    page.goto("/today")
    page.get_by_role("link", name="Buy milk").click()
    detail = beside(page)
    expect(detail.get_by_role("button", name="Complete: Buy milk")).to_be_visible()
    page.locator("#page").get_by_role("button", name="Complete: Buy milk").click()
    expect(detail.get_by_role("button", name="Open again: Buy milk")).to_be_visible()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(detail.get_by_role("button", name="Complete: Buy milk")).to_be_visible()
    detail.get_by_role("button", name="Move to the trash").click()
    expect(page.get_by_role("status")).to_contain_text("Moved to the trash: Buy milk")
    expect(detail).to_be_hidden()
    expect(page.locator("#page").get_by_role("link", name="Buy milk")).to_have_count(0)
    assert page.url.endswith("/today")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.locator("#page").get_by_role("link", name="Buy milk")).to_be_visible()


def test_what_is_being_written_outlives_what_else_is_done(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Buy milk")
    page = open_page(dora, **PHONE)
    page.goto(task.get_absolute_url())
    page.get_by_label("Write a comment").fill("Half a com")
    page.get_by_label("Add a sub-task").fill("Half a ta")
    editor(page, "description").get_by_label("Description").fill("Half a des")
    page.get_by_role("button", name="Complete: Buy milk").click()
    expect(page.get_by_role("button", name="Open again: Buy milk")).to_be_visible()
    expect(page.locator("#edit-description")).to_have_attribute("open", "")
    editor(page, "priority").get_by_role("button", name="Urgent").click()
    expect(value(page, "priority")).to_contain_text("Urgent")
    expect(page.get_by_label("Write a comment")).to_have_value("Half a com")
    expect(page.get_by_label("Add a sub-task")).to_have_value("Half a ta")
    expect(page.locator("#id_description")).to_have_value("Half a des")
    page.get_by_label("Add a sub-task").press("Enter")
    expect(page.get_by_role("link", name="Half a ta")).to_be_visible()
    expect(page.get_by_label("Add a sub-task")).to_have_value("")
    page.get_by_label("Write a comment").press("Control+Enter")
    expect(page.locator(".comments")).to_contain_text("Half a com")
    expect(page.get_by_label("Write a comment")).to_have_value("")
    page.locator("[data-edit=description]").click()
    page.locator("#edit-description").get_by_role("link", name="Cancel").click()
    editor(page, "priority").get_by_role("button", name="p2").click()
    expect(value(page, "priority")).to_contain_text("High")
    expect(page.locator("#id_description")).to_have_value("")


def test_a_comment_being_written_outlives_changes_of_the_list(
    open_page: OpenPage, dora: User
) -> None:
    make(dora, "Buy milk")
    make(dora, "Bake bread")
    page = open_page(dora, **WIDE)
    page.goto("/inbox")
    rows = page.locator("#page")
    rows.get_by_role("link", name="Buy milk").click()
    comment = beside(page).get_by_label("Write a comment")
    comment.fill("Half a com")
    rows.get_by_role("button", name="Complete: Bake bread").click()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone: Bake bread")
    expect(comment).to_have_value("Half a com")
    rows.get_by_role("link", name="Bake bread").click()
    expect(beside(page).get_by_role("heading", name="Bake bread")).to_be_visible()
    expect(comment).to_have_value("")
    rows.get_by_role("link", name="Buy milk").click()
    expect(beside(page).get_by_role("heading", name="Buy milk")).to_be_visible()
    expect(comment).to_have_value("Half a com")
    beside(page).get_by_role("button", name="Close the task").click()
    rows.get_by_role("link", name="Buy milk").click()
    expect(comment).to_have_value("Half a com")


def test_an_answer_without_the_task_is_shown_as_a_page(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Buy milk")
    operations.trash_task(task, by=Actor(dora))
    operations.restore_task(task, by=Actor(dora))
    page = open_page(dora, **WIDE)
    page.goto(task.get_absolute_url())
    page.locator("#task-history").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Trash", level=1)).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Buy milk")
    expect(page).to_have_url(re.compile("/trash$"))
    expect(page).to_have_title(re.compile("^Trash"))


def test_a_task_that_is_in_the_trash_by_now_is_closed_and_told(
    open_page: OpenPage, dora: User
) -> None:
    task = make(dora, "Buy milk")
    page = open_page(dora, **WIDE)
    page.goto("/inbox")
    page.get_by_role("link", name="Buy milk").click()
    row = editor(page, "priority")
    operations.trash_task(task, by=Actor(dora))
    row.get_by_role("button", name="Urgent").click()
    expect(page.get_by_role("status")).to_contain_text("This task is in the trash.")
    expect(beside(page)).to_be_hidden()
    expect(page.locator("#page").get_by_role("link", name="Buy milk")).to_have_count(0)
    expect(page).to_have_url(re.compile("/inbox$"))


@pytest.mark.parametrize("start", ["page", "list"])
def test_what_was_typed_for_a_task_in_the_trash_stays(
    open_page: OpenPage, dora: User, start: str
) -> None:
    task = make(dora, "Buy milk")
    page = open_page(dora, **WIDE)
    page.goto(task.get_absolute_url() if start == "page" else "/inbox")
    if start == "list":
        page.get_by_role("link", name="Buy milk").click()
    row = editor(page, "description")
    row.get_by_label("Description").fill("Long thoughts")
    operations.trash_task(task, by=Actor(dora))
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("This task is in the trash.")
    expect(row.get_by_label("Description")).to_have_value("Long thoughts")
    expect(row.get_by_label("Description")).to_be_visible()


def test_of_two_titles_the_last_one_is_opened(open_page: OpenPage, dora: User) -> None:
    slow = make(dora, "Slow")
    make(dora, "Quick")
    make(dora, "Other")
    page = open_page(dora, **WIDE)
    page.goto("/inbox")
    rows = page.locator("#page")
    held: list[Route] = []
    page.route(f"**{slow.get_absolute_url()}", lambda route: held.append(route))
    with page.expect_request(f"**{slow.get_absolute_url()}"):
        rows.get_by_role("link", name="Slow").click()
    rows.get_by_role("link", name="Other").click()
    rows.get_by_role("link", name="Quick").click()
    held[0].continue_()
    expect(beside(page).get_by_role("heading", name="Quick")).to_be_visible()
    expect(rows.get_by_role("link", name="Quick")).to_have_attribute("aria-current", "true")
    expect(value(page, "title")).to_be_focused()
    expect(rows.locator("a.task-title[aria-current]")).to_have_count(1)
    editor(page, "priority").get_by_role("button", name="Urgent").click()
    expect(value(page, "priority")).to_contain_text("Urgent")
    assert Task.objects.get(priority=1).title == "Quick"


def test_esc_and_the_end_of_selecting_leave_the_task_open(open_page: OpenPage, dora: User) -> None:
    make(dora, "Buy milk")
    page = open_page(dora, **WIDE)
    page.goto("/inbox?select=1")
    page.get_by_role("link", name="Buy milk").click()
    detail = beside(page)
    expect(detail).to_be_visible()
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    expect(page.get_by_role("link", name="Done selecting")).to_be_visible()
    page.get_by_role("link", name="Buy milk").click()
    expect(detail).to_be_visible()
    page.get_by_role("link", name="Done selecting").click()
    expect(page.get_by_role("link", name="Done selecting")).to_have_count(0)
    expect(detail).to_be_visible()
    row = page.locator("#page .task")
    row.hover()
    row.locator(".grip").click()
    expect(page.locator("#row-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#row-menu")).to_be_hidden()
    expect(detail).to_be_visible()


def test_below_80_rem_and_with_ctrl_a_title_is_a_link(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Buy milk")
    page = open_page(dora, viewport={"width": 1270, "height": 900})
    page.goto("/inbox")
    page.get_by_role("link", name="Buy milk").click()
    expect(page.get_by_role("heading", name="Buy milk", level=1)).to_be_visible()
    assert page.url.endswith(task.get_absolute_url())
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/inbox")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Buy milk").click(modifiers=["ControlOrMeta"])
    opened.value.close()
    expect(beside(page)).to_be_hidden()
    page.get_by_role("link", name="Buy milk").click()
    beside(page).get_by_role("link", name="Open as a page").click()
    expect(page.get_by_role("heading", name="Buy milk", level=1)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_beside_the_list_and_in_open_editors(
    open_page: OpenPage, dora: User, theme: str
) -> None:
    task = make(
        dora, "Renew " + "x" * 60, due_on=timezone.localdate(), rule="FREQ=WEEKLY", priority=1
    )
    make(dora, "Take photos", parent=task)
    operations.add_comment(task, by=Actor(dora), text="# Where\n\nAt the town hall")
    operations.change_task(task, by=Actor(dora), description="# When\n\nSoon")
    operations.add_reminder(task, by=Actor(dora), minutes_before=60)
    page = open_page(dora, bypass_csp=True, color_scheme=theme, reduced_motion="reduce", **WIDE)
    page.goto("/today")
    page.get_by_role("link", name="Renew").click()
    expect(beside(page)).to_be_visible()
    faults = violations(page)
    for name in ROWS:
        editor(page, name)
        faults += violations(page)
    keep_picture(page, f"beside-1440-{theme}")
    assert faults == []


def test_open_editors_fit_a_small_screen_and_fingers(open_page: OpenPage, dora: User) -> None:
    task = make(dora, "Renew " + "x" * 60, due_on=timezone.localdate(), rule="FREQ=WEEKLY")
    operations.add_reminder(task, by=Actor(dora), minutes_before=60)
    phone = {**PHONE, "viewport": {"width": 320, "height": 640}}
    page = open_page(dora, **phone)
    page.goto(task.get_absolute_url())
    small, wide = [], []
    for name in ROWS:
        row = editor(page, name)
        for inner in row.locator(".editor-more > summary").all():
            inner.click()
        small += page.evaluate(TOO_SMALL)
        wide += [name] if sideways(page) > 0 else []
    assert (small, wide) == ([], [])
