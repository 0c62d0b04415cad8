"""The page of everything, from which the palette takes what there is; and the page of keys."""

import re

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import browser_of
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.views import palette
from todos.views.palette import ACCOUNT, KEYS, MOST_TASKS, PAGES


def links_of(page: Client, address: str = "/palette") -> dict[str, str]:
    """What the page leads to, by the words of the links."""
    html = page.get(address).content.decode()
    entries = re.findall(r'<a class="entry" href="([^"]*)">(.*?)</a>', html)
    names = [re.search(r'entry-name">(.*?)</span>', entry) for _address, entry in entries]
    return {name[1]: address for name, (address, _) in zip(names, entries, strict=True) if name}


def own(by: Actor, name: str) -> None:
    operations.create_list(by=by, name=f"{name} list")
    operations.create_tag(by=by, name=f"{name} tag")
    operations.create_filter(by=by, name=f"{name} filter", query="today")
    make_task(by, f"{name} task")


def test_it_leads_everywhere_and_to_everything_of_this_person_alone(
    page: Client, by_alice: Actor, charlie: User
) -> None:
    own(by_alice, "Alice")
    own(Actor(charlie), "Charlie")
    links = links_of(page)
    assert {"Inbox", "Today", "Upcoming", "Trash", "Settings", "Log out", "New list"} <= {*links}
    assert {"Alice list", "Alice tag", "Alice filter"} <= {*links}
    for address in links.values():
        assert page.get(address).status_code == 200, address
    assert "Charlie" not in page.get("/palette?q=task").content.decode()


def test_it_finds_a_few_tasks_the_best_first(page: Client, by_alice: Actor, charlie: User) -> None:
    task = make_task(by_alice, "Oat milk")
    make_task(Actor(charlie), "Oat cakes")
    for number in range(10):
        make_task(by_alice, f"Something {number}", description="with oat")
    links = links_of(page, "/palette?q=oat")
    assert links["Oat milk"] == task.get_absolute_url()
    assert "Oat cakes" not in links
    assert len(links) - len(links_of(page)) == MOST_TASKS
    assert "Oat milk" not in links_of(page, "/palette?q=oat+cakes")


def test_too_many_words_are_told(page: Client) -> None:
    assert "Search for 20 words" in text_of(page.get("/palette", {"q": "word " * 30}))


def test_of_a_kind_only_so_many_are_shown(
    page: Client, by_alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(palette, "MOST_OF_A_KIND", 3)
    for number in range(5):
        own(by_alice, f"{number}")
    assert len([name for name in links_of(page) if re.match(r"\d (list|tag|filter)", name)]) == 9


def test_a_stranger_gets_to_the_log_in(client: Client) -> None:
    assert client.get("/palette").status_code == 302


def test_the_keys_are_told_to_everybody(client: Client, alice: User) -> None:
    for browser in (client, browser_of(alice)):
        text = text_of(browser.get("/keys"))
        for _title, keys in KEYS:
            for names, words in keys:
                assert " ".join([str(words), *names]) in text
    assert client.post("/keys").status_code == 405


def test_what_is_gone_to_by_a_key_says_so_in_the_rail(page: Client) -> None:
    html = page.get("/today").content.decode()
    for _url, _picture, _words, key in [*PAGES, *ACCOUNT]:
        if key:
            assert f'data-key="{key}"' in html, key
