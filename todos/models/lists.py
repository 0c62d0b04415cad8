"""Lists of tasks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.fields import LineField
from accounts.models import User
from todos.models.colors import Color
from todos.models.counts import number_of

if TYPE_CHECKING:
    from django.db.models import Manager

    from todos.models.changes import Change


@cache
def in_a_list() -> Coalesce:
    return number_of(owner=OuterRef("owner"), task_list=OuterRef("pk"))


class TaskListQuerySet(models.QuerySet["TaskList"]):
    def visible_to(self, user: User) -> Self:
        """Lists `user` may see, outside the trash, in their order: the inbox first."""
        return self.filter(owner=user, trashed_at=None).order_by("-is_inbox", "position", "pk")

    def trashed_of(self, user: User) -> Self:
        return self.filter(owner=user, trashed_at__isnull=False)

    def active(self) -> Self:
        return self.filter(archived_at=None)

    def with_open_count(self) -> Self:
        """With `open_count`, the number of open tasks outside the trash."""
        return self.annotate(open_count=in_a_list())


class TaskList(models.Model):
    """A list of tasks. Everyone has one inbox; the others they make."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="task_lists", db_index=False)
    uid = models.UUIDField(default=uuid7, editable=False)
    name = LineField(_("name"), max_length=100)
    color = models.CharField(_("colour"), max_length=8, choices=Color, default=Color.GREY)
    position = models.PositiveBigIntegerField(_("position"), default=0)
    is_inbox = models.BooleanField(default=False, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Manager[TaskList]] = TaskListQuerySet.as_manager()
    # The change that the operation which returned this row wrote, if any.
    noted: Change | None = None

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        indexes = [
            models.Index(fields=["owner", "position", "id"], name="list_of_owner"),
            models.Index(
                fields=["owner", "trashed_at"],
                condition=Q(trashed_at__isnull=False),
                name="list_trashed_of_owner",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_inbox=True), name="one_inbox_an_owner"
            ),
            models.UniqueConstraint(
                fields=["owner", "uid"],
                name="list_uid",
                violation_error_code="uid",
                violation_error_message=_("There is a list with this uid already."),
            ),
            models.CheckConstraint(
                condition=Q(is_inbox=False) | Q(archived_at=None, trashed_at=None),
                name="inbox_stays",
                violation_error_message=_("The inbox stays: it is neither archived nor trashed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("todos:inbox") if self.is_inbox else reverse("todos:list", args=[self.pk])


class SectionQuerySet(models.QuerySet["Section"]):
    def visible_to(self, user: User) -> Self:
        """Sections of lists outside the trash that `user` may see, in their order."""
        mine = self.filter(owner=user, task_list__trashed_at=None)
        return mine.order_by("position", "pk")


class Section(models.Model):
    """A part of a list, with a heading."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="sections", db_index=False)
    task_list = models.ForeignKey(
        TaskList, models.CASCADE, related_name="sections", verbose_name=_("list")
    )
    uid = models.UUIDField(default=uuid7, editable=False)
    name = LineField(_("name"), max_length=100)
    position = models.PositiveBigIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Manager[Section]] = SectionQuerySet.as_manager()
    # The change that the operation which returned this row wrote, if any.
    noted: Change | None = None

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        indexes = [
            models.Index(fields=["owner", "task_list", "position", "id"], name="section_of_owner")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "uid"],
                name="section_uid",
                violation_error_code="uid",
                violation_error_message=_("There is a section with this uid already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('todos:list', args=[self.task_list_id])}#section-{self.pk}"
