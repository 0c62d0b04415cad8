"""Without a connection: an honest page, and the copies that a person asked for, for nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import (
    CHROMIUM_OPTIONS,
    DESKTOP,
    PHONE,
    OpenPage,
    chromium_path,
    keep_picture,
    session_cookie,
)
from todos import operations

PASSWORD = "correct horse battery"
# All that is stored, by the name of the cache.
STORED = """async () => {
  const stored = {};
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    stored[name] = requests.map(({ url }) => new URL(url).pathname);
  }
  return stored;
}"""

# A script deletes the copies once it is loaded; for some seconds at most.
UNTIL_FORGOTTEN = """async () => {
  for (let frame = 0; frame < 300; frame++) {
    if (!(await caches.keys()).some((name) => name.startsWith("kept-"))) return;
    await new Promise(requestAnimationFrame);
  }
}"""

# The copy is written once the page is at rest.
UNTIL_KEPT = """async ([path, words]) => {
  while (!(await (await caches.match(path)).text()).includes(words)) {
    await new Promise(requestAnimationFrame);
  }
}"""


def make_person(name: str, task: str) -> User:
    user = User(email=f"{name}@example.org", display_name=name)
    user.set_password(PASSWORD)
    user.save()
    operations.create_task(by=Actor(user), title=task, due_on=timezone.localdate())
    return user


@pytest.fixture
def dora(transactional_db: None) -> User:
    return make_person("dora", "Buy oat milk")


def with_worker(open_page: OpenPage, user: User, **options: Any) -> Page:
    """Today, with a service worker that answers."""
    page = open_page(user, service_workers="allow", **options)
    page.goto("/today")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return page


def keep_for_offline(page: Page) -> None:
    page.goto("/settings/data")
    page.get_by_role("button", name="Switch on “Keep for offline”").click()
    expect(page.get_by_role("status")).to_contain_text("kept on this device")


def copies(page: Page) -> list[str]:
    """The addresses of the pages of people that are stored."""
    stored = page.evaluate(STORED)
    return sorted(path for name in stored if name.startswith("kept-") for path in stored[name])


def go_offline(page: Page, path: str) -> None:
    page.context.set_offline(True)
    page.goto(path)


def test_a_page_that_cannot_be_reached_says_so_and_what_can_be_done(
    open_page: OpenPage, dora: User
) -> None:
    page = with_worker(open_page, dora, **PHONE)
    go_offline(page, "/lists")
    expect(page.get_by_role("heading", name="The server cannot be reached")).to_be_visible()
    expect(page.get_by_role("link", name="as you last saw it")).to_have_count(0)
    expect(page.locator("script")).to_have_count(0)
    keep_picture(page, "offline-390")
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Lists")).to_be_visible()


def test_today_and_inbox_are_kept_as_they_were_last_seen(open_page: OpenPage, dora: User) -> None:
    page = with_worker(open_page, dora, **DESKTOP)
    keep_for_offline(page)
    page.goto("/today")
    page.get_by_label("New task").fill("Call the dentist")
    page.get_by_label("New task").press("Enter")
    expect(page.get_by_role("link", name="Call the dentist")).to_be_visible()
    page.evaluate(UNTIL_KEPT, ["/today", "Call the dentist"])
    go_offline(page, "/upcoming")
    page.get_by_role("link", name="Today, as you last saw it").click()
    note = page.get_by_text("You are offline. This is a copy of")
    expect(note).to_contain_text(str(timezone.localdate().year))
    expect(page.get_by_text("Buy oat milk")).to_be_visible()
    expect(page.get_by_text("Call the dentist")).to_be_visible()
    expect(page.get_by_label("New task")).to_have_count(0)
    expect(page.get_by_role("button", name="Complete: Buy oat milk")).to_be_disabled()
    expect(page.locator("#page :is(a.button, .grip, :enabled:not(form, fieldset))")).to_have_count(
        0
    )
    assert "csrf" not in page.content().lower() and page.locator("script").count() == 0
    keep_picture(page, "offline-today-1280")
    page.goto("/inbox")
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    expect(note).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_label("New task")).to_be_visible()
    expect(note).to_have_count(0)


def test_nothing_of_a_person_is_stored_unless_they_switch_it_on(
    open_page: OpenPage, dora: User
) -> None:
    page = with_worker(open_page, dora, **DESKTOP)
    for path in ("/today", "/inbox", "/lists", "/settings/data", "/api/v1/docs/"):
        page.goto(path)
    page.evaluate("() => fetch('/api/v1/tasks/')")
    stored = page.evaluate(STORED)
    (shell,) = stored.values()
    assert "/offline" in shell
    assert [path for path in shell if not path.startswith(("/static/", "/offline"))] == []
    keep_for_offline(page)
    for path in ("/today", "/inbox", "/lists", "/today?select=1", "/api/v1/docs/"):
        page.goto(path)
    page.goto("/settings/data")
    assert copies(page) == ["/inbox", "/today"]
    page.get_by_role("button", name="Switch off “Keep for offline”").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing is kept")
    assert copies(page) == []
    page.goto("/today")
    go_offline(page, "/today")
    expect(page.get_by_role("heading", name="The server cannot be reached")).to_be_visible()


def test_logging_out_leaves_nothing_behind(open_page: OpenPage, dora: User) -> None:
    page = with_worker(open_page, dora, **DESKTOP)
    keep_for_offline(page)
    page.goto("/today")
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("main").get_by_role("link", name="Log in")).to_be_visible()
    assert copies(page) == []
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_text("Buy oat milk")).to_have_count(0)


@pytest.mark.parametrize("way", ["navigation", "htmx", "form"])
def test_a_session_that_was_ended_elsewhere_takes_the_copies_along(
    open_page: OpenPage, dora: User, way: str
) -> None:
    page = with_worker(open_page, dora, **DESKTOP)
    keep_for_offline(page)
    page.goto("/today")
    assert copies(page) == ["/inbox", "/today"]
    Session.objects.all().delete()
    UserSession.objects.all().delete()
    if way == "navigation":
        page.goto("/lists")
    elif way == "htmx":
        page.get_by_role("button", name="Complete: Buy oat milk").click()
    else:
        page.evaluate("() => document.getElementById('tick').submit()")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert copies(page) == []


BROKEN = {
    "locks": "() => Object.defineProperty(navigator, 'locks', { value: undefined })",
    "store": "() => (CacheStorage.prototype.keys = () => Promise.reject(new Error('no store')))",
}


@pytest.mark.parametrize("part", BROKEN)
def test_the_way_in_is_there_where_the_browser_stores_or_locks_nothing(
    open_page: OpenPage, dora: User, part: str
) -> None:
    page = with_worker(open_page, dora, **DESKTOP)
    keep_for_offline(page)
    (worker,) = page.context.service_workers
    worker.evaluate(BROKEN[part])
    page.context.clear_cookies()
    page.goto("/today")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.evaluate(UNTIL_FORGOTTEN)
    assert copies(page) == []


def test_a_page_for_strangers_deletes_the_copies_where_no_worker_does(
    open_page: OpenPage, dora: User
) -> None:
    page = with_worker(open_page, dora, **DESKTOP)
    keep_for_offline(page)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    page.context.clear_cookies()
    page.goto("/today")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.evaluate(UNTIL_FORGOTTEN)
    assert copies(page) == []


def test_what_is_being_selected_is_not_kept(open_page: OpenPage, dora: User) -> None:
    page = with_worker(open_page, dora, **DESKTOP)
    keep_for_offline(page)
    page.goto("/today")
    page.get_by_role("link", name="Buy oat milk").focus()
    page.keyboard.press("x")
    expect(page.get_by_text("1 selected")).to_be_visible()
    kept = "async () => (await caches.match('/today')).text()"
    assert "bulk-count" not in page.evaluate(kept)


def test_another_account_never_sees_the_copies(open_page: OpenPage, dora: User) -> None:
    eve = make_person("eve", "Water the plants")
    page = with_worker(open_page, dora, **DESKTOP)
    keep_for_offline(page)
    page.goto("/today")
    # Without a log-out, and without the page for the sign-in.
    name, value = session_cookie(eve)
    page.context.add_cookies([{"name": name, "value": value, "url": page.url}])
    page.goto("/settings/data")
    expect(page.get_by_role("button", name="Switch on “Keep for offline”")).to_be_visible()
    assert copies(page) == []
    keep_for_offline(page)
    go_offline(page, "/today")
    expect(page.get_by_text("Water the plants")).to_be_visible()
    expect(page.get_by_text("Buy oat milk")).to_have_count(0)


def test_what_is_done_offline_says_that_it_failed(open_page: OpenPage, dora: User) -> None:
    page = with_worker(open_page, dora, **DESKTOP)
    page.context.set_offline(True)
    page.get_by_role("button", name="Complete: Buy oat milk").click()
    expect(page.get_by_role("status")).to_contain_text("Check the connection")


def test_a_browser_finds_nothing_against_installing_it(
    live_server: LiveServer, dora: User, tmp_path: Path, browser: Browser
) -> None:
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium_path(), args=CHROMIUM_OPTIONS
    )
    name, value = session_cookie(dora)
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/today")
    session = context.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    context.close()
    assert manifest["url"].endswith("/manifest.webmanifest")
    assert (manifest["errors"], errors) == ([], [])
