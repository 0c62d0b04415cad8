"""The activity: what was changed, in words, by which device, and taking it back."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.actor import Actor, Caller
from accounts.models import User
from accounts.sessions import open_session
from tests.todos.test_pages import post, text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.history import tell
from todos.models import Change, Tag, Task

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONDAY = NOW.date()


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def last_words(task: Task) -> list[str]:
    return tell(Change.objects.of(task)[:1], task.owner)[0][1]


def test_every_kind_of_change_is_told_in_sentences(by_alice: Actor, alice: User) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    kitchen, _ = operations.create_section(by=by_alice, task_list=home, name="Kitchen")
    parent = make_task(by_alice, "Parent", task_list=home)
    task = make_task(by_alice, due_on=MONDAY, rule="FREQ=DAILY")

    def told(verb: Callable[..., Task], **fields: object) -> list[str]:
        verb(task, by=by_alice, **fields)
        return last_words(task)

    change, move = operations.change_task, operations.move_task
    assert told(operations.complete_task) == [
        "Completed the one of 23 Nov 2026",
        "Next: 24 Nov 2026",
    ]
    assert told(operations.reopen_task) == ["Opened again: the one of 23 Nov 2026"]
    assert told(operations.skip_task) == [
        "Skipped the one of 23 Nov 2026",
        "Next: 24 Nov 2026",
    ]
    assert told(operations.postpone_task, day=date(2026, 11, 26)) == ["Put off to 26 Nov 2026"]
    assert told(move, task_list=home) == ["Moved to Home"]
    assert told(move, section=kitchen) == ["Moved to section Kitchen"]
    assert told(move, parent=parent) == ["Moved below “Parent”"]
    assert told(move, parent=None) == ["No longer a sub-task"]
    assert told(move, before=parent) == ["Moved among the others"]
    assert told(change, start_on=MONDAY) == ["Starts on 23 Nov 2026"]
    assert told(change, start_on=None) == ["No longer has a start"]
    words = ["Repeats: every! 3 days"]
    assert told(change, rule="FREQ=DAILY;INTERVAL=3", repeats_from="completion") == words
    assert told(change, repeats_from="due") == ["Repeats from the day it is due"]
    assert told(change, rule="") == ["No longer repeats"]
    assert told(operations.complete_task) == ["Completed"]


def test_what_was_missed_is_told(by_alice: Actor) -> None:
    task = make_task(by_alice, due_on=date(2026, 11, 20), rule="FREQ=DAILY")
    operations.complete_task(task, by=by_alice)
    assert "2 were missed" in last_words(task)


def test_the_activity_tells_all_that_was_changed(page: Client, by_alice: Actor, bob: User) -> None:
    make_task(Actor(bob), "theirs")
    task = make_task(by_alice, "Milk", tags=["errand"])
    home, _ = operations.create_list(by=by_alice, name="Home")
    operations.change_list(home, by=by_alice, name="House", color="red")
    operations.create_section(by=by_alice, task_list=home, name="Kitchen")
    operations.trash_task(make_task(by_alice, "Gone"), by=by_alice)
    operations.erase_task(Task.objects.get(title="Gone"), by=by_alice)
    operations.delete_tag(Tag.objects.get(), by=by_alice)
    words = text_of(page.get("/activity"))
    for told in ("Milk", "House", "Kitchen", "errand", "Today", "Colour: Red"):
        assert told in words
    assert "Something that was deleted for good" in words and "theirs" not in words
    words = text_of(page.get(f"/activity?task={task.pk}"))
    assert "What was changed of “Milk”" in words and "House" not in words
    assert page.get("/activity?task=999999").status_code == 404


def test_older_changes_are_on_the_next_page(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    for number in range(60):
        operations.change_task(task, by=by_alice, title=f"title {number}")
    answer = page.get("/activity")
    older = answer.context["older"]
    assert answer.content.count(b"<p>Renamed") == 50
    assert page.get(f"/activity?before={older}").content.count(b"<p>Renamed") == 10
    words = text_of(page.get(f"/tasks/{task.pk}"))
    assert words.count("Renamed from") == 3 and "All changes" in words


def test_one_change_or_all_that_were_made_together_are_undone(
    page: Client, by_alice: Actor
) -> None:
    tasks = [make_task(by_alice, name) for name in ("one", "two", "three")]
    ticks = [f"{task.pk}/" for task in tasks]
    page.post("/tasks/bulk", {"task": ticks, "do": "priority", "priority": "1"})
    assert "Undo these 3 together" in text_of(page.get("/activity"))
    first = Change.objects.of(tasks[0])[0]
    post(page, f"/changes/{first.pk}/undo", next="/activity")
    assert Task.objects.filter(priority=1).count() == 2
    post(page, f"/changes/{first.pk}/undo", together="1")
    assert not Task.objects.filter(priority=1).exists()


def test_what_one_device_did_is_undone_since_a_moment(
    page: Client, by_alice: Actor, alice: User
) -> None:
    phone = open_session(alice, client="token", caller=Caller(), label="My phone")
    by_phone = Actor(alice, phone.pk)
    task = make_task(by_alice)
    operations.change_task(task, by=by_phone, title="early", at=NOW - timedelta(hours=3))
    operations.change_task(task, by=by_alice, description="kept", at=NOW - timedelta(hours=2))
    operations.change_task(task, by=by_phone, priority=1, at=NOW - timedelta(hours=1))
    make_task(by_phone, "made by the phone")
    address = f"/activity?device={phone.pk}"
    words = text_of(page.get(address))
    assert "What “My phone” did" in words and "Description changed" not in words
    assert f"?device={phone.pk}" in page.get("/devices").content.decode()
    data = {"device": str(phone.pk), "since": "2026-11-23T10:30", "next": address}
    answer = page.post("/activity/undo", data)
    assert answer.url == address
    assert "2 changes undone." in text_of(page.get("/today"))
    task.refresh_from_db()
    assert (task.title, task.description, task.priority) == ("early", "kept", 4)
    assert Task.objects.get(title="made by the phone").trashed_at


def test_nobody_undoes_what_another_persons_device_did(page: Client, bob: User) -> None:
    session = uuid.uuid4()
    task = make_task(Actor(bob, session))
    page.post("/activity/undo", {"device": str(session), "since": "2020-01-01T00:00"})
    task.refresh_from_db()
    assert task.trashed_at is None
    assert "Buy oat milk" not in text_of(page.get(f"/activity?device={session}"))


def test_deleting_a_tag_is_undone(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["errand"])
    html = post(page, f"/tags/{Tag.objects.get().pk}/delete")
    pk = re.findall(r'action="/changes/(\d+)/undo"', html)[0]
    post(page, f"/changes/{pk}/undo", together="1")
    assert task.tags.get().name == "errand"


def test_undoing_a_new_tag_leads_to_a_page(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["errand"])
    operations.change_task(task, by=by_alice, tags=[])
    made = Change.objects.get(object_kind=Change.Object.TAG)
    assert page.post(f"/changes/{made.pk}/undo").url == "/activity"
    assert not Tag.objects.exists()


@pytest.mark.parametrize("query", ["device=x", "task=x", "task=0", "before=x"])
def test_an_address_that_makes_no_sense_shows_nothing(
    page: Client, by_alice: Actor, query: str
) -> None:
    make_task(by_alice)
    assert page.get(f"/activity?{query}").status_code == 404


def test_a_moment_that_was_refused_is_shown_again(page: Client) -> None:
    phone = uuid.uuid4()
    answer = page.post("/activity/undo", {"device": str(phone), "since": "soon"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "valid date/time" in html
    assert 'value="soon"' in html and f'value="{phone}"' in html
    assert f'value="/activity?device={phone}"' in html
    assert page.post("/activity/undo", {"device": "x"}).status_code == 404
    assert page.get("/activity/undo").url == "/activity"


def test_it_is_told_that_nothing_was_undone(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    first = operations.change_task(task, by=by_alice, title="Milk").noted
    operations.change_task(task, by=by_alice, title="Oat milk")
    html = post(page, f"/changes/{first.pk}/undo", next="/inbox")
    assert "Nothing was undone: Oat milk changed" in html
