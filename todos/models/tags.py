"""Tags: words that tasks share."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef
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


def validate_no_comma(name: str) -> None:
    if "," in name:
        raise ValidationError(_("A tag has no comma: commas stand between tags."), code="comma")


class TagQuerySet(models.QuerySet["Tag"]):
    def visible_to(self, user: User) -> Self:
        """Tags of `user`, by name."""
        return self.filter(owner=user).order_by("name_key", "pk")

    def with_open_count(self) -> Self:
        """With `open_count`, the number of open tasks outside the trash and the archive."""
        tagged = number_of(task_tags__tag=OuterRef("pk"), task_list__archived_at=None)
        return self.annotate(open_count=tagged)


class Tag(models.Model):
    """A word that tasks of any list can share."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="tags", db_index=False)
    uid = models.UUIDField(default=uuid7, editable=False)
    name = LineField(_("name"), max_length=50, validators=[validate_no_comma])
    name_key = models.CharField(max_length=150, editable=False)
    color = models.CharField(_("colour"), max_length=8, choices=Color, default=Color.GREY)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Manager[Tag]] = TagQuerySet.as_manager()
    # The change that the operation which returned this row wrote, if any.
    noted: Change | None = None

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name_key"],
                name="tag_name",
                violation_error_code="name",
                violation_error_message=_("You have a tag with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("todos:tag", args=[self.pk])

    @staticmethod
    def key_of(name: str) -> str:
        """What makes two names the same name: their letters, whatever the case."""
        return str(Tag._meta.get_field("name").to_python(name)).casefold()
