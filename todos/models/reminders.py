"""Mails that remind of a task, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import User
from todos.models.tasks import Task

if TYPE_CHECKING:
    from django.db.models import Manager

MOST_MINUTES_BEFORE = 366 * 24 * 60


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> Self:
        """Reminders of tasks outside the trash that `user` may see, the soonest first."""
        return self.filter(owner=user, task__trashed_at=None).soonest_first()

    def soonest_first(self) -> Self:
        return self.order_by(F("fires_at").asc(nulls_last=True), "pk")


class Reminder(models.Model):
    """A mail about a task: at a moment, or so many minutes before the task is due."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="reminders")
    uid = models.UUIDField(default=uuid7, editable=False)
    remind_at = models.DateTimeField(_("at"), null=True, blank=True)
    minutes_before = models.PositiveIntegerField(
        _("minutes before"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_MINUTES_BEFORE)],
    )
    # None while there is no day to reckon from.
    fires_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    last_error = models.CharField(max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Manager[Reminder]] = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = [models.Index(fields=["owner", "task", "id"], name="reminder_of_owner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(remind_at=None, minutes_before__isnull=False)
                | Q(remind_at__isnull=False, minutes_before=None),
                name="reminder_one_way",
                violation_error_message=_("Say when, or how many minutes before it is due."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.fires_at or self.minutes_before}"
