"""SQLite, too, finds what a person asks for by an index, however many people there are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.actor import Actor
from accounts.models import User
from accounts.operations import close_account
from tests.conftest import browser_of, program_of
from tests.test_growth import API, ORDERINGS, PAGES
from tests.todos.test_closing import fill
from todos import operations
from todos.models import SavedFilter, Tag, Task

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="The plans are SQLite's.")


class Scans:
    """The statements that read a whole table, of those that are run meanwhile."""

    def __init__(self) -> None:
        self.planned = 0
        self.found: list[tuple[str, str]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            self.planned += 1
            steps = connection.create_cursor().execute(f"EXPLAIN QUERY PLAN {sql}", params)
            for *_, step in steps:
                if step.startswith(("SCAN todos", "SCAN accounts")) and "VIRTUAL" not in step:
                    self.found.append((step, sql))
        return execute(sql, params, many, context)


@pytest.fixture
def names(alice: User) -> dict[str, int]:
    fill(alice)
    [task_list] = alice.task_lists.filter(is_inbox=False)
    operations.restore_list(task_list, by=Actor(alice))
    return {
        "task": Task.objects.filter(owner=alice)[0].pk,
        "list": task_list.pk,
        "tag": Tag.objects.get(owner=alice).pk,
        "filter": SavedFilter.objects.get(owner=alice).pk,
    }


def test_pages_and_programs_scan_no_table(alice: User, names: dict[str, int]) -> None:
    scans = Scans()
    browser, program = browser_of(alice), program_of(alice)
    addresses = [(browser, address) for address in PAGES]
    addresses += [(program, f"/api/v1/{address}") for address in API]
    addresses += [(program, f"/api/v1/tasks/?ordering={order}") for order in ORDERINGS]
    with connection.execute_wrapper(scans):
        for client, address in addresses:
            address = address.format(**names).replace("tag1", "one")
            assert client.get(address).status_code == 200, address
    assert scans.found == []
    assert scans.planned > len(addresses)


def test_closing_an_account_scans_no_table(alice: User, names: dict[str, int]) -> None:
    scans = Scans()
    with connection.execute_wrapper(scans):
        close_account(alice)
    assert scans.found == []
