"""axios and axios-auth-refresh in a real browser, on a page of our own origin, for hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import ApiSession, AuthEvent, User
from tests.clients.conftest import EMAIL, PASSWORD, Later
from tests.clients.npm import LIBRARIES, is_installed
from tests.e2e.conftest import OpenPage

EXPIRED = timedelta(minutes=6)
WHO = """async () => {
  try { return (await api.get("/users/get_user_data")).data.email; }
  catch (error) { return error.response.status; }
}"""
FIVE_AT_ONCE = """async () => {
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => api.get("/tasks/")));
  return answers.map((answer) => answer.status);
}"""

pytestmark = pytest.mark.parametrize(
    "libraries",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                not is_installed(name),
                reason="Install the clients first: make clients (needs npm).",
            ),
        )
        for name in LIBRARIES
    ],
)


@pytest.fixture
def open_client(
    me: User, live_server: LiveServer, settings: Any, open_page: OpenPage, libraries: str
) -> Any:
    """A function that opens the page of a client and signs in on it."""
    settings.ROOT_URLCONF = "tests.clients.urls"

    def open_client(client: str) -> Page:
        page = open_page()
        page.goto(f"/client/{libraries}/{client}")
        page.evaluate("(words) => signIn(...words)", [EMAIL, PASSWORD])
        assert page.evaluate(WHO) == EMAIL
        return page

    return open_client


def stored(page: Page) -> dict[str, str]:
    return page.evaluate("() => ({ ...localStorage })")


def generation() -> int:
    return ApiSession.objects.get().generation


def test_the_original_client_works_for_ever_with_its_first_refresh_token(
    open_client: Any, later: Later
) -> None:
    page = open_client("original")
    first = stored(page)
    assert first.keys() == {"access_token", "refresh_token"}
    for number in range(1, 5):
        later(EXPIRED)
        if number % 2:
            page.reload()
        assert page.evaluate(WHO) == EMAIL
        assert generation() == number
        assert stored(page).keys() == first.keys()
        assert stored(page)["refresh_token"] == first["refresh_token"]
        assert stored(page)["access_token"] != first["access_token"]
    assert not AuthEvent.objects.filter(kind=AuthEvent.Kind.REUSE).exists()


def test_the_original_clients_way_of_logging_out_signs_out_for_good(
    open_client: Any, later: Later
) -> None:
    page = open_client("original")
    for _ in range(3):
        later(EXPIRED)
        assert page.evaluate(WHO) == EMAIL
    page.evaluate("signOut()")
    page.reload()
    assert page.evaluate(WHO) == 401
    assert ApiSession.objects.get().revoked_reason == "signed_out"
    assert page.context.cookies() == []
    for _ in range(2):
        page.reload()
        assert page.evaluate(WHO) == 401
    page.evaluate("(words) => signIn(...words)", [EMAIL, PASSWORD])
    assert page.evaluate(WHO) == EMAIL


def test_the_documented_client_stores_nothing_and_outlives_a_reload(
    open_client: Any, later: Later
) -> None:
    page = open_client("documented")
    for _ in range(3):
        before = generation()
        later(EXPIRED)
        assert page.evaluate(FIVE_AT_ONCE) == [200] * 5
        assert generation() > before
        assert stored(page) == {}
    page.reload()
    assert page.evaluate(WHO) == EMAIL
    page.evaluate("signOut()")
    assert page.evaluate(WHO) == 401
    page.reload()
    assert page.evaluate(WHO) == 401
    assert page.context.cookies() == []


def test_what_was_stolen_from_its_storage_is_worth_nothing(
    open_client: Any, open_page: OpenPage, libraries: str
) -> None:
    page = open_client("original")
    thief = open_page(user_agent="A thief")
    thief.goto(f"/client/{libraries}/original")
    thief.evaluate("(loot) => Object.assign(localStorage, loot)", stored(page))
    thief.evaluate("localStorage.setItem('access_token', 'expired')")
    assert thief.evaluate(WHO) == 401
    assert ApiSession.objects.get().revoked_reason == "reuse"
    assert page.evaluate(WHO) == 401
