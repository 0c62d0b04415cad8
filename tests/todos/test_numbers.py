"""The numbers of the journal: one for each change, none for what changes nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Journal


def numbers(alice: User) -> list[int]:
    return list(
        Change.objects.filter(owner=alice).order_by("number").values_list("number", flat=True)
    )


@pytest.mark.django_db
def test_what_changes_nothing_takes_no_number(alice: User, by_alice: Actor) -> None:
    task = make_task(by_alice, "Milk")
    operations.change_task(task, by=by_alice, title="Milk")
    operations.reopen_task(task, by=by_alice)
    with pytest.raises(ValidationError):
        operations.create_task(by=by_alice, title="")
    with pytest.raises(ValidationError), transaction.atomic():
        operations.change_task(task, by=by_alice, title="")
    operations.create_task(by=by_alice, title="Milk", uid=task.uid)
    assert Journal.objects.get(owner=alice).last_number == 1
    operations.complete_task(task, by=by_alice)
    operations.complete_task(task, by=by_alice)
    assert numbers(alice) == [1, 2]
    assert Journal.objects.get(owner=alice).last_number == 2


@pytest.mark.django_db
def test_several_changes_have_numbers_in_a_row(alice: User, by_alice: Actor) -> None:
    make_task(by_alice, "Milk", tags=["a", "b"])
    assert numbers(alice) == [1, 2, 3]
    with operations.writing(alice, by=by_alice) as writer:
        with pytest.raises(ValidationError), writer.attempt():
            make_task(by_alice, "lost")
            make_task(by_alice, "")
        make_task(by_alice, "Oats")
    make_task(by_alice, "Bread")
    assert numbers(alice) == [1, 2, 3, 4, 5]
    assert Journal.objects.get(owner=alice).last_number == 5
