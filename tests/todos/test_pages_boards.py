"""Pages as boards: chosen by a link, remembered by the browser, every section a column."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client, override_settings

from accounts.actor import Actor
from accounts.models import User
from tests.test_query_counts import Household, count
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import TaskList

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BOARD = 'class="board"'


@pytest.fixture
def home(by_alice: Actor) -> TaskList:
    return operations.create_list(by=by_alice, name="Home")[0]


def boards(page: Client) -> str:
    return page.cookies["boards"].value


@pytest.mark.parametrize("address", ["/inbox", "/today", "/upcoming", "/lists/{home}"])
def test_a_page_is_a_board_where_that_was_chosen_and_remembers(
    page: Client, home: TaskList, address: str
) -> None:
    address = address.format(home=home.pk)
    assert BOARD not in page.get(address).content.decode()
    assert page.get(f"{address}?page=2&select=1,&view=board").url == f"{address}?select=1,"
    assert page.get(f"{address}?view=board").url == address
    assert BOARD in page.get(address).content.decode()
    others = {"/inbox", "/today", "/upcoming"} - {address}
    assert all(BOARD not in page.get(other).content.decode() for other in others)
    page.get(f"{address}?view=list")
    assert BOARD not in page.get(address).content.decode()
    page.get(f"{address}?view=table")
    assert boards(page) == ""


def test_the_cookie_holds_a_hundred_pages_and_nothing_else(page: Client) -> None:
    page.cookies["boards"] = ".".join(["x", "0", "12;", "-1", "9" * 40, "5", "5", "inbox"])
    page.get("/today?view=board")
    assert boards(page) == "5.inbox.today"
    page.cookies["boards"] = ".".join(str(number) for number in range(1, 200))
    page.get("/today?view=board")
    assert boards(page) == ".".join([*(str(number) for number in range(101, 200)), "today"])


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_for_us_alone_for_a_year(page: Client, https: bool) -> None:
    with override_settings(IS_HTTPS=https):
        cookie = page.get("/today?view=board").cookies["boards"]
    assert (cookie["max-age"], cookie["samesite"]) == (365 * 24 * 60 * 60, "Lax")
    assert (bool(cookie["secure"]), bool(cookie["httponly"])) == (https, True)


def test_every_section_is_a_column_with_its_count_on_every_page(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    full, empty = (
        operations.create_section(by=by_alice, task_list=home, name=name)[0]
        for name in ("Full", "Empty")
    )
    for number in range(101):
        make_task(by_alice, f"task {number}", section=full)
    make_task(by_alice, "below", parent=make_task(by_alice, "loose", task_list=home))
    page.get(f"/lists/{home.pk}?view=board")
    first = text_of(page.get(f"/lists/{home.pk}"))
    assert re.findall(r"(No section|Full|Empty) (\d*)", first) == [
        ("No section", "1"),
        ("Full", "101"),
        ("Empty", ""),
    ]
    second = text_of(page.get(f"/lists/{home.pk}?page=2"))
    assert "No section 1 open Its tasks are on another page. Full 101 open" in second
    assert "No open tasks in this section." in second
    assert f'data-drop-section="{empty.pk}"' in page.get(f"/lists/{home.pk}").content.decode()


def test_an_empty_board_says_so_and_where_to_begin(page: Client, home: TaskList) -> None:
    page.get(f"/lists/{home.pk}?view=board")
    words = text_of(page.get(f"/lists/{home.pk}"))
    assert "No open tasks without a section." in words and "Add a section" in words


def test_upcoming_has_a_column_for_each_of_the_next_days(page: Client, by_alice: Actor) -> None:
    with time_machine.travel(NOW, tick=False):
        for days in (2, 30):
            make_task(by_alice, f"in {days} days", due_on=NOW.date() + timedelta(days=days))
        page.get("/upcoming?view=board")
        html = page.get("/upcoming").content.decode()
    shown = re.findall(r'<section[^>]+data-drop-day="([^"]+)"', html)
    week = [(NOW + timedelta(days=number)).date().isoformat() for number in range(1, 8)]
    assert shown == [*week, "2026-12-23"]


def test_a_board_costs_what_a_list_costs(alice: User) -> None:
    household, browser = Household(alice), Client()
    browser.force_login(alice)
    household.grow(3)
    for address in ("/inbox", "/upcoming", "/today", f"/lists/{household.home.pk}"):
        as_list = count(browser, address)
        browser.get(f"{address}?view=board")
        assert count(browser, address) == as_list


def test_the_answer_to_a_tick_counts_the_section_on_the_page_of_its_list(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    later, _ = operations.create_section(by=by_alice, task_list=home, name="Later")
    task, other = (make_task(by_alice, section=later) for _number in range(2))
    below = make_task(by_alice, parent=other)
    loose = make_task(by_alice, task_list=home)

    def counted(pk: int, here: str) -> list[tuple[str, str]]:
        htmx = {
            "HX-Request": "true",
            "HX-Target": f"task-{pk}",
            "HX-Current-URL": f"http://testserver{here}",
        }
        html = page.post(f"/tasks/{pk}/complete", {"done": "1"}, headers=htmx).content.decode()
        return re.findall(r'id="section-count-(\d+)"[^>]*>(\d*)', html)

    here = f"/lists/{home.pk}?section={later.pk}"
    assert counted(task.pk, here) == [(str(later.pk), "1")]
    assert counted(below.pk, here) == []
    assert counted(loose.pk, here) == [("0", "")]
    assert counted(other.pk, "/today") == []


def test_a_filter_has_a_field_to_add_a_task(page: Client, by_alice: Actor) -> None:
    saved = operations.create_filter(by=by_alice, name="Soon", query="today")
    html = page.get(f"/filters/{saved.pk}").content.decode()
    assert 'id="add-title"' in html
    assert f'name="next" value="/filters/{saved.pk}#add-title"' in html
