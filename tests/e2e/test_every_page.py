"""Every page, in both themes and at both widths: axe finds nothing, nothing scrolls sideways."""

from collections.abc import Callable
from datetime import timedelta
from importlib import resources
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import sessions
from accounts.actor import Actor, Caller
from accounts.models import ApiSession, User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from todos import operations
from todos.models import Comment, Reminder, SavedFilter, Section, Tag, Task, TaskList

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()

TOO_SMALL = """() =>
  [...document.querySelectorAll("button, a.button, .rail-link, input, select, textarea")]
    .filter((element) => element.checkVisibility({ opacityProperty: true }))
    .filter((element) => !element.matches(".visually-hidden, .visually-hidden *"))
    .map((element) => [element, ...(element.labels ?? [])])
    .map((ways) => [
      ways[0].outerHTML.slice(0, 80),
      Math.max(...ways.map((way) => way.getBoundingClientRect().height)),
    ])
    .filter(([, height]) => height < 44)
    .map(([html, height]) => `${html} ${height}`)
"""

SIGNED_OUT = {
    "landing": "/",
    "log-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
    "reset-sent": "/accounts/password/reset/done/",
    "reset-bad-link": "/accounts/password/reset/key/1-x/",
    "reset-done": "/accounts/password/reset/key/done/",
    "confirm-bad-link": "/accounts/confirm-email/x/",
    "confirm-sent": "/accounts/confirm-email/",
    "inactive": "/accounts/inactive/",
    "keys": "/keys",
    "not-found": "/nowhere",
    "offline": "/offline",
}
SIGNED_IN = {
    "inbox": "/inbox",
    "today": "/today",
    "inbox-select": "/inbox?select=1",
    "upcoming": "/upcoming",
    "calendar": "/calendar",
    "lists": "/lists",
    "list-new": "/lists/new",
    "list": "/lists/{list}",
    "list-select": "/lists/{list}?select=all",
    "list-edit": "/lists/{list}/edit",
    "section-edit": "/sections/{section}/edit",
    "filters": "/filters",
    "filter-new": "/filters/new?query=today",
    "filter": "/filters/{filter}",
    "filter-edit": "/filters/{filter}/edit",
    "tags": "/tags",
    "tag": "/tags/{tag}",
    "tag-edit": "/tags/{tag}/edit",
    "tasks": "/tasks",
    "task": "/tasks/{task}",
    "task-repeating": "/tasks/{repeating}",
    "task-edit": "/tasks/{repeating}/edit",
    "task-move": "/tasks/{task}/move",
    "comment-edit": "/comments/{comment}/edit",
    "add-many": "/tasks/add",
    "activity": "/activity",
    "activity-of-a-device": "/activity?device={device}",
    "everything": "/palette?q=the",
    "keys-signed-in": "/keys",
    "search": "/search?q=the",
    "search-nothing": "/search?q=zebra",
    "done": "/done",
    "trash": "/trash",
    "security-log": "/security-log",
    "settings": "/settings",
    "settings-dates": "/settings/dates",
    "settings-appearance": "/settings/appearance",
    "settings-keys": "/settings/keys",
    "settings-notifications": "/settings/notifications",
    "settings-security": "/settings/security",
    "settings-data": "/settings/data",
    "two-step-login": "/accounts/2fa/",
    "devices": "/devices",
    "close-account": "/close-account",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
    "log-out": "/accounts/logout/",
    "reauthenticate": "/accounts/reauthenticate/",
}


@pytest.fixture
def busy(transactional_db: None) -> User:
    """A person with something on every page, long words and titles among it."""
    user = User.objects.create(email="busy@example.org", display_name="Busy")
    by, today = Actor(user), timezone.localdate()

    def add(title: str, **fields: object) -> Task:
        return operations.create_task(by=by, title=title, **fields)[0]

    home, _ = operations.create_list(by=by, name="Home", color="orange")
    away, _ = operations.create_list(by=by, name="W" * 60, color="blue")
    old, _ = operations.create_list(by=by, name="The old flat", color="brown")
    operations.archive_list(old, by=by)
    add("Buy oat milk")
    add("x" * 150, tags=["errand", "y" * 50], priority=3, task_list=away)
    for days, priority in ((-400, 1), (-1, 2), (0, 3), (1, 4), (9, 1), (300, 2)):
        due_on = today + timedelta(days=days)
        add(f"Look at the garden ({days})", due_on=due_on, priority=priority, task_list=home)
    add("Call the dentist", due_on=today, due_time="23:59", due_zone="Europe/Berlin")
    operations.complete_task(add("Send the invoice"), by=by)
    operations.trash_task(add("An old idea"), by=by)
    garden, _ = operations.create_section(by=by, task_list=home, name="Garden " + "z" * 60)
    operations.create_section(by=by, task_list=home, name="Attic")
    repeating = add("Take out the bins", due_on=today, rule="FREQ=WEEKLY", section=garden)
    operations.skip_task(repeating, by=by)
    operations.create_filter(by=by, name="Soon", query="(7 days | overdue) & #Home | p1")
    operations.create_filter(by=by, name="V" * 90, query=f"@{'y' * 50} | search: {'x' * 150}")
    phone = Caller(ip="192.0.2.7", user_agent="Mozilla/5.0 (Linux; Android 14) Firefox/140.0")
    opened = sessions.open_session(user, client="token", caller=phone, label="My old phone")
    edited = add("Renew the passport", tags=["errand"])
    operations.change_task(
        edited, by=by, title="Renew the passports", priority=1, tags=["errand", "papers"]
    )
    text = f"# Where\n\n- at the **town hall**\n- `{'x' * 90}`\n\n> Take the photos along."
    operations.add_comment(edited, by=by, text=f"{text}\n\n```\n{'code ' * 40}\n```")
    operations.add_comment(edited, by=by, text=f"https://example.org/{'y' * 120}")
    operations.change_task(edited, by=by, due_on=today, description=text)
    for minutes in (0, 90):
        operations.add_reminder(edited, by=by, minutes_before=minutes)
    Reminder.objects.filter(minutes_before=90).update(attempts=1, last_error="z" * 200)
    below = edited
    for level in range(1, 6):
        below = add(
            f"Step {level} " + "y" * 40, parent=below, start_on=today + timedelta(days=level)
        )
    operations.change_task(below, by=Actor(user, opened.pk), title="By the phone")
    return user


