"""A list costs the same number of queries whatever it holds, and how many that is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import browser_of, program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Tag, Task, TaskList

TODAY = datetime.now(UTC).date()

# Two of a page's queries are the session and its user, four are the rail. With `page` in its
# address what is on it is counted, however much it is.
PAGES = {
    "/inbox": 9,
    "/today": 7,
    "/upcoming": 7,
    "/calendar": 9,
    "/lists/{list}": 10,
    "/tags/{tag}": 8,
    "/tasks?page=1": 8,
    "/tasks/{task}": 16,
    "/tasks/{task}/edit": 10,
    "/done?page=1": 11,
    "/search?q=task&page=1": 8,
    "/palette": 8,
    "/palette?q=task": 9,
    "/keys": 6,
    "/activity": 16,
    "/trash?page=1": 8,
    "/lists": 7,
    "/filters": 7,
    "/filters/{filter}?page=1": 11,
    "/tags": 7,
    "/devices": 8,
    "/security-log": 8,
    "/settings": 7,
    "/settings/dates": 6,
    "/settings/appearance": 6,
    "/settings/keys": 6,
    "/settings/notifications": 6,
    "/settings/security": 7,
    "/settings/data": 7,
    "/close-account": 6,
}
ENDPOINTS = {
    "/api/v1/tasks/": 4,
    "/api/v1/tasks/?search=task&completed=false&ordering=deadline": 3,
    "/api/v1/tasks/?list={list}&tag=one": 6,
    "/api/v1/tasks/{task}": 2,
    "/api/v1/tasks/{task}/comments/": 4,
    "/api/v1/tasks/{task}/reminders/": 4,
    "/api/v1/stats": 4,
    "/api/v1/tasks/{task}/changes": 5,
    "/api/v1/lists/": 4,
    "/api/v1/lists/{list}": 2,
    "/api/v1/tasks/?filter=today+|+%23Home+%26+@one": 5,
    "/api/v1/filters/": 3,
    "/api/v1/filters/{filter}": 2,
    "/api/v1/tasks/?limit=10&ordering=deadline": 3,
    "/api/v1/sections/": 4,
    "/api/v1/sections/?list={list}": 5,
    "/api/v1/tags/": 4,
    "/api/v1/trash/": 3,
    "/api/v1/sessions/": 3,
    "/api/v1/users/me/": 1,
}


class Household:
    """Alice's tasks, in two lists, with tags, dues, done and trashed ones, changed often."""

    def __init__(self, alice: User) -> None:
        self.by = Actor(alice)
        self.home, _ = operations.create_list(by=self.by, name="Home")
        self.inbox = TaskList.objects.get(owner=alice, is_inbox=True)
        self.task = make_task(self.by, "task", task_list=self.home, tags=["one", "two"])
        self.parent = make_task(self.by, "parent", task_list=self.home)
        self.keys = {
            "list": self.home.pk,
            "tag": Tag.objects.get(name="one").pk,
            "task": self.task.pk,
            "filter": operations.create_filter(by=self.by, name="One", query="@one | #Home").pk,
        }

    def grow(self, number: int) -> None:
        for index in range(number):
            for day in (None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)):
                for task_list in (self.home, self.inbox):
                    tags = ["one", f"tag {index}"]
                    make_task(self.by, f"task {index}", task_list=task_list, due_on=day, tags=tags)
            operations.complete_task(make_task(self.by, "task", tags=["one"]), by=self.by)
            operations.trash_task(make_task(self.by, "task", tags=["one"]), by=self.by)
            make_task(self.by, f"below {index}", parent=self.parent, tags=["one"])
            section, _ = operations.create_section(
                by=self.by, task_list=self.home, name=f"section {index}"
            )
            make_task(self.by, "in a section", section=section)
            extra, _ = operations.create_list(by=self.by, name=f"List {index}")
            make_task(self.by, "task", task_list=extra)
            operations.trash_list(operations.create_list(by=self.by, name="Old")[0], by=self.by)
            section, _ = operations.create_section(
                by=self.by, task_list=self.home, name=f"Section {index}"
            )
            weekly = make_task(self.by, "task", section=section, due_on=TODAY, rule="FREQ=WEEKLY")
            make_task(self.by, "task", parent=weekly)
            program_of(self.by.user)
            operations.create_filter(
                by=self.by, name="Filter", query=f"#Home | @one | p{index % 4 + 1}"
            )
            operations.add_comment(self.task, by=self.by, text=f"comment {index}")
            if index < 20:
                operations.add_reminder(self.task, by=self.by, minutes_before=index)
            for tags, task_list in ((["one"], self.inbox), (["one", "two"], self.home)):
                operations.change_task(self.task, by=self.by, tags=tags, task_list=task_list)


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address)
        assert answer.status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("address", "expected", "client_of"),
    [(address, number, browser_of) for address, number in PAGES.items()]
    + [(address, number, program_of) for address, number in ENDPOINTS.items()],
)
def test_it_costs_as_much_for_10_as_for_3(
    alice: User, address: str, expected: int, client_of: Callable[[User], Client]
) -> None:
    household = Household(alice)
    client = client_of(alice)
    household.grow(3)
    few = count(client, address.format(**household.keys))
    household.grow(7)
    many = count(client, address.format(**household.keys))
    assert (few, many) == (expected, expected)


def test_the_answer_to_a_tick_costs_as_much_for_10_lists_as_for_3(alice: User) -> None:
    household, browser = Household(alice), browser_of(alice)

    def tick(done: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            route = f"/tasks/{household.task.pk}/complete"
            htmx = {"HX-Request": "true", "HX-Target": f"task-{household.task.pk}"}
            assert browser.post(route, {"done": done}, headers=htmx).status_code == 200
        return len(queries)

    household.grow(3)
    few = tick("1"), tick("0")
    household.grow(7)
    assert (tick("1"), tick("0")) == few


def test_growing_really_adds_rows(alice: User) -> None:
    household = Household(alice)
    household.grow(3)
    assert Task.objects.filter(owner=alice).count() > 30
