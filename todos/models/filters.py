"""Filters that are kept under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.fields import LineField
from accounts.models import User

if TYPE_CHECKING:
    from django.db.models import Manager


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: User) -> Self:
        """Filters of `user`, by name."""
        return self.filter(owner=user).order_by("name", "pk")


class SavedFilter(models.Model):
    """A question about tasks in the language of `todos.filters`, with a name."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    uid = models.UUIDField(default=uuid7, editable=False)
    name = LineField(_("name"), max_length=100)
    query = LineField(_("filter"), max_length=500)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Manager[SavedFilter]] = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("filter")
        verbose_name_plural = _("filters")
        indexes = [models.Index(fields=["owner", "name", "id"], name="filter_of_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("todos:filter", args=[self.pk])
