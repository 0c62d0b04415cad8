"""A whole account as a file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

if TYPE_CHECKING:
    from django.db.models import Manager

# What waits for longer may be asked for again.
GIVEN_UP_AFTER = timedelta(hours=1)


class TransferQuerySet(models.QuerySet["Transfer"]):
    def exports_of(self, user: User) -> Self:
        return self.filter(owner=user, kind=Transfer.Kind.EXPORT)

    def imports_of(self, user: User) -> Self:
        return self.filter(owner=user, kind=Transfer.Kind.IMPORT)


class Transfer(models.Model):
    """A file that is made of an account, or one that is brought to be what an account holds.

    An account has one of each kind at a time, the latest. The worker does it.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("Export")
        IMPORT = "import", _("Import")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Of the file, in bytes.
    size = models.PositiveBigIntegerField(default=0)
    # Why it was refused, in words for the person.
    error = models.TextField(blank=True)

    objects: ClassVar[Manager[Transfer]] = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer of an account")
        verbose_name_plural = _("transfers of accounts")
        indexes = [models.Index(fields=["asked_at"], name="transfer_age")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind"], name="one_transfer_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.owner_id}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    def is_under_way(self, *, at: datetime) -> bool:
        """Whether it waits, and not for so long that the worker must have given it up."""
        return self.is_waiting and at - self.asked_at < GIVEN_UP_AFTER

    @property
    def is_under_way_now(self) -> bool:
        return self.is_under_way(at=timezone.now())

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def kept_until(self) -> datetime:
        return self.asked_at + timedelta(days=settings.EXPORT_DAYS)


class TransferChunk(models.Model):
    """A part of the file of a transfer, at most `LARGEST` bytes."""

    LARGEST = 1024 * 1024

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "transfer", "number"], name="chunk_of_transfer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.number}"
