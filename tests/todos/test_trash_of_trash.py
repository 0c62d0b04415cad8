"""What lies in the trash comes back with what took it there, whatever else went there since."""

from __future__ import annotations

from accounts.actor import Actor
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Task


def test_a_restore_undone_while_the_leader_lies_there_with_its_list_strands_nothing(
    by_alice: Actor,
) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    parent = make_task(by_alice, "parent", task_list=home)
    child = make_task(by_alice, "child", parent=parent)
    operations.trash_task(parent, by=by_alice)
    restored = operations.restore_task(Task.objects.get(pk=child.pk), by=by_alice).noted
    operations.restore_task(Task.objects.get(pk=parent.pk), by=by_alice)
    operations.trash_list(home, by=by_alice)
    operations.restore_task(Task.objects.get(pk=child.pk), by=by_alice)
    operations.undo_change(restored, by=by_alice)
    operations.restore_list(home, by=by_alice)
    child.refresh_from_db()
    assert child.trashed_with in {None, child.uid}
