"""The words of tasks, for search."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from todos.models.tasks import Task


class SearchText(models.Model):
    """The words of a task and of its comments, as `todos.search` writes and finds them.

    An index of the database's own kind lies on `words` (migration 0013).
    """

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="search_text")
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["owner", "task"], name="search_text_of_owner")]

    def __str__(self) -> str:
        return f"{self.task_id}"
