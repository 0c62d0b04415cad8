"""What a page weighs: Today with 50 tasks, which each have all that a row can show."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, time

import pytest
from django.test import Client

from accounts.actor import Actor
from tests.conftest import program_of
from tests.todos.test_tasks import make_task
from todos import operations

KB = 1024
TODAY = datetime.now(UTC).date()


@pytest.fixture
def fifty(by_alice: Actor) -> None:
    """50 tasks for today, and a rail with lists, tags and filters."""
    lists = [operations.create_list(by=by_alice, name=f"List {n}")[0] for n in range(5)]
    for number in range(50):
        make_task(
            by_alice,
            f"Write to Ann and Bob about chapter {number} of the book",
            task_list=lists[number % 5],
            tags=[f"tag {number % 6}"],
            priority=number % 4 + 1,
            due_on=TODAY,
            due_time=time(number % 24, 30) if number % 2 else None,
            rule="FREQ=WEEKLY" if number % 3 == 0 else "",
        )
    for number in range(3):
        operations.create_filter(by=by_alice, name=f"Filter {number}", query="p1")


def test_today_with_50_tasks_is_light(fifty: None, page: Client) -> None:
    answer = page.get("/today")
    assert answer.text.count('<li id="task-') == 50
    assert len(answer.content) <= 60 * KB
    compressed = page.get("/today", headers={"Accept-Encoding": "gzip, br"})
    assert compressed["Content-Encoding"] == "gzip"
    assert len(compressed.content) <= 9 * KB
    assert b"chapter 49" in gzip.decompress(compressed.content)


@pytest.mark.parametrize("address", ["/search?q=chapter", "/palette?q=chapter"])
def test_a_page_that_says_words_of_its_address_again_is_not_compressed(
    fifty: None, page: Client, address: str
) -> None:
    answer = page.get(address, headers={"Accept-Encoding": "gzip"})
    assert "chapter 4" in answer.text
    assert not answer.has_header("Content-Encoding")


def test_a_page_loads_from_nowhere_else(fifty: None, page: Client) -> None:
    text = page.get("/today").text
    assert "//" not in text.replace("http://testserver", "")


def test_what_the_api_answers_keeps_its_strong_etag(by_alice: Actor) -> None:
    task = make_task(by_alice, "Call " * 30)
    api = program_of(by_alice.user)
    answer = api.get(f"/api/v1/tasks/{task.pk}", headers={"Accept-Encoding": "gzip"})
    assert answer["ETag"].startswith('"')
    assert not answer.has_header("Content-Encoding")