def paths_of(user: User) -> dict[str, str]:
    ids = {
        "list": TaskList.objects.filter(owner=user, name="Home").get().pk,
        "tag": Tag.objects.filter(owner=user, name="errand").get().pk,
        "filter": SavedFilter.objects.filter(owner=user, name="Soon").get().pk,
        "task": Task.objects.filter(owner=user, title="Renew the passports").get().pk,
        "repeating": Task.objects.filter(owner=user, title="Take out the bins").get().pk,
        "section": Section.objects.filter(owner=user, name="Attic").get().pk,
        "comment": Comment.objects.filter(owner=user).latest("pk").pk,
        "device": ApiSession.objects.filter(user=user).get().pk,
    }
    return {name: path.format(**ids) for name, path in SIGNED_IN.items()}


def violations(page: Page) -> list[str]:
    """What axe has against the page, one line for each element."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        f"{rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def visit(page: Page, paths: dict[str, str], look: Callable[[Page, str], list[str]]) -> list[str]:
    """All that `look` finds fault with, page by page."""
    faults = []
    for name, path in paths.items():
        page.goto(path)
        faults += [f"{name}: {fault}" for fault in look(page, name)]
    return faults


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
def test_axe_finds_nothing_on_any_page_in_either_theme(
    open_page: OpenPage, busy: User, screen: dict[str, Any]
) -> None:
    def look(page: Page, name: str) -> list[str]:
        faults = []
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            keep_picture(page, f"{name}-{screen['viewport']['width']}-{theme}")
            faults += violations(page)
        return faults

    options = {**screen, "bypass_csp": True}
    faults = visit(open_page(**options), SIGNED_OUT, look)
    faults += visit(open_page(busy, **options), paths_of(busy), look)
    assert faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_comes_and_goes(
    open_page: OpenPage, busy: User, theme: str
) -> None:
    """Errors beside fields, the open drawer, a completed row, a notice with Undo."""
    options = {**PHONE, "bypass_csp": True, "color_scheme": theme, "reduced_motion": "reduce"}
    page = open_page(**options)
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("busy@example.org")
    page.get_by_label("Password").fill("12345")
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.locator(".errorlist")).not_to_have_count(0)
    faults = violations(page)

    page = open_page(busy, **options)
    page.goto("/inbox")
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("navigation", name="Tasks")).to_be_visible()
    faults += violations(page)
    page.get_by_role("button", name="Close the menu").click()
    page.get_by_role("button", name="Complete: Buy oat milk").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    faults += violations(page)
    page.get_by_label("New task").fill("Water the tomatoes")
    page.get_by_label("New task").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Added")
    faults += violations(page)

    page.goto(paths_of(busy)["task"])
    page.locator("[data-edit=tags]").click()
    page.get_by_label("Tags").fill("z" * 51)
    page.get_by_label("Tags").press("Enter")
    expect(page.get_by_label("Tags")).to_have_attribute("aria-invalid", "true")
    keep_picture(page, f"task-refused-390-{theme}")
    assert faults + violations(page) == []


def test_no_page_scrolls_sideways_at_320_pixels(open_page: OpenPage, busy: User) -> None:
    def look(page: Page, name: str) -> list[str]:
        return [f"{sideways(page)} px too wide"] if sideways(page) > 0 else []

    options = {"viewport": {"width": 320, "height": 640}}
    faults = visit(open_page(**options), SIGNED_OUT, look)
    faults += visit(open_page(busy, **options), paths_of(busy), look)
    assert faults == []


def test_buttons_and_links_have_room_for_a_finger(open_page: OpenPage, busy: User) -> None:
    """44 pixels each way, but for links within a sentence (WCAG 2.5.5)."""
    page = open_page(busy, **PHONE)
    assert visit(page, paths_of(busy), lambda page, name: page.evaluate(TOO_SMALL)) == []


def test_a_new_account_says_on_every_page_what_can_be_done(
    open_page: OpenPage, transactional_db: None
) -> None:
    user = User.objects.create(email="new@example.org")
    names = ("inbox", "today", "upcoming", "tags", "tasks", "done", "trash")
    paths = {name: SIGNED_IN[name] for name in names}

    def look(page: Page, name: str) -> list[str]:
        keep_picture(page, f"empty-{name}-1280")
        return [] if page.locator(".empty").is_visible() else ["nothing said"]

    assert visit(open_page(user, **DESKTOP), paths, look) == []
