"""Comments on a task: the operation, the page, the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.models import User
from tests.conftest import browser_of, program_of
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Comment, Task
from todos.operations import comments

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def task(by_alice: Actor) -> Task:
    return make_task(by_alice)


def test_a_comment_keeps_who_wrote_it_and_when(task: Task, by_alice: Actor) -> None:
    comment = operations.add_comment(task, by=by_alice, text="Two\r\nlines  ", at=NOON)
    comment.refresh_from_db()
    assert (comment.text, comment.by, comment.created_at) == ("Two\nlines", by_alice.user, NOON)
    assert comment.edited_at is None


def test_only_another_text_is_an_edit(task: Task, by_alice: Actor) -> None:
    comment = operations.add_comment(task, by=by_alice, text="Words", at=NOON)
    later = NOON + timedelta(hours=1)
    operations.change_comment(comment, by=by_alice, text="Words ", at=later)
    assert Comment.objects.get().edited_at is None
    operations.change_comment(comment, by=by_alice, text="Other", at=later)
    changed = Comment.objects.get()
    assert (changed.text, changed.edited_at) == ("Other", later)


@pytest.mark.parametrize("text", ["", "  ", "\u200b\u200d", "\n\t\n", "x" * 10_001, "a\x00b"])
def test_an_empty_or_endless_text_is_refused(
    task: Task, by_alice: Actor, api: APIClient, text: str
) -> None:
    comment = operations.add_comment(task, by=by_alice, text="Words")
    with pytest.raises(ValidationError):
        operations.add_comment(task, by=by_alice, text=text)
    with pytest.raises(ValidationError):
        operations.change_comment(comment, by=by_alice, text=text)
    answer = api.post(f"/api/v1/tasks/{task.pk}/comments/", {"text": text})
    assert answer.status_code == 400
    assert Comment.objects.get().text == "Words"


def test_a_task_has_so_many_comments_at_most(
    task: Task, by_alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "MOST_COMMENTS", 2)
    for text in ("one", "two"):
        operations.add_comment(task, by=by_alice, text=text)
    with pytest.raises(ValidationError, match="2 comments at most"):
        operations.add_comment(task, by=by_alice, text="three")


def test_a_task_in_the_trash_takes_no_comment(task: Task, by_alice: Actor) -> None:
    comment = operations.add_comment(task, by=by_alice, text="Words")
    operations.trash_task(task, by=by_alice)
    for refused in (
        lambda: operations.add_comment(task, by=by_alice, text="More"),
        lambda: operations.change_comment(comment, by=by_alice, text="More"),
        lambda: operations.delete_comment(comment, by=by_alice),
    ):
        with pytest.raises(Conflict) as refusal:
            refused()
        assert refusal.value.status == 404


def test_the_page_shows_markdown_and_takes_a_comment(page: Client, task: Task) -> None:
    address = f"/tasks/{task.pk}"
    answer = page.post(f"{address}/comments", {"text": "**Bold** <script>x</script>"})
    comment = Comment.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{address}#comment-{comment.pk}")
    html = page.get(address).content.decode()
    assert "<strong>Bold</strong> &lt;script&gt;" in html
    assert f'id="comment-{comment.pk}"' in html


def test_the_page_shows_the_description_in_markdown(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, description="- milk\n- *oats*")
    assert "<li><em>oats</em></li>" in page.get(f"/tasks/{task.pk}").content.decode()


def test_a_refused_comment_is_shown_again_with_the_reason(page: Client, task: Task) -> None:
    answer = page.post(f"/tasks/{task.pk}/comments", {"text": "\u200b"})
    assert answer.status_code == 422
    assert "Write something." in text_of(answer)
    answer = page.post(f"/tasks/{task.pk}/comments", {"text": "x" * 10_001})
    assert answer.status_code == 422
    assert "x" * 10_001 in answer.content.decode()


def test_the_page_edits_and_deletes(page: Client, task: Task, by_alice: Actor) -> None:
    comment = operations.add_comment(task, by=by_alice, text="First words")
    edit = f"/comments/{comment.pk}/edit"
    assert "First words" in page.get(edit).content.decode()
    assert page.post(edit, {"text": " "}).status_code == 422
    assert "Comment saved." in page.post(edit, {"text": "Other"}, follow=True).content.decode()
    words = text_of(page.get(f"/tasks/{task.pk}"))
    assert "Other" in words and "edited" in words and "First words" not in words
    page.post(f"/comments/{comment.pk}/delete")
    assert not Comment.objects.exists()


def test_many_comments_come_in_pages_the_latest_first(
    page: Client, task: Task, by_alice: Actor
) -> None:
    for number in range(21):
        operations.add_comment(task, by=by_alice, text=f"comment {number}.")
    words = text_of(page.get(f"/tasks/{task.pk}"))
    assert "comment 0." not in words
    assert words.index("comment 1.") < words.index("comment 20.")
    assert "comment 0." in text_of(page.get(f"/tasks/{task.pk}?comments=2"))


def test_the_api_adds_lists_changes_and_deletes(api: APIClient, task: Task) -> None:
    address = f"/api/v1/tasks/{task.pk}/comments/"
    answer = api.post(address, {"text": "Words"})
    comment = answer.json()
    assert answer.status_code == 201
    assert sorted(comment) == ["created_at", "edited_at", "id", "text"]
    assert (comment["text"], comment["edited_at"]) == ("Words", None)
    api.post(address, {"text": "More"})
    listed = api.get(address).json()
    assert [item["text"] for item in listed["items"]] == ["Words", "More"]
    assert (listed["total"], listed["pages"]) == (2, 1)
    one = f"{address}{comment['id']}"
    changed = api.patch(one, {"text": "Other"}).json()
    assert changed["text"] == "Other" and changed["edited_at"]
    assert api.patch(one, {}).json() == changed
    assert api.delete(one).status_code == 204
    assert api.delete(one).status_code == 404
    assert api.patch(one, {"text": "Late"}).json() == {
        "detail": f"Comment not found with id={comment['id']}"
    }


def test_a_request_sent_again_adds_no_second_comment(api: APIClient, task: Task) -> None:
    address, key = f"/api/v1/tasks/{task.pk}/comments/", {"Idempotency-Key": "one"}
    first, second = (api.post(address, {"text": "Words"}, headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert Comment.objects.count() == 1


def test_comments_come_by_cursor_too(api: APIClient, task: Task, by_alice: Actor) -> None:
    for text in ("one", "two"):
        operations.add_comment(task, by=by_alice, text=text)
    address = f"/api/v1/tasks/{task.pk}/comments/"
    first = api.get(address, {"limit": 1}).json()
    second = api.get(address, {"limit": 1, "cursor": first["next"]}).json()
    assert [first["items"][0]["text"], second["items"][0]["text"]] == ["one", "two"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "text"), ({"text": 5}, "text"), ({"text": "a", "by": 1}, "by"), ({"text": None}, "text"),
     ({"text": "a", "edited_at": "2026-11-23"}, "edited_at")],
)  # fmt: skip
def test_the_api_names_what_it_refuses(
    api: APIClient, task: Task, body: dict[str, object], field: str
) -> None:
    answer = api.post(f"/api/v1/tasks/{task.pk}/comments/", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_comment_is_found_under_its_own_task_alone(
    api: APIClient, task: Task, by_alice: Actor, charlie: User
) -> None:
    comment = operations.add_comment(task, by=by_alice, text="Words")
    other = make_task(by_alice, "Other")
    assert api.delete(f"/api/v1/tasks/{other.pk}/comments/{comment.pk}").status_code == 404
    theirs = make_task(Actor(charlie))
    stranger = program_of(charlie)
    answer = stranger.patch(
        f"/api/v1/tasks/{theirs.pk}/comments/{comment.pk}", {"text": "Not mine"}
    )
    assert answer.json() == {"detail": f"Comment not found with id={comment.pk}"}
    answer = stranger.post(f"/api/v1/tasks/{task.pk}/comments/", {"text": "Hello"})
    assert answer.json() == {"detail": f"Task not found with id={task.pk}"}
    assert browser_of(charlie).post(f"/comments/{comment.pk}/delete").status_code == 404
    assert Comment.objects.get().text == "Words"


def test_comments_go_with_their_task(task: Task, by_alice: Actor) -> None:
    operations.add_comment(task, by=by_alice, text="Words")
    operations.trash_task(task, by=by_alice)
    operations.erase_task(task, by=by_alice)
    assert not Comment.objects.exists()
