"""Completing on the pages: the occurrence shown, open sub-tasks, what comes next, and Undo."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from accounts.actor import Actor
from tests.todos.test_pages import post, text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Completion, Task


def for_the_row(task: Task) -> dict[str, str]:
    """What htmx sends when it will put the answer in the place of the row of `task`."""
    here = "http://testserver/inbox?page=2"
    return {"HX-Request": "true", "HX-Target": f"task-{task.pk}", "HX-Current-URL": here}


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"

pytestmark = pytest.mark.usefixtures("page")


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def daily(by_alice: Actor) -> Task:
    return make_task(by_alice, "Take out bins", due_on=NOW.date(), rule="FREQ=DAILY")


@pytest.fixture
def parent(by_alice: Actor) -> Task:
    parent = make_task(by_alice, "Move house")
    for title in ("Pack", "Clean"):
        make_task(by_alice, title, parent=parent)
    return parent


def test_a_row_names_the_occurrence_it_shows(page: Client, daily: Task) -> None:
    html = page.get("/today").content.decode()
    assert f'name="occurrence" value="{MONDAY}"' in html
    assert "every day" in text_of(page.get("/today"))


def test_a_double_click_completes_one_occurrence(page: Client, daily: Task) -> None:
    for _number in range(2):
        answer = page.post(f"/tasks/{daily.pk}/complete", {"done": "1", "occurrence": MONDAY})
        assert answer.status_code == 302
    assert Completion.objects.get().occurrence == MONDAY
    daily.refresh_from_db()
    assert daily.occurrence == TUESDAY


def test_what_comes_next_is_told_with_undo(page: Client, daily: Task) -> None:
    html = post(page, f"/tasks/{daily.pk}/complete", done="1", occurrence=MONDAY)
    assert "Done: Take out bins. Next: Tue 24 Nov" in html
    change = Change.objects.of(daily)[0]
    post(page, f"/changes/{change.pk}/undo", together="1")
    daily.refresh_from_db()
    assert (daily.occurrence, Completion.objects.count()) == (MONDAY, 0)


def test_the_row_says_what_comes_next(page: Client, daily: Task) -> None:
    data = {"done": "1", "occurrence": MONDAY}
    answer = page.post(f"/tasks/{daily.pk}/complete", data, headers=for_the_row(daily))
    words = answer.content.decode()
    assert "Done. Next:" in words and "Tomorrow" in words
    assert 'name="next" value="/inbox?page=2"' in words
    change = Change.objects.of(daily)[0]
    assert f"/changes/{change.pk}/undo" in words


def test_an_occurrence_no_longer_due_is_told_and_shown_anew(page: Client, daily: Task) -> None:
    data = {"done": "1", "occurrence": "2026-11-20"}
    answer = page.post(f"/tasks/{daily.pk}/complete?depth=2", data, headers=for_the_row(daily))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Another occurrence of this task is due." in html.partition('id="status"')[2]
    assert f'name="occurrence" value="{MONDAY}"' in html and "depth-2" in html
    assert "Another occurrence" in post(page, f"/tasks/{daily.pk}/complete", **data)
    assert not Completion.objects.exists()


def test_open_sub_tasks_are_asked_about(page: Client, parent: Task) -> None:
    data = {"done": "1", "occurrence": "", "next": "/inbox"}
    answer = page.post(f"/tasks/{parent.pk}/complete", data)
    assert answer.status_code == 409
    words = text_of(answer)
    assert "It has 2 open sub-tasks." in words and "Pack" in words
    assert 'name="next" value="/inbox"' in answer.content.decode()
    answer = page.post(f"/tasks/{parent.pk}/complete", data, headers=for_the_row(parent))
    html = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in html
    assert "Complete them too" in html and f'href="/inbox" hx-get="/tasks/{parent.pk}/row"' in html
    assert not Completion.objects.exists()


@pytest.mark.parametrize(("children", "number"), [("complete", 3), ("leave", 1)])
def test_sub_tasks_are_completed_or_left_and_one_undo_takes_it_back(
    page: Client, parent: Task, children: str, number: int
) -> None:
    post(page, f"/tasks/{parent.pk}/complete", done="1", occurrence="", children=children)
    assert Task.objects.done().count() == number
    change = Change.objects.of(parent)[0]
    post(page, f"/changes/{change.pk}/undo", together="1")
    assert not Task.objects.done().exists()


def test_a_sub_task_left_open_is_still_on_the_page_of_its_list(page: Client, parent: Task) -> None:
    post(page, f"/tasks/{parent.pk}/complete", done="1", children="leave")
    words = text_of(page.get("/inbox"))
    assert "Move house \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Pack" in words


def test_undoing_several_changes_comes_back_to_the_page(page: Client, parent: Task) -> None:
    post(page, f"/tasks/{parent.pk}/complete", done="1", children="complete")
    change = Change.objects.of(parent)[0]
    html = post(page, f"/changes/{change.pk}/undo", together="1", next="/inbox")
    assert "3 changes undone." in html and "Complete: Move house" in html


def test_undoing_twice_says_so(page: Client, daily: Task) -> None:
    operations.complete_task(daily, by=Actor(daily.owner))
    change = Change.objects.of(daily)[0]
    assert "Undone: Take out bins" in post(page, f"/changes/{change.pk}/undo", together="1")
    assert "undone already" in post(page, f"/changes/{change.pk}/undo", together="1")


def test_skipping_leaves_no_completion(page: Client, daily: Task) -> None:
    html = post(page, f"/tasks/{daily.pk}/skip", occurrence=MONDAY)
    assert "Skipped. Next: Tue 24 Nov" in html
    assert "Another occurrence" in post(page, f"/tasks/{daily.pk}/skip", occurrence=MONDAY)
    daily.refresh_from_db()
    assert (daily.occurrence, Completion.objects.count()) == (TUESDAY, 0)


def test_postponing_is_for_one_occurrence(page: Client, daily: Task) -> None:
    assert "Put off to Thu 26 Nov" in post(page, f"/tasks/{daily.pk}/postpone", day="2026-11-26")
    daily.refresh_from_db()
    assert (daily.due_on, daily.original_on) == (date(2026, 11, 26), NOW.date())


@pytest.mark.parametrize(
    ("day", "words"), [("2300-01-01", "1970 to 2200"), ("", "required"), ("x", "valid date")]
)
def test_a_day_that_was_refused_is_shown_again(
    page: Client, daily: Task, day: str, words: str
) -> None:
    answer = page.post(f"/tasks/{daily.pk}/postpone", {"day": day})
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html
    assert f'name="day" required value="{day}" aria-invalid="true"' in html
    assert f'action="/tasks/{daily.pk}/postpone#occurrence"' in html


def test_an_occurrence_that_is_over_is_not_put_off(page: Client, daily: Task) -> None:
    html = page.get(f"/tasks/{daily.pk}").content.decode()
    shown = re.findall(r'name="version" value="(\d+)"', html)
    operations.complete_task(daily, by=Actor(daily.owner))
    data = {"day": "2026-11-26", "version": shown[0]}
    assert "changed in the meantime" in post(page, f"/tasks/{daily.pk}/postpone", **data)
    daily.refresh_from_db()
    assert daily.occurrence == TUESDAY


def test_completing_for_ever_ends_the_repetition(page: Client, daily: Task) -> None:
    post(page, f"/tasks/{daily.pk}/complete", done="1", occurrence=MONDAY, forever="1")
    daily.refresh_from_db()
    assert daily.is_done


def test_a_row_shows_how_many_sub_tasks_are_done(page: Client, parent: Task) -> None:
    operations.complete_task(Task.objects.get(title="Pack"), by=Actor(parent.owner))
    assert "1/2 sub-tasks done" in text_of(page.get("/tasks"))


def test_a_day_of_fifty_tasks_is_a_small_page(page: Client, by_alice: Actor) -> None:
    for number in range(50):
        rule = {"rule": "FREQ=WEEKLY"} if number % 3 == 0 else {}
        title = f"Buy oat milk and bread {number}"
        make_task(by_alice, title, due_on=NOW.date(), tags=["errand", "phone"], **rule)
    assert len(page.get("/today").content) < 60_000


def test_opening_what_is_open_says_that_nothing_was_changed(page: Client, daily: Task) -> None:
    sent = {"done": "0", "occurrence": MONDAY}
    html = post(page, f"/tasks/{daily.pk}/complete", **sent)
    assert "Nothing was changed: Take out bins" in html and "Open again" not in html
    answer = page.post(f"/tasks/{daily.pk}/complete", sent, headers=for_the_row(daily))
    row = answer.content.decode()
    assert "Nothing was changed: Take out bins" in row.partition('id="status"')[2]
    assert "Complete: Take out bins" in row and "Open again" not in row
