"""What is swept regularly: old trash, and changes too old to be undone."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from accounts.actor import Actor
from accounts.background import sweep
from accounts.errors import Conflict
from accounts.models import User
from todos import operations, search
from todos.models import Change, StoredAnswer, Task, TaskList, Transfer
from todos.models.answers import KEPT_FOR

CHANGES_AT_ONCE = 500

logger = logging.getLogger(__name__)


class SweepFailed(Exception):
    """Some of a sweep could not be done."""


@sweep(every=timedelta(days=1))
def erase_old_trash(at: datetime) -> None:
    """Erase what has lain in the trash for `TRASH_DAYS`, one owner after the other.

    Where that fails for one, the others' is erased all the same; then the sweep fails.
    """
    long_ago = at - timedelta(days=settings.TRASH_DAYS)
    old_trash = Q(trashed_at__lt=long_ago)
    owners = set(Task.objects.filter(old_trash).values_list("owner", flat=True))
    owners |= set(TaskList.objects.filter(old_trash).values_list("owner", flat=True))
    failed = 0
    for owner in User.objects.filter(pk__in=owners).order_by("pk"):
        try:
            operations.empty_trash(owner, by=Actor(owner), before=long_ago, at=at)
        except Conflict:  # The account was closed in the meantime.
            continue
        except Exception as error:
            failed += 1
            # The kind alone: what it says may be of a task.
            logger.warning("Trash of user %s: %s", owner.pk, type(error).__qualname__)
    if failed:
        raise SweepFailed(f"The trash of {failed} people was not erased.")


@sweep(every=timedelta(days=1))
def erase_old_changes(at: datetime) -> None:
    """Erase the changes that are too old to be undone, some at a time: a journal may be long."""
    old = Change.objects.filter(at__lt=at - timedelta(days=settings.CHANGE_DAYS)).order_by("at")
    while some := list(old.values_list("pk", flat=True)[:CHANGES_AT_ONCE]):
        Change.objects.filter(pk__in=some).delete()


@sweep(every=timedelta(days=1))
def forget_erased_words(at: datetime) -> None:
    search.forget_erased()


@sweep(every=timedelta(hours=1))
def erase_old_answers(at: datetime) -> None:
    """Erase the answers that are not given again any more."""
    StoredAnswer.objects.filter(created_at__lte=at - KEPT_FOR).delete()


@sweep(every=timedelta(hours=1))
def erase_old_transfers(at: datetime) -> None:
    """Erase the files that were made of accounts, or brought for them, after `EXPORT_DAYS`."""
    Transfer.objects.filter(asked_at__lt=at - timedelta(days=settings.EXPORT_DAYS)).delete()
