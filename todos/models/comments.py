"""What people write about a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import NotesField
from accounts.models import User
from todos.models.tasks import Task

if TYPE_CHECKING:
    from django.db.models import Manager


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: User) -> Self:
        """Comments on tasks outside the trash that `user` may see, the oldest first."""
        return self.filter(owner=user, task__trashed_at=None).order_by("pk")


class Comment(models.Model):
    """A comment on a task, in Markdown."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = NotesField(_("comment"), max_length=10_000)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Manager[Comment]] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index(fields=["owner", "task", "id"], name="comment_of_owner")]

    def __str__(self) -> str:
        return f"{self.task}: {self.created_at:%Y-%m-%d %H:%M}"
