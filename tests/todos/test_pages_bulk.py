"""Many tasks at once on the pages: ticking, one act, one Undo."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Completion, Task

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONDAY = NOW.date()


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def bulk(page: Client, tasks: list[Task], **data: str) -> str:
    ticks = [f"{task.pk}/{task.occurrence or ''}" for task in tasks]
    answer = page.post("/tasks/bulk", {"task": ticks, "next": "/inbox?select=1", **data})
    assert answer.url.startswith("/inbox?select=")
    return text_of(page.get(answer.url))


def three(by: Actor) -> list[Task]:
    return [make_task(by, name, due_on=MONDAY, tags=["old"]) for name in ("one", "two", "three")]


@pytest.mark.parametrize("address", ["/inbox", "/today", "/tasks", "/tags/{tag}", "/upcoming"])
def test_pages_let_people_tick_tasks(page: Client, by_alice: Actor, address: str) -> None:
    task = three(by_alice)[0]
    later = make_task(by_alice, "later", due_on=MONDAY + timedelta(days=1))
    address = address.format(tag=task.tags.get().pk)
    assert "?select=1" in page.get(address).content.decode()
    html = page.get(f"{address}?select=1").content.decode()
    ticked = later if address == "/upcoming" else task
    assert f'name="task" value="{ticked.pk}/{ticked.occurrence}"' in html
    assert "checked" not in html and 'action="/tasks/bulk"' in html
    assert "checked" in page.get(f"{address}?select=all").content.decode()


def test_what_a_search_or_a_filter_finds_can_be_ticked(page: Client, by_alice: Actor) -> None:
    task = three(by_alice)[0]
    saved = operations.create_filter(by=by_alice, name="Old", query="@old")
    for address in ("/search?q=one", f"/filters/{saved.pk}?"):
        assert "select=1" in page.get(address).content.decode()
        html = page.get(f"{address}&select=1").content.decode()
        assert f'value="{task.pk}/' in html and 'action="/tasks/bulk"' in html


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"do": "date", "when": "tomorrow"}, {"due_on": date(2026, 11, 24)}),
        ({"do": "date", "when": "week"}, {"due_on": date(2026, 11, 30)}),
        ({"do": "date", "when": "weekend"}, {"due_on": date(2026, 11, 28)}),
        ({"do": "date", "words": "in 3 days"}, {"due_on": date(2026, 11, 26)}),
        (
            {"do": "date", "words": "every Friday at 5pm"},
            {"due_on": date(2026, 11, 27), "due_time": "17:00", "rule": "FREQ=WEEKLY;BYDAY=FR"},
        ),
        ({"do": "date", "when": "day", "day": "2026-12-24"}, {"due_on": date(2026, 12, 24)}),
        ({"do": "date", "when": "none"}, {"due_on": None}),
        ({"do": "priority", "priority": "1"}, {"priority": 1}),
    ],
)
def test_fields_of_many_are_set_and_one_undo_takes_it_back(
    page: Client, by_alice: Actor, data: dict[str, str], fields: dict[str, object]
) -> None:
    tasks = three(by_alice)
    before = list(Task.objects.order_by("pk").values_list("due_on", "priority"))
    told = "have a new priority" if data["do"] == "priority" else "have a new date"
    assert f"3 tasks {told}." in bulk(page, tasks, **data)
    assert Task.objects.filter(**fields).count() == 3
    page.post(f"/changes/{Change.objects.latest('number').pk}/undo", {"together": "1"})
    assert list(Task.objects.order_by("pk").values_list("due_on", "priority")) == before


def test_many_are_completed_moved_tagged_and_trashed(
    page: Client, by_alice: Actor, alice: User
) -> None:
    tasks = three(by_alice)
    home, _ = operations.create_list(by=by_alice, name="Home")
    bulk(page, tasks, do="move", task_list=str(home.pk))
    assert Task.objects.filter(task_list=home).count() == 3
    bulk(page, tasks, do="tag", tags="new, @other")
    assert {tag.name for tag in tasks[0].tags.all()} == {"old", "new", "other"}
    assert "3 tasks have new tags." in bulk(page, tasks, do="tag", untag="Old")
    assert {tag.name for tag in tasks[0].tags.all()} == {"new", "other"}
    bulk(page, tasks, do="complete")
    assert Task.objects.done().count() == 3
    assert "3 tasks moved to the trash." in bulk(page, tasks, do="trash")
    assert Task.objects.trashed_of(alice).count() == 3


def test_a_parent_and_its_sub_tasks_go_together(page: Client, by_alice: Actor) -> None:
    parent = make_task(by_alice, "parent")
    child = make_task(by_alice, "child", parent=parent)
    assert "2 tasks done." in bulk(page, [parent, child], do="complete")
    page.post(f"/changes/{Change.objects.latest('number').pk}/undo", {"together": "1"})
    assert not Task.objects.done().exists()
    bulk(page, [parent, child], do="trash")
    assert Task.objects.filter(trashed_with=parent.uid).count() == 2


def test_what_cannot_be_done_is_told_and_the_rest_is_done(page: Client, by_alice: Actor) -> None:
    parent, other = make_task(by_alice, "parent"), make_task(by_alice, "other")
    make_task(by_alice, "child", parent=parent)
    words = bulk(page, [parent, other], do="complete")
    assert "Done: other" in words and "parent: It has open sub-tasks." in words
    assert [str(task) for task in Task.objects.done()] == ["other"]


def test_a_repeated_request_completes_no_second_occurrence(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, due_on=MONDAY, rule="FREQ=DAILY")
    bulk(page, [task], do="complete")
    bulk(page, [task], do="complete")
    assert Completion.objects.get().occurrence == "2026-11-23"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "move", "task_list": ""}, "Choose one first."),
        ({"do": "move", "task_list": "0"}, "not one of the available choices"),
        ({"do": "priority", "priority": "9"}, "not one of the available choices"),
        ({"do": "date", "when": "day", "day": "x"}, "Enter a valid date."),
        ({"do": "date", "when": "day"}, "Choose a day."),
        ({"do": "date", "words": "some day"}, "Say when in words such as"),
        ({"do": "tag", "tags": ""}, "Choose one first."),
        ({"do": "tag", "tags": "x" * 51}, "50"),
    ],
)
def test_what_is_refused_is_asked_again_with_what_was_typed(
    page: Client, by_alice: Actor, data: dict[str, str], words: str
) -> None:
    tasks = three(by_alice)
    ticks = [f"{task.pk}/{task.occurrence}" for task in tasks]
    answer = page.post("/tasks/bulk", {"task": ticks, "next": "/inbox?select=1", **data})
    html = answer.content.decode()
    assert answer.status_code == 422 and words in text_of(answer)
    assert [f'name="task" value="{tick}"' in html for tick in ticks] == [True] * 3
    assert 'name="next" value="/inbox?select=1"' in html
    if typed := data.get("words"):
        assert f'value="{typed}"' in html
    assert Change.objects.filter(kind=Change.Kind.CHANGED).count() == 0


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ("date", "Tomorrow Tue 24 Nov"),
        ("priority", "Urgent"),
        ("move", "Inbox"),
        ("tag", "Take one off: @old"),
    ],
)
def test_what_tasks_are_to_have_is_asked_on_a_page(
    page: Client, by_alice: Actor, ask: str, words: str
) -> None:
    tasks = three(by_alice)
    ticks = [f"{task.pk}/{task.occurrence}" for task in tasks]
    answer = page.post("/tasks/ask", {"task": ticks, "ask": ask, "next": "/today?select=1"})
    assert words in text_of(answer) and "3 tasks" in text_of(answer)
    assert answer.content.decode().count('name="task"') == 3
    answer = page.post("/tasks/ask", {"task": ticks[:1], "ask": ask})
    assert "“one”" in text_of(answer)


def test_asking_for_nothing_or_of_nobody_is_refused(
    page: Client, by_alice: Actor, bob: User
) -> None:
    answer = page.post("/tasks/ask", {"ask": "date", "next": "/inbox?select=1"})
    assert answer.url == "/inbox?select=1"
    assert "Tick some tasks first." in text_of(page.get("/inbox"))
    assert page.post("/tasks/ask", {"ask": "size", "task": "1/"}).status_code == 400
    theirs = make_task(Actor(bob), "secret")
    answer = page.post("/tasks/ask", {"ask": "date", "task": f"{theirs.pk}/"}, follow=True)
    assert "no longer there" in text_of(answer) and "secret" not in text_of(answer)
    assert page.get("/tasks/ask").url == "/today"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "complete"}, "Tick some tasks first."),
        ({"do": "fly", "task": "1/"}, "not one of the available choices"),
    ],
)
def test_an_act_that_is_none_is_refused(
    page: Client, by_alice: Actor, data: dict[str, str], words: str
) -> None:
    make_task(by_alice)
    answer = page.post("/tasks/bulk", {"next": "/inbox?select=1", **data}, follow=True)
    assert words in text_of(answer)


def test_too_many_ticks_are_refused(page: Client, by_alice: Actor) -> None:
    ticks = [f"{number}/" for number in range(1, 402)]
    answer = page.post("/tasks/bulk", {"task": ticks, "do": "trash"}, follow=True)
    assert "Tick 400 tasks at most." in text_of(answer)


@pytest.mark.parametrize("tick", ["99999999999999999999", "9223372036854775808", "9" * 5000])
def test_a_number_that_no_task_has_is_no_tick(page: Client, by_alice: Actor, tick: str) -> None:
    task = make_task(by_alice)
    page.post("/tasks/bulk", {"task": [tick, f"{task.pk}/"], "do": "trash"})
    task.refresh_from_db()
    assert task.trashed_at
    assert page.post("/tasks/bulk", {"task": tick, "do": "trash"}).status_code == 302


def test_another_persons_tasks_are_left_alone(page: Client, bob: User) -> None:
    theirs = make_task(Actor(bob))
    assert "Nothing was changed." in bulk(page, [theirs], do="trash")
    theirs.refresh_from_db()
    assert theirs.trashed_at is None


def test_all_that_is_overdue_is_rescheduled(page: Client, by_alice: Actor) -> None:
    old = make_task(by_alice, "old", due_on=date(2026, 11, 1))
    weekly = make_task(by_alice, "weekly", due_on=date(2026, 11, 16), rule="FREQ=WEEKLY")
    today = make_task(by_alice, "today", due_on=MONDAY)
    assert "Reschedule all" in text_of(page.get("/today"))
    page.post("/today/reschedule", {"when": "tomorrow"})
    for task in (old, weekly, today):
        task.refresh_from_db()
    assert old.due_on == weekly.due_on == date(2026, 11, 24)
    assert (weekly.original_on, today.due_on) == (date(2026, 11, 16), MONDAY)
    assert "2 tasks have a new date." in text_of(page.get("/today"))
    assert "Tomorrow Tue 24 Nov" in text_of(page.get("/today/reschedule"))
    answer = page.post("/today/reschedule", {"words": "some day"})
    assert answer.status_code == 422 and 'value="some day"' in answer.content.decode()


def ticked_in(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'value="(\d+)/[^"]*" checked', html)]


def test_moving_by_hand_keeps_the_ticks_and_the_focus(page: Client, by_alice: Actor) -> None:
    one, _two, last = three(by_alice)
    for way, order in (("up", "one three two"), ("up", "three one two"), ("down", "one three two")):
        sent = {"way": way, "task": f"{one.pk}/", "next": "/inbox?select=1&moved=1&way=up"}
        html = page.get(page.post(f"/tasks/{last.pk}/step", sent).url).content.decode()
        assert " ".join(str(task) for task in Task.objects.by_position()) == order
        assert ticked_in(html) == [one.pk]
        focused = rf'{last.pk}/step" name="way" value="{way}" autofocus'
        assert re.findall(focused, html) and html.count("autofocus") == 1


def test_a_day_that_was_pressed_is_meant_whatever_was_typed(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, due_on=MONDAY - timedelta(days=1))
    page.post("/today/reschedule", {"when": "tomorrow", "words": "some day", "day": "2027-01-01"})
    assert Task.objects.get(pk=task.pk).due_on == MONDAY + timedelta(days=1)


def test_a_tag_that_was_typed_is_added_with_one_that_was_pressed(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    bulk(page, [task], do="tag", tags="garden", also="home")
    assert {tag.name for tag in task.tags.all()} == {"garden", "home"}


def test_the_list_of_a_whole_page_can_be_ticked(page: Client, by_alice: Actor) -> None:
    tasks = [make_task(by_alice, f"task {number}") for number in range(120)]
    assert "120 tasks moved to the trash." in bulk(page, tasks, do="trash")


def test_a_parent_ticked_alone_says_what_to_do(page: Client, by_alice: Actor) -> None:
    parent = make_task(by_alice, "Party")
    make_task(by_alice, parent=parent)
    post: dict[str, object] = {"task": [f"{parent.pk}/"], "do": "complete"}
    words = page.post("/tasks/bulk", post, follow=True).content.decode()
    assert "Party: It has open sub-tasks. Tick them too" in words


def test_a_task_added_on_upcoming_is_due_tomorrow(page: Client) -> None:
    assert (
        f'name="due_on" value="{MONDAY + timedelta(days=1)}"'
        in page.get("/upcoming").content.decode()
    )
