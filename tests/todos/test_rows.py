"""How the row of a task is written (the browser tests use it)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Tag, Task
from todos.models.tasks import bounds_from, bounds_until
from todos.rows import as_rows
from todos.templatetags.rows import RowWriter
from todos.views import pages

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
HOSTILE = "</a></li><script>alert(1)</script>'\" onload=x %(task)s %d {0} &amp; &#39;"


class Elements(HTMLParser):
    """What a browser makes of a row: its elements with their attributes, and its words."""

    def __init__(self, row: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(row)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_rows_that_are_compiled_are_those_of_the_orm(by_alice: Actor, bob: User) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    for by, task_list in ((by_alice, home), (Actor(bob), None)):
        day = {"due_on": NOON.date(), "due_time": time(9, 0), "due_zone": "Europe/Berlin"}
        above = make_task(by, "above", task_list=task_list, tags=["b", "A"], **day)
        make_task(by, "below", parent=above, due_on=NOON.date() + timedelta(days=1))
        make_task(by, "plain", task_list=task_list, tags=["a"], priority=1, due_on=NOON.date())
        operations.complete_task(make_task(by, "done", tags=["a"]), by=by)
    tag = Tag.objects.get(owner=by_alice.user, name_key="a")
    for rows_of, values in (
        (pages.OF_LIST, {"task_list": home.pk}),
        (pages.OF_LIST_IN_SECTIONS, {"task_list": home.pk}),
        (pages.TAGGED, {"tag": tag.pk}),
        (pages.NEWEST, {}),
        (pages.DUE_UNTIL, bounds_until(NOON.date(), zone=ZoneInfo("Europe/Berlin"))),
        (pages.DUE_FROM, bounds_from(NOON.date(), zone=ZoneInfo("Europe/Berlin"))),
    ):
        found = rows_of.found(owner=by_alice.user.pk, **values)
        expected = list(as_rows(rows_of.build(owner=by_alice.user, **values)))
        assert [shown(task) for task in found[:100]] == [shown(task) for task in expected]
        assert [shown(task) for task in found[1:2]] == [shown(task) for task in expected[1:2]]
        assert len(found) == len(expected) > 0


def shown(task: Task) -> dict[str, object]:
    """All that was loaded of a row."""
    return {name: value for name, value in vars(task).items() if name != "_state"}


def row_of(task: Task) -> Elements:
    (row,) = as_rows(Task.objects.filter(pk=task.pk))
    return Elements(RowWriter(task.owner, NOON).row(row))


def test_what_people_wrote_is_words_and_nothing_else(by_alice: Actor) -> None:
    plain, _ = operations.create_list(by=by_alice, name="Work")
    strange, _ = operations.create_list(by=by_alice, name=HOSTILE)
    tag, repeats = "<b>@\"'", {"rule": "FREQ=DAILY", "due_on": NOON.date()}
    above = make_task(by_alice, HOSTILE, task_list=strange)
    below = make_task(by_alice, HOSTILE, parent=above, tags=[tag], **repeats)
    ordinary = make_task(by_alice, "Call", task_list=plain)
    ordinary_below = make_task(by_alice, "Ann", parent=ordinary, tags=["a"], **repeats)
    row, same = row_of(below), row_of(ordinary_below)
    assert [tag for tag, _ in row.found] == [tag for tag, _ in same.found]
    assert row.words.count(HOSTILE) == 2
    assert [f"{HOSTILE} \u203a", f"@{tag}"] == [
        words for words in row.words if words.endswith("\u203a") or words.startswith("@")
    ]
    names = [attributes.get("aria-label") for _, attributes in row.found]
    assert f"Complete: {HOSTILE}" in names


def test_the_tick_of_a_row_names_its_occurrence(by_alice: Actor) -> None:
    task = make_task(by_alice, "Call", due_on=date(2026, 11, 23), due_time=time(9, 0))
    (tick,) = [attributes for tag, attributes in row_of(task).found if tag == "button"]
    assert tick["class"] == "check priority-4"
    assert (tick["form"], tick["name"], tick["value"]) == ("tick", "occurrence", "2026-11-23T09:00")
    assert tick["formaction"] == tick["hx-post"] == f"/tasks/{task.pk}/complete"
    done = row_of(operations.complete_task(task, by=by_alice))
    (tick,) = [attributes for tag, attributes in done.found if tag == "button"]
    assert (tick["class"], tick["form"], tick["aria-label"]) == (
        "check check-done",
        "untick",
        "Open again: Call",
    )
    assert "Overdue: " not in done.words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"priority": 1}, ["Urgent priority"]),
        ({"start_on": date(2026, 11, 25)}, ["from Wed 25 Nov"]),
        ({"start_on": date(2026, 11, 23)}, []),
        ({"due_on": date(2026, 11, 22)}, ["Overdue:", "Yesterday"]),
        ({"due_on": date(2026, 11, 23), "due_time": time(17, 0)}, ["Today,", "17:00"]),
        ({"due_on": date(2026, 11, 24), "rule": "FREQ=WEEKLY"}, ["Tomorrow", "every week"]),
        ({"tags": ["phone", "anna"]}, ["@anna", "@phone"]),
    ],
)
def test_a_row_tells_what_is_known_of_its_task(
    by_alice: Actor, fields: dict[str, object], words: list[str]
) -> None:
    told = [each.strip() for each in row_of(make_task(by_alice, "Call", **fields)).words]
    assert told[0] == "Call"
    facts = [each for each in told[1:] if each and each != "Inbox"]
    assert sorted(facts) == sorted(words)


def test_a_row_counts_its_sub_tasks_and_a_row_below_it_is_set_in(
    page: Client, by_alice: Actor, alice: User
) -> None:
    task = make_task(by_alice, "Pack")
    below = make_task(by_alice, "Boots", parent=task)
    operations.complete_task(make_task(by_alice, "Socks", parent=task), by=by_alice)
    shown = page.get("/inbox").text
    assert "1/2" in shown
    assert f'id="task-{below.pk}" class="task depth-1"' in shown
    assert f"/tasks/{below.pk}/complete?depth=1" in shown
    assert "Pack \u203a" not in shown
    assert "Pack \u203a" in page.get("/tasks").text
