"""What was done, and when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import User
from todos.models.tasks import Task

if TYPE_CHECKING:
    from django.db.models import Manager


class CompletionQuerySet(models.QuerySet["Completion"]):
    def visible_to(self, user: User) -> Self:
        """What `user` did, but for tasks in the trash; the latest first."""
        mine = self.filter(owner=user, task__isnull=False, task__trashed_at=None)
        return mine.order_by("-completed_at", "-pk")

    def since(self, moment: datetime) -> Self:
        return self.filter(completed_at__gte=moment)


class Completion(models.Model):
    """One completion of a task: of the occurrence that was due then, where the task repeats.

    It outlives a task that is erased, with nothing of its text, so that numbers stay true.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="completions", db_index=False)
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="completions")
    uid = models.UUIDField(default=uuid7, editable=False)
    # As `Task.occurrence`, "" where it had no day.
    occurrence = models.CharField(max_length=16, blank=True)
    # As `Task.original_on` was then.
    original_on = models.DateField(null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"))
    # How many occurrences before the next one passed undone.
    missed = models.PositiveIntegerField(_("missed"), default=0)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[Manager[Completion]] = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        indexes = [
            models.Index(F("owner"), F("completed_at").desc(), name="completion_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.completed_at:%Y-%m-%d %H:%M}"
