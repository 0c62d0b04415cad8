"""The journal: who changed what, when, from what to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from todos.models.lists import Section, TaskList
from todos.models.tags import Tag
from todos.models.tasks import Task

if TYPE_CHECKING:
    from django.db.models import Manager


class Journal(models.Model):
    """The number of an owner's last change. Its row is the one lock that writing tasks takes."""

    owner = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="journal")
    last_number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.owner}: {self.last_number}"


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(owner=user)

    def of(self, thing: Task | TaskList | Section | Tag) -> Self:
        """The changes of one task, list, section or tag, the newest first."""
        return self.filter(
            owner_id=thing.owner_id, object_kind=Change.kind_of(thing), object_id=thing.pk
        ).order_by("-number")


class Change(models.Model):
    """One change of one task, list, section or tag: who made it, and what was before and after.

    `before` and `after` hold the fields that differ, in the names and forms of
    `operations.journal.snapshot`.
    """

    class Kind(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        COMPLETED = "completed", _("Completed")
        REOPENED = "reopened", _("Opened again")
        SKIPPED = "skipped", _("Skipped")
        POSTPONED = "postponed", _("Postponed")
        MOVED = "moved", _("Moved")
        ARCHIVED = "archived", _("Archived")
        UNARCHIVED = "unarchived", _("Taken out of the archive")
        TRASHED = "trashed", _("Moved to the trash")
        RESTORED = "restored", _("Restored")
        DELETED = "deleted", _("Deleted")
        ERASED = "erased", _("Deleted for good")

    class Object(models.TextChoices):
        TASK = "task", _("Task")
        LIST = "list", _("List")
        SECTION = "section", _("Section")
        TAG = "tag", _("Tag")

    owner = models.ForeignKey(User, models.CASCADE, related_name="changes", db_index=False)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    session = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=16, choices=Kind)
    object_kind = models.CharField(max_length=8, choices=Object)
    object_id = models.BigIntegerField()
    uid = models.UUIDField()
    # No foreign key: what was erased leaves its changes behind.
    list_id = models.BigIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    batch = models.UUIDField(null=True, blank=True)
    # The number of the change that brought this one about: a parent's that went into the trash.
    follows = models.PositiveBigIntegerField(null=True, blank=True)
    undoes = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="undone_by", db_index=False
    )

    objects: ClassVar[Manager[Change]] = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["owner", "object_kind", "object_id", "-number"], name="change_of"),
            models.Index(fields=["at"], name="change_age"),
            models.Index(
                fields=["owner", "batch"],
                condition=models.Q(batch__isnull=False),
                name="change_of_batch",
            ),
            models.Index(fields=["owner", "session", "-number"], name="change_of_session"),
            models.Index(
                fields=["owner", "follows"],
                condition=models.Q(follows__isnull=False),
                name="change_that_follows",
            ),
            models.Index(
                fields=["undoes"],
                condition=models.Q(undoes__isnull=False),
                name="change_that_undoes",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="change_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_object_kind_display()} {self.object_id}"

    @classmethod
    def kind_of(cls, thing: models.Model) -> str:
        kinds: dict[type[models.Model], str] = {
            Task: cls.Object.TASK,
            TaskList: cls.Object.LIST,
            Section: cls.Object.SECTION,
            Tag: cls.Object.TAG,
        }
        return kinds[type(thing)]
