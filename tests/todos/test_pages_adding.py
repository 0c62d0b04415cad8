"""Adding on the pages: one line with all that it says, chips of it, several lines."""

import re
from datetime import UTC, date, datetime, time
from html import unescape

import pytest
import time_machine
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_pages import post, text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Tag, Task, TaskList

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINE = "Pay rent tomorrow 9am #home @bank p2"


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def home(by_alice: Actor) -> TaskList:
    return operations.create_list(by=by_alice, name="Home")[0]


def test_a_line_says_all_of_a_task(page: Client, home: TaskList) -> None:
    html = post(page, "/tasks/add", title=LINE, next="/inbox")
    task = Task.objects.get()
    assert (task.title, task.task_list, task.priority) == ("Pay rent", home, 2)
    assert (task.due_on, task.due_time) == (date(2026, 11, 24), time(9))
    assert task.tags.get().name == "bank"
    assert "Added: Pay rent (Tue 24 Nov · 09:00 · #Home · @bank · High priority)" in html


def test_the_page_says_what_the_line_does_not(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    hidden = {"task_list": str(home.pk), "due_on": "2026-11-23", "tags": "errand"}
    post(page, "/tasks/add", title="Plain", **hidden)
    plain = Task.objects.get(title="Plain")
    assert (plain.task_list, plain.due_on) == (home, date(2026, 11, 23))
    post(page, "/tasks/add", title="Other friday @call", **hidden)
    other = Task.objects.get(title="Other")
    assert other.due_on == date(2026, 11, 27)
    assert {tag.name for tag in other.tags.all()} == {"errand", "call"}


def test_undo_takes_back_the_task_and_its_new_tag(page: Client, home: TaskList) -> None:
    html = post(page, "/tasks/add", title=LINE)
    pk = re.findall(r'action="/changes/(\d+)/undo"', html)[0]
    post(page, f"/changes/{pk}/undo", together="1")
    assert Task.objects.get().trashed_at
    assert not Tag.objects.exists()


def test_the_line_is_kept_as_plain_text_on_demand(page: Client, home: TaskList) -> None:
    html = post(page, "/tasks/add", title=LINE, task_list=str(home.pk))
    assert "Keep it as plain text" in html
    change = re.findall(r'name="change" value="(\d+)"', html)[0]
    html = post(page, "/tasks/add/as-text", change=change, next="/inbox")
    assert f"Added: {LINE}" in html and "Keep it as plain text" not in html
    task = Task.objects.get(trashed_at=None)
    assert (task.title, task.due_on, task.task_list) == (LINE, None, home)
    post(page, "/tasks/add/as-text", change=change)
    assert Task.objects.count() == 2


def test_plain_text_is_without_the_marks_that_kept_something_literal(page: Client) -> None:
    html = post(page, "/tasks/add", title="Call Ann \\tomorrow 5pm p1 @x")
    change = re.findall(r'name="change" value="(\d+)"', html)[0]
    post(page, "/tasks/add/as-text", change=change, next="/inbox")
    assert Task.objects.get(trashed_at=None).title == "Call Ann tomorrow 5pm p1 @x"


def test_a_plain_line_offers_no_other_reading(page: Client) -> None:
    assert "Keep it as plain text" not in post(page, "/tasks/add", title="The 5th Wave")


def test_a_list_that_is_unknown_stays_in_the_title_with_a_hint(page: Client) -> None:
    html = post(page, "/tasks/add", title="Paint #hme")
    assert Task.objects.get().title == "Paint #hme"
    assert TaskList.objects.count() == 1
    assert "hme" in html[html.index("Added") + len("Added: Paint #hme") :].partition("</p>")[0]


def test_chips_show_what_is_understood_and_how_to_keep_it_as_text(
    page: Client, home: TaskList
) -> None:
    answer = page.get("/tasks/add/preview", {"title": "Pay rent every day #home"})
    html = unescape(answer.content.decode())
    assert "<html" not in html and not Task.objects.exists()
    assert re.findall(r'data-line="(.*?)" aria', html) == [
        'Pay rent "every day" #home',
        "Pay rent every day \\#home",
    ]
    assert ">every day, first Mon 23 Nov<" in html and ">#Home<" in html
    below = page.get("/tasks/add/preview", {"title": "Pay #home", "below": "1"})
    assert "data-line" not in below.content.decode()
    for title in ("", " ", "x" * 2000):
        assert page.get("/tasks/add/preview", {"title": title}).status_code == 200


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("call at 9", ["Tue 24 Nov, 09:00"]),
        ("Call in 2 hours", ["Mon 23 Nov, 14:00"]),
        ("Call tomorrow 9am", ["Tue 24 Nov", "09:00"]),
        ("Book flights 27 jan", ["Wed 27 Jan 2027"]),
        ("Vitamin every morning", ["every day, first Tue 24 Nov, 09:00"]),
        ("Vitamin every day 9am", ["every day, first Tue 24 Nov", "09:00"]),
        ("Vitamin tonight every day", ["Mon 23 Nov, 21:00", "every day"]),
        ("Vitamin tomorrow every! 3 days", ["Tue 24 Nov", "every! 3 days"]),
    ],
)
def test_chips_show_what_will_be_stored(page: Client, line: str, words: list[str]) -> None:
    html = unescape(page.get("/tasks/add/preview", {"title": line}).content.decode())
    assert re.findall(r'">([^<]+)<svg', html) == words


