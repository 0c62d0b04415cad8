"""Erasing all that a person has, when their account is closed."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from todos.models import (
    Change,
    Comment,
    Completion,
    Journal,
    Reminder,
    SearchText,
    StoredAnswer,
    Task,
    TaskTag,
    TransferChunk,
)
from todos.operations.journal import AT_ONCE

# What there may be very many rows of, in an order in which none refers to one that is gone.
MANY: tuple[type[models.Model], ...] = (
    SearchText,
    TaskTag,
    Comment,
    Reminder,
    Completion,
    StoredAnswer,
    Change,
    TransferChunk,
    Task,
)


def erase_all_of(user: User) -> None:
    """Delete the tasks of `user` and all that is about them, within a transaction.

    Nobody writes them meanwhile. Some at a time, and without loading them: there may be a hundred
    thousand, and a statement has a limit of time. What is left is little, and goes with the person.
    """
    Journal.objects.select_for_update().filter(owner=user).first()
    for model in MANY:
        rows = model._base_manager.filter(owner=user)
        while pks := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
            rows.filter(pk__in=pks)._raw_delete(rows.db)
