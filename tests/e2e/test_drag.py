"""Dragging tasks by mouse, finger and pen, as the browser and the server see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import ARTEFACTS, DESKTOP, PHONE, OpenPage
from todos import operations
from todos.models import Section, Task, TaskList

Point = tuple[float, float]


@pytest.fixture
def dora(transactional_db: None) -> User:
    return User.objects.create(email="dora@example.org", display_name="Dora")


def make(user: User, title: str, **fields: object) -> Task:
    return operations.create_task(by=Actor(user), title=title, **fields)[0]


def make_tasks(user: User, *titles: str, **fields: object) -> list[Task]:
    return [make(user, title, **fields) for title in titles]


def tree(**where: object) -> str:
    """The tasks of the pages in their order, each behind its parent's title."""
    rows = Task.objects.filter(**where).select_related("parent", "section")
    ordered = rows.order_by("section__position", "parent", "position", "pk")
    return " ".join(f"{row.parent or row.section or ''}/{row}".lstrip("/") for row in ordered)


def handle(page: Page, title: str) -> Point:
    row = page.locator(".task").filter(has=page.get_by_role("link", name=title, exact=True))
    row.hover()
    return middle(row.locator(".grip"))


def middle(place: Locator) -> Point:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def top_of(page: Page, title: str) -> Point:
    """A point in the upper half of a row, straight below the handles."""
    row = page.locator(".task").filter(has=page.get_by_role("link", name=title, exact=True))
    box, grip = row.bounding_box(), row.locator(".grip").bounding_box()
    assert box and grip
    return grip["x"] + grip["width"] / 2, box["y"] + 4


