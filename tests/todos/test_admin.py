"""The admin of lists, tasks and tags."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import browser_of, make_user
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Completion, Reminder, Tag, Task, TaskList


@pytest.fixture
def operator(db: None) -> Client:
    return browser_of(make_user("Olga", is_staff=True, is_superuser=True))


def form_of(answer: object) -> dict[str, object]:
    """What a browser would send back of the form on an admin page."""
    form = answer.context["adminform"].form  # type: ignore[attr-defined]
    return {bound.html_name: bound.value() or "" for bound in form}


def test_every_kind_is_listed_and_shown(operator: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["a"])
    operations.complete_task(task, by=by_alice)
    rows = (
        task,
        task.task_list,
        Tag.objects.get(),
        Change.objects.first(),
        Completion.objects.get(),
        operations.add_comment(task, by=by_alice, text="Words"),
        operations.add_reminder(task, by=by_alice, minutes_before=5)[0],
        operations.create_filter(by=by_alice, name="Urgent", query="p1"),
        operations.create_section(by=by_alice, task_list=task.task_list, name="Soon")[0],
    )
    for row in rows:
        name = f"admin:todos_{row._meta.model_name}"  # type: ignore[union-attr]
        assert operator.get(reverse(f"{name}_changelist")).status_code == 200
        assert operator.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200  # type: ignore[union-attr]


def test_what_an_operator_changes_is_journalled(operator: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, due_on="2026-11-23")
    route = reverse("admin:todos_task_change", args=[task.pk])
    data = form_of(operator.get(route)) | {"title": "Other", "due_on": "2026-11-24"}
    assert operator.post(route, data).status_code == 302
    change = Change.objects.of(task)[0]
    assert change.by == User.objects.get(email="olga@example.com")
    assert change.after == {"title": "Other", "due_on": "2026-11-24"}
    assert LogEntry.objects.get().object_repr == str(task.pk)


def test_what_became_of_a_reminder_is_shown(operator: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, due_on="2030-01-01")
    operations.add_reminder(task, by=by_alice, minutes_before=5)
    Reminder.objects.update(attempts=3, last_error="451 Try again later")
    shown = operator.get(reverse("admin:todos_reminder_changelist")).content.decode()
    assert "451 Try again later" in shown


def test_a_refusal_is_told(operator: Client, by_alice: Actor) -> None:
    operations.create_tag(by=by_alice, name="one")
    two = operations.create_tag(by=by_alice, name="two")
    route = reverse("admin:todos_tag_change", args=[two.pk])
    answer = operator.post(route, {"name": "ONE", "color": "red"}, follow=True)
    assert "You have a tag with this name already." in answer.content.decode()


def test_actions_use_the_operations(operator: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    route = reverse("admin:todos_task_changelist")
    for action in ("complete", "move_to_trash", "restore"):
        operator.post(route, {"action": action, "_selected_action": [task.pk]})
    kinds = [change.kind for change in Change.objects.of(task)]
    assert kinds == ["restored", "trashed", "completed", "created"]


def test_nothing_is_added_or_deleted_behind_the_owners_back(
    operator: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    assert operator.get(reverse("admin:todos_task_add")).status_code == 403
    delete = reverse("admin:todos_task_delete", args=[task.pk])
    assert operator.post(delete, {"post": "yes"}).status_code == 403
    inbox = reverse("admin:todos_tasklist_change", args=[task.task_list_id])
    operator.post(inbox, {"name": "Other", "color": "red"})
    assert TaskList.objects.get(pk=task.task_list_id).name == "Inbox"
    assert Task.objects.exists()


def test_only_staff_come_in(alice: User, by_alice: Actor) -> None:
    answer = browser_of(alice).get(reverse("admin:todos_task_changelist"))
    assert answer.status_code in {302, 403}
