"""Closing an account erases all that was in it, however much that was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_init
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.actor import Actor
from accounts.models import User
from accounts.operations import close_account
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Task, TaskList
from todos.operations import closing
from todos.transfers import files, jobs


def fill(user: User) -> None:
    by, soon = Actor(user), timezone.now() + timedelta(days=1)
    task_list, _ = operations.create_list(by=by, name="Home")
    section, _ = operations.create_section(by=by, task_list=task_list, name="Kitchen")
    parent = make_task(by, "parent", section=section, tags=["one"], due_on=soon.date())
    child = make_task(by, "child", parent=parent)
    operations.add_comment(child, by=by, text="Well said")
    operations.add_reminder(parent, by=by, minutes_before=1)
    done = operations.complete_task(child, by=by)
    operations.undo_change(done.noted, by=by)
    operations.complete_task(child, by=by)
    operations.create_filter(by=by, name="One", query="@one")
    operations.trash_list(task_list, by=by)
    transfer, _ = jobs.ask_for_export(user, at=timezone.now())
    files.keep_file(transfer, [b"PK", b"PK"])


def test_nothing_is_left_and_another_persons_rows_stay(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "AT_ONCE", 1)
    fill(alice)
    fill(bob)
    models = [model for model in apps.get_models() if model.__module__.startswith("todos.")]
    of_both = {model: model._base_manager.count() for model in models}
    jobs = DBTaskResult.objects.count()
    close_account(alice)
    assert {model: 2 * model._base_manager.count() for model in models} == of_both
    assert 2 * DBTaskResult.objects.count() == jobs
    assert TaskList.objects.filter(owner=bob).count() == 2
    connection.check_constraints()


def test_no_task_is_loaded_to_be_erased(alice: User) -> None:
    fill(alice)
    loaded: list[Task] = []

    def note(sender: type[Task], instance: Task, **_: Any) -> None:
        loaded.append(instance)

    post_init.connect(note, sender=Task)
    try:
        close_account(alice)
    finally:
        post_init.disconnect(note, sender=Task)
    assert loaded == []
