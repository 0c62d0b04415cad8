"""A real browser in front of a real server; without a browser these tests skip."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
]
ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"
# What a browser says of answers that a test asked for, or asked for offline; of a log-out; and of a
# worker that Playwright keeps away.
REFUSAL = re.compile(
    r"status of (4\d\d|503)|Status Error Code 4\d\d|Clear-Site-Data|Service Worker registration"
    r"|ERR_INTERNET_DISCONNECTED|htmx:(afterRequest|sendError)|ViewTransition opt-in"
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 860}}

OpenPage = Callable[..., Page]


def chromium_path() -> str | None:
    """Where the system's browser is: CHROMIUM_PATH, or the first name that is installed."""
    named = os.environ.get("CHROMIUM_PATH")
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return named or next((path for path in found if path), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("There is no Chromium here; install it, or name it in CHROMIUM_PATH.")
    # Playwright keeps an event loop running in this thread, where Django refuses to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """A function that opens an empty page, signed in as `user` if given.

    What the browser writes to its console fails the test, but for the refusals it was asked for.
    Only tests that ask for it have a service worker: `service_workers="allow"`.
    """
    contexts, complaints = [], []

    def open_page(user: User | None = None, **options: Any) -> Page:
        options = {"locale": "en-GB", "service_workers": "block", **options}
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        if user is not None:
            name, value = session_cookie(user)
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for complaint in complaints if not REFUSAL.search(complaint)] == []


def session_cookie(user: User) -> tuple[str, str]:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return name, client.cookies[name].value


def keep_picture(page: Page, name: str) -> None:
    """Save what the whole page looks like, for people to look at."""
    ARTEFACTS.mkdir(exist_ok=True)
    path = ARTEFACTS / f"{name}.png"
    # Hiding the caret would need a style that the pages' policy forbids.
    page.screenshot(path=path, full_page=True, animations="disabled", caret="initial")
