"""What follows, within the same transaction, when a person appears, is elsewhere, or leaves."""

from typing import Any

from django.db.models import F
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.signals import account_closing, database_restored
from todos import reminders
from todos.models import Journal, Task, TaskList
from todos.operations.closing import erase_all_of
from todos.tasks import forget_jobs
from todos.transfers import jobs as transfer_jobs

# More than are written between two backups.
MOST_CHANGES = 1_000_000
MOST_VERSIONS = 1_000


@receiver(post_save, sender=User, dispatch_uid="todos.prepare")
def prepare(sender: type[User], instance: User, created: bool, raw: bool, **_: Any) -> None:
    """Give a new person their inbox and their journal."""
    if created and not raw:
        Journal.objects.create(owner=instance)
        TaskList.objects.create(owner=instance, name=gettext("Inbox"), is_inbox=True)


@receiver(post_save, sender=User, dispatch_uid="todos.follow_zone")
def follow_zone(
    sender: type[User],
    instance: User,
    created: bool,
    raw: bool,
    update_fields: frozenset[str] | None,
    **_: Any,
) -> None:
    """Let reminders go by the clock of the time zone that a person is in now."""
    if not (created or raw) and (update_fields is None or "time_zone" in update_fields):
        reminders.follow_zone(instance, at=timezone.now())


@receiver(account_closing, dispatch_uid="todos.erase_all")
def erase_all(sender: type[User], user: User, **_: Any) -> None:
    # Which jobs are theirs is known by what is then erased.
    forget_jobs(user)
    transfer_jobs.forget_jobs(user)
    erase_all_of(user)


@receiver(database_restored, dispatch_uid="todos.leave_a_gap")
def leave_a_gap(**_: Any) -> None:
    """Let no number mean two things: what was written after the backup had the next ones.

    Programs that synchronize are told to read everything anew, and an edit of a version that is
    gone is refused.
    """
    Journal.objects.update(last_number=F("last_number") + MOST_CHANGES)
    Task._base_manager.update(version=F("version") + MOST_VERSIONS)