def keep_view(page: Page, name: str) -> None:
    """Save what is on the screen: a picture of the whole page would end a touch."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", caret="initial")


def wait_until(page: Page, condition: str) -> None:
    page.evaluate(
        f"""() => new Promise((tell) => {{
          const look = () => (({condition}) ? tell() : setTimeout(look, 20));
          look();
        }})"""
    )


def by_mouse(page: Page, start: Point, end: Point) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0], start[1] + 6)
    page.mouse.move(*end, steps=5)


def by_touch(page: Page, start: Point, end: Point) -> Callable[..., None]:
    """Drag with a finger; returns what lifts it, or takes it away."""
    session = page.context.new_cdp_session(page)

    def send(name: str, *points: Point) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": name, "touchPoints": touches})

    send("touchStart", start)
    send("touchMove", (start[0], start[1] + 12))
    send("touchMove", end)
    return lambda name="touchEnd": send(name)


def test_a_row_goes_between_others_with_one_undo(open_page: OpenPage, dora: User) -> None:
    make_tasks(dora, "one", "two", "three")
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    by_mouse(page, handle(page, "three"), top_of(page, "two"))
    expect(page.locator(".drop-line")).to_be_visible()
    keep_view(page, "drag-1280")
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved: three")
    assert tree() == "one three two"
    expect(page.locator(".dragged, .lifted")).to_have_count(0)
    expect(page.get_by_role("link", name="three", exact=True)).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone: three")
    assert tree() == "one two three"


def test_further_right_it_becomes_a_sub_task_and_further_left_none(
    open_page: OpenPage, dora: User
) -> None:
    make_tasks(dora, "one", "two", "three")
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    start = handle(page, "two")
    by_mouse(page, start, (start[0] + 40, start[1]))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Now a sub-task of “one”: two")
    assert tree() == "one three one/two"
    by_mouse(page, handle(page, "three"), (top_of(page, "two")[0], top_of(page, "two")[1]))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Now a sub-task of “one”: three")
    assert tree() == "one one/three one/two"
    start = handle(page, "two")
    by_mouse(page, start, (start[0] - 40, start[1]))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved to “Inbox”: two")
    assert tree() == "one two one/three"


def test_its_sub_tasks_go_along(open_page: OpenPage, dora: User) -> None:
    one, _two = make_tasks(dora, "one", "two")
    make(dora, "below", parent=one)
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    _x, y = middle(page.get_by_role("link", name="two", exact=True))
    start = handle(page, "one")
    by_mouse(page, start, (start[0], y + 12))
    expect(page.locator(".dragged > .task")).to_have_count(2)
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved: one")
    assert tree() == "two one one/below"


def test_an_empty_section_and_a_list_in_the_rail_take_a_row(
    open_page: OpenPage, dora: User
) -> None:
    by = Actor(dora)
    inbox = TaskList.objects.get(owner=dora)
    home, _ = operations.create_list(by=by, name="Home")
    operations.create_section(by=by, task_list=inbox, name="Later")
    make_tasks(dora, "one", "two")
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    by_mouse(page, handle(page, "one"), middle(page.get_by_text("No open tasks in this section.")))
    expect(page.locator("section.drop-here")).to_contain_text("Later")
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved to “Later”: one")
    assert Task.objects.get(title="one").section == Section.objects.get()
    rail = page.get_by_role("navigation", name="Tasks")
    by_mouse(page, handle(page, "two"), middle(rail.get_by_role("link", name="Home")))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved to “Home”: two")
    assert Task.objects.get(title="two").task_list == home
    expect(page).to_have_url(re.compile("/inbox$"))


def test_a_day_takes_a_row_and_of_what_repeats_this_one_alone(
    open_page: OpenPage, dora: User
) -> None:
    today = timezone.localdate()
    soon, later = today + timedelta(days=2), today + timedelta(days=4)
    make(dora, "bins", due_on=soon, rule="FREQ=WEEKLY")
    make(dora, "other", due_on=later)
    page = open_page(dora, **DESKTOP)
    page.goto("/upcoming")
    by_mouse(page, handle(page, "bins"), middle(page.get_by_role("link", name="other", exact=True)))
    expect(page.locator("section.drop-here")).to_contain_text("other")
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("New date: bins")
    bins = Task.objects.get(title="bins")
    assert (bins.due_on, bins.original_on) == (later, soon)
    rail = page.get_by_role("navigation", name="Tasks")
    by_mouse(page, handle(page, "other"), middle(rail.get_by_role("link", name="Today")))
    page.mouse.up()
    expect(page.get_by_role("link", name="other", exact=True)).to_have_count(0)
    assert Task.objects.get(title="other").due_on == today


def test_escape_leaves_it_where_it_was(open_page: OpenPage, dora: User) -> None:
    make_tasks(dora, "one", "two")
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    by_mouse(page, handle(page, "two"), top_of(page, "one"))
    expect(page.locator(".drop-line")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".dragged, .lifted")).to_have_count(0)
    expect(page.locator(".drop-line")).to_be_hidden()
    page.mouse.up()
    expect(page).to_have_url(re.compile("/inbox$"))
    page.locator("#page").get_by_role("link", name="one", exact=True).click()
    expect(page.get_by_role("heading", name="one")).to_be_visible()
    assert tree() == "one two"


def test_after_a_finger_was_taken_away_links_work(open_page: OpenPage, dora: User) -> None:
    make_tasks(dora, "one", "two")
    page = open_page(dora, **PHONE)
    page.goto("/inbox")
    lift = by_touch(page, handle(page, "two"), top_of(page, "one"))
    expect(page.locator(".drop-line")).to_be_visible()
    lift("touchCancel")
    expect(page.locator(".dragged, .lifted")).to_have_count(0)
    page.locator("#page").get_by_role("link", name="one", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="one")).to_be_visible()
    assert tree() == "one two"


def test_what_the_server_refuses_comes_back_as_it_was(open_page: OpenPage, dora: User) -> None:
    one, _two = make_tasks(dora, "one", "two")
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    deep = one
    for number in range(10):
        deep = make(dora, f"level {number}", parent=deep)
    start = handle(page, "two")
    Task.objects.filter(title="two").update(parent=deep)
    operations.move_task(Task.objects.get(title="two"), by=Actor(dora), parent=None)
    make(dora, "nine", parent=Task.objects.get(title="two"))
    Task.objects.filter(title="one").update(parent=Task.objects.get(title="nine"))
    by_mouse(page, start, (start[0] + 40, start[1]))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("A task cannot be below itself.")
    expect(page.locator(".dragged, .lifted")).to_have_count(0)
    assert Task.objects.get(title="two").parent is None


def test_without_a_connection_it_stays_and_is_told(open_page: OpenPage, dora: User) -> None:
    make_tasks(dora, "one", "two")
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    page.route("**/place", lambda route: route.fulfill(status=404))
    by_mouse(page, handle(page, "two"), top_of(page, "one"))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("That did not work.")
    expect(page.locator(".dragged, .lifted")).to_have_count(0)
    assert tree() == "one two"


def test_a_finger_on_the_handle_drags_and_elsewhere_scrolls(
    open_page: OpenPage, dora: User
) -> None:
    make_tasks(dora, *(f"task {number}" for number in range(20)))
    page = open_page(dora, **PHONE)
    page.goto("/inbox")
    lift = by_touch(page, handle(page, "task 2"), top_of(page, "task 1"))
    expect(page.locator(".drop-line")).to_be_visible()
    keep_view(page, "drag-390")
    lift()
    expect(page.get_by_role("status")).to_contain_text("Moved: task 2")
    assert tree().startswith("task 0 task 2 task 1 ")
    x, y = middle(page.get_by_role("link", name="task 5", exact=True))
    lift = by_touch(page, (x, y), (x, y - 300))
    lift()
    expect(page.locator(".dragged")).to_have_count(0)
    wait_until(page, "scrollY > 100")


def test_a_pen_drags_too(open_page: OpenPage, dora: User) -> None:
    make_tasks(dora, "one", "two")
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    session = page.context.new_cdp_session(page)

    def pen(name: str, x: float, y: float) -> None:
        sent = {"type": name, "x": x, "y": y, "button": "left", "pointerType": "pen"}
        session.send("Input.dispatchMouseEvent", {**sent, "clickCount": 1})

    (x, y), end = handle(page, "two"), top_of(page, "one")
    pen("mousePressed", x, y)
    pen("mouseMoved", x, y - 10)
    pen("mouseMoved", *end)
    pen("mouseReleased", *end)
    expect(page.get_by_role("status")).to_contain_text("Moved: two")
    assert tree() == "two one"


def test_near_the_edge_the_page_scrolls(open_page: OpenPage, dora: User) -> None:
    make_tasks(dora, *(f"task {number}" for number in range(40)))
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    start = handle(page, "task 0")
    by_mouse(page, start, (start[0], 850))
    wait_until(page, "scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
    _x, y = middle(page.get_by_role("link", name="task 39", exact=True))
    page.mouse.move(start[0], y + 14)
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved: task 0")
    assert Task.objects.by_position().last() == Task.objects.get(title="task 0")


def test_what_the_calendar_shows_goes_to_another_day(open_page: OpenPage, dora: User) -> None:
    first = timezone.localdate().replace(day=1)
    make(dora, "bins", due_on=first + timedelta(days=9), rule="FREQ=MONTHLY")
    page = open_page(dora, **DESKTOP)
    page.goto("/calendar")
    entry = page.locator("[data-task]", has_text="bins")
    end = middle(page.locator(f"[data-drop-day='{first + timedelta(days=11)}']"))
    by_mouse(page, middle(entry), end)
    expect(page.locator("td.drop-here")).to_have_count(1)
    keep_view(page, "drag-calendar-1280")
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("bins")
    bins = Task.objects.get()
    assert bins.due_on == first + timedelta(days=11)
    assert bins.original_on == first + timedelta(days=9)
    expect(page).to_have_url(re.compile("/calendar$"))


def test_sub_tasks_are_put_in_order_on_the_page_of_their_task(
    open_page: OpenPage, dora: User
) -> None:
    parent = make(dora, "Move house")
    make_tasks(dora, "one", "two", parent=parent)
    page = open_page(dora, **DESKTOP)
    page.goto(parent.get_absolute_url())
    by_mouse(page, handle(page, "two"), top_of(page, "one"))
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("Moved: two")
    assert tree(parent=parent) == "Move house/two Move house/one"
    expect(page.get_by_role("heading", level=1)).to_contain_text("Move house")


def test_where_it_was_it_stays_and_nothing_is_asked(open_page: OpenPage, dora: User) -> None:
    make_tasks(dora, "one", "two")
    page = open_page(dora, **DESKTOP)
    page.goto("/inbox")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    start = handle(page, "one")
    by_mouse(page, start, (start[0] + 3, start[1] + 20))
    expect(page.locator(".dragged")).to_have_count(1)
    page.mouse.up()
    expect(page.locator(".dragged, .lifted")).to_have_count(0)
    assert "POST" not in asked
