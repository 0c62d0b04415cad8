"""The rail, whose queries are compiled once a process, says what the ORM says, to each person."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import browser_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import SavedFilter, Tag, Task, TaskList
from todos.rail import Rail


@pytest.fixture
def two_people(by_alice: Actor, bob: User) -> list[User]:
    for by, names in ((by_alice, ["Home", "Work"]), (Actor(bob), ["Garden"])):
        for name in names:
            of_list, _ = operations.create_list(by=by, name=name)
            for days in range(-1, 2):
                day = timezone.localdate() + timedelta(days=days)
                make_task(by, f"{name} {days}", task_list=of_list, due_on=day, tags=[name])
            operations.create_filter(by=by, name=f"{name}!", query="p1")
        operations.complete_task(Task.objects.filter(owner=by.user)[0], by=by)
        operations.archive_list(operations.create_list(by=by, name="Old")[0], by=by)
    return [by_alice.user, bob]


def test_it_holds_what_the_orm_finds(two_people: list[User]) -> None:
    for person in two_people:
        rail, today = Rail(person), timezone.localdate()
        lists = TaskList.objects.visible_to(person).active().with_open_count()
        due = Task.objects.visible_to(person).open().in_active_lists()
        assert [tuple(each) for each in rail.all_lists] == list(
            lists.values_list("pk", "name", "color", "open_count")
        )
        assert [each.pk for each in rail.filters] == [
            each.pk for each in SavedFilter.objects.visible_to(person)
        ]
        assert [each.pk for each in rail.tags] == [
            each.pk for each in Tag.objects.visible_to(person)
        ]
        assert rail.today_count == due.due_by(today, zone=person.zone).count() > 0


def test_a_new_person_has_an_inbox_and_nothing_due(alice: User) -> None:
    rail = Rail(alice)
    assert (rail.inbox.open_count, rail.lists, rail.today_count) == (0, [], 0)


def test_everybody_sees_their_own_and_where_they_are(two_people: list[User]) -> None:
    alice, bob = (browser_of(person) for person in two_people)
    for name, browser, other in (("Home", alice, "Garden"), ("Garden", bob, "Home")):
        address = TaskList.objects.get(name=name).get_absolute_url()
        for page, link in ((address, address), ("/today", "/today"), ("/settings", "/settings")):
            assert marked(browser, page) == [(link, "page")]
        assert marked(browser, "/settings/dates") == [("/settings", "true")]
        assert marked(browser, f"{address}/edit") == []
        assert other not in browser.get("/today").text


def marked(browser: Client, page: str) -> list[tuple[str, str]]:
    """The links of the rail that say that they lead here, and how."""
    text = browser.get(page).text
    rail = text[text.index('id="rail"') : text.index("</aside>")]
    return re.findall(r'href="([^"]*)" aria-current="([^"]*)"', rail)
