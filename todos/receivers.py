"""What follows, within the same transaction, when a person appears."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext

from accounts.models import User
from todos.models import Journal, TaskList


@receiver(post_save, sender=User, dispatch_uid="todos.prepare")
def prepare(sender: type[User], instance: User, created: bool, raw: bool, **_: Any) -> None:
    """Give a new person their inbox and their journal."""
    if created and not raw:
        Journal.objects.create(owner=instance)
        TaskList.objects.create(owner=instance, name=gettext("Inbox"), is_inbox=True)
