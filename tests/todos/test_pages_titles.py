"""Changing a title by itself."""

from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from tests.todos.test_pages import post, text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change


def test_a_title_is_changed_and_the_page_comes_back_with_undo(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice, "Milk")
    assert 'value="Milk"' in page.get(f"/tasks/{task.pk}/title?next=/inbox").content.decode()
    html = post(page, f"/tasks/{task.pk}/title", title="Oat milk", was="Milk", next="/inbox")
    assert "Saved: Oat milk" in html
    change = Change.objects.of(task)[0]
    assert (change.before, change.after) == ({"title": "Milk"}, {"title": "Oat milk"})
    assert f"/changes/{change.pk}/undo" in html


def test_a_title_that_somebody_changed_meanwhile_is_told(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, "Milk")
    operations.change_task(task, by=by_alice, title="Rice milk")
    answer = page.post(f"/tasks/{task.pk}/title", {"title": "Oat milk", "was": "Milk"})
    assert answer.status_code == 422
    assert "It is now: Rice milk" in text_of(answer)
    assert 'value="Oat milk"' in answer.content.decode()
    html = post(page, f"/tasks/{task.pk}/title", title="Oat milk", was="Rice milk")
    assert "Saved: Oat milk" in html


def test_another_change_meanwhile_does_no_harm(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, "Milk")
    operations.change_task(task, by=by_alice, priority=1)
    post(page, f"/tasks/{task.pk}/title", title="Oat milk", was="Milk")
    task.refresh_from_db()
    assert (task.title, task.priority) == ("Oat milk", 1)


def test_a_change_between_reading_and_writing_is_looked_at_again(
    page: Client, by_alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task(by_alice, "Milk")
    expecting = operations.expecting

    def overtaken(*args: Any, **named: Any) -> Any:
        monkeypatch.undo()
        operations.change_task(task, by=by_alice, title="Rice milk")
        return expecting(*args, **named)

    monkeypatch.setattr(operations, "expecting", overtaken)
    answer = page.post(f"/tasks/{task.pk}/title", {"title": "Oat milk", "was": "Milk"})
    assert answer.status_code == 422 and "It is now: Rice milk" in text_of(answer)


def test_no_title_and_a_long_one_are_refused_beside_the_field(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice, "Milk")
    for title, words in (("", "This field is required."), ("x" * 201, "200")):
        answer = page.post(f"/tasks/{task.pk}/title", {"title": title, "was": "Milk"})
        assert answer.status_code == 422 and words in text_of(answer)
        assert 'aria-invalid="true"' in answer.content.decode()


def test_a_title_is_saved_and_steps_below_the_task_above_it(page: Client, by_alice: Actor) -> None:
    above, task = make_task(by_alice, "Shopping"), make_task(by_alice, "Milk")
    sent = {"title": "Oat milk", "was": "Milk", "way": "in", "next": "/inbox"}
    html = post(page, f"/tasks/{task.pk}/title", **sent)
    assert "Saved: Oat milk" in html and "Now a sub-task of “Shopping”" in html
    task.refresh_from_db()
    assert task.parent == above
    sent |= {"was": "Oat milk", "way": "out"}
    html = post(page, f"/tasks/{task.pk}/title", **sent)
    assert "Saved" not in html
    task.refresh_from_db()
    assert task.parent is None