def test_the_next_dates_of_a_repetition_are_told_before_it_is_saved(page: Client) -> None:
    html = page.get("/tasks/add/preview", {"title": "Vitamin every morning"}).content.decode()
    days = " · ".join(f"{day} Nov 2026, 09:00" for day in ("Tue 24", "Wed 25", "Thu 26", "Fri 27"))
    assert f"Next: {days} · Sat 28 Nov 2026, 09:00<" in html
    plain = page.get("/tasks/add/preview", {"title": "Vitamin tomorrow"}).content.decode()
    assert "Next:" not in plain


def test_several_lines_become_a_tree_of_tasks(page: Client, by_alice: Actor) -> None:
    assert page.get("/tasks/add?many").status_code == 200
    html = post(page, "/tasks/add", title="- Trip friday\r\n  - Pack\r\n    - Shoes\r\n- Home")
    assert "4 tasks added." in html
    trip, pack = Task.objects.get(title="Trip"), Task.objects.get(title="Pack")
    assert (trip.due_on, pack.parent) == (date(2026, 11, 27), trip)
    assert Task.objects.get(title="Shoes").parent == pack
    pk = re.findall(r'action="/changes/(\d+)/undo"', html)[0]
    post(page, f"/changes/{pk}/undo", together="1")
    assert not Task.objects.filter(trashed_at=None).exists()


def test_what_is_wrong_with_a_line_is_told_and_nothing_is_added(page: Client) -> None:
    answer = page.post("/tasks/add", {"title": "one\n" + "x" * 300})
    assert answer.status_code == 422
    assert "Line 2:" in text_of(answer) and "<textarea" in answer.content.decode()
    assert "x" * 300 in answer.content.decode()
    assert not Task.objects.exists()
    answer = page.post("/tasks/add", {"title": "\n".join("x" * 101)})
    assert answer.status_code == 422 and "100 lines" in text_of(answer)


def test_the_field_for_several_lines_adds_what_its_page_adds(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    html = page.get(f"/lists/{home.pk}").content.decode()
    address = unescape(re.findall(r'href="(/tasks/add\?[^"]*)"', html)[0])
    html = page.get(address).content.decode()
    assert f'name="task_list" value="{home.pk}"' in html
    assert f'name="next" value="/lists/{home.pk}"' in html


def test_nobody_adds_to_what_is_another_persons(page: Client, bob: User) -> None:
    theirs = make_task(Actor(bob))
    section, _ = operations.create_section(by=Actor(bob), task_list=theirs.task_list, name="Later")
    for hidden in ({"parent": theirs.pk}, {"section": section.pk}):
        assert page.post("/tasks/add", {"title": "x", **hidden}).status_code == 422


def uid_of(page: Client, address: str = "/inbox") -> str:
    html = page.get(address).content.decode()
    return re.findall(r'name="uid" value="([^"]+)"', html)[0]


@pytest.mark.parametrize(("text", "number"), [("Milk @shop", 1), ("Trip\n  Pack", 2)])
def test_a_double_click_adds_once_and_offers_the_undo(page: Client, text: str, number: int) -> None:
    uid = uid_of(page)
    page.post("/tasks/add", {"title": text, "uid": uid})
    page.get("/inbox")
    html = post(page, "/tasks/add", title=text, uid=uid)
    assert Task.objects.count() == number
    assert "Added: Milk" in html if number == 1 else "2 tasks added." in html
    pk = re.findall(r'action="/changes/(\d+)/undo"', html)[0]
    post(page, f"/changes/{pk}/undo", together="1")
    assert not Task.objects.filter(trashed_at=None).exists()
    post(page, "/tasks/add", title=text, uid=uid)
    assert Task.objects.filter(trashed_at=None).count() == number


def test_a_page_brought_back_adds_another_line(page: Client) -> None:
    uid = uid_of(page)
    assert uid != uid_of(page)
    for title in ("Milk", "Bread"):
        post(page, "/tasks/add", title=title, uid=uid)
    assert Task.objects.count() == 2


def test_a_line_that_was_refused_keeps_its_place(
    page: Client, by_alice: Actor, home: TaskList
) -> None:
    parent = make_task(by_alice, task_list=home)
    data = {"parent": parent.pk, "due_on": "2026-11-23", "next": f"/lists/{home.pk}"}
    answer = page.post("/tasks/add", {"title": "x" * 300, **data})
    html = unescape(answer.content.decode())
    assert answer.status_code == 422 and "/tasks/add/preview?below=1" in html
    address = re.findall(r'href="(/tasks/add\?[^"]*)"', html)[0]
    html = page.get(address).content.decode()
    assert f'name="parent" value="{parent.pk}"' in html and "x" * 300 in html
    assert 'name="due_on" value="2026-11-23"' in html
    assert f'name="next" value="/lists/{home.pk}"' in html
