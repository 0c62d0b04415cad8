"""Tasks."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.fields import LineField, NotesField
from accounts.models import User
from accounts.validators import validate_time_zone
from todos.models.lists import Section, TaskList
from todos.models.tags import Tag
from todos.recurrence import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from django.db.models import Manager

    from todos.models.changes import Change


# How many levels of sub-tasks a task may have below it.
DEEPEST = 10
# No moment is on days further apart, zones being 26 hours from one another at most, and Samoa
# having left out a day. It lets one index, which knows days alone, find moments too.
FARTHEST = timedelta(days=3)


def validate_day(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Choose a day from 1970 to 2200."), code="day")


def due_from(day: date, *, zone: tzinfo) -> Q:
    """Due on `day` or later, as days are in `zone`."""
    return is_due_from(**bounds_from(day, zone=zone))


def due_until(day: date, *, zone: tzinfo) -> Q:
    """Due on `day` or earlier, as days are in `zone`."""
    return is_due_until(**bounds_until(day, zone=zone))


def bounds_from(day: date, *, zone: tzinfo) -> dict[str, Any]:
    """What `is_due_from` compares with."""
    return {"day": day, "far": day - FARTHEST, "begin": datetime.combine(day, time.min, zone)}


def bounds_until(day: date, *, zone: tzinfo) -> dict[str, Any]:
    """What `is_due_until` compares with."""
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    return {"day": day, "far": day + FARTHEST, "end": end}


def is_due_from(*, day: Any, far: Any, begin: Any) -> Q:
    return Q(due_on__gte=far) & (Q(due_at=None, due_on__gte=day) | Q(due_at__gte=begin))


def is_due_until(*, day: Any, far: Any, end: Any) -> Q:
    return Q(due_on__lte=far) & (Q(due_at=None, due_on__lte=day) | Q(due_at__lt=end))


def occurrence_text(day: date, clock: time | None) -> str:
    return day.isoformat() + (f"T{clock:%H:%M}" if clock else "")


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        """Tasks `user` may see, outside the trash."""
        return self.filter(owner=user, trashed_at=None)

    def trashed_of(self, user: User) -> Self:
        return self.filter(owner=user, trashed_at__isnull=False)

    def open(self) -> Self:
        return self.filter(completed_at=None)

    def done(self) -> Self:
        return self.filter(completed_at__isnull=False)

    def in_active_lists(self) -> Self:
        return self.filter(task_list__archived_at=None)

    def due_by(self, day: date, *, zone: zoneinfo.ZoneInfo) -> Self:
        """Tasks due on `day` or before, as the days are in `zone`."""
        return self.filter(due_until(day, zone=zone))

    def due_after(self, day: date, *, zone: zoneinfo.ZoneInfo) -> Self:
        """Tasks due on a day after `day`, as the days are in `zone`."""
        return self.filter(due_from(day + timedelta(days=1), zone=zone))

    def tagged(self, tag: Tag) -> Self:
        return self.filter(task_tags__tag=tag)

    def by_due(self) -> Self:
        """Soonest first, without a day last; then the more important; then the older."""
        return self.order_by(
            F("due_on").asc(nulls_last=True),
            F("due_time").asc(nulls_last=True),
            "priority",
            "position",
            "pk",
        )

    def top_level(self) -> Self:
        return self.filter(parent=None)

    def beside(self, task: Task) -> Self:
        """Those in the list, and there in the section or below the parent, of `task`."""
        return self.filter(
            task_list=task.task_list_id, section=task.section_id, parent=task.parent_id
        )

    def before(self, task: Task) -> Self:
        """Those that come before `task` in the order by hand."""
        return self.filter(
            Q(position__lt=task.position) | Q(position=task.position, pk__lt=task.pk)
        )

    def after(self, task: Task) -> Self:
        """Those that come after `task` in the order by hand."""
        return self.filter(
            Q(position__gt=task.position) | Q(position=task.position, pk__gt=task.pk)
        )

    def counted(self) -> models.QuerySet[Task, tuple[int]]:
        """One row with the number of these tasks, which are one person's; none if there are none.

        An index tells it without the tasks, as it need not know whether an id is null.
        """
        return self.order_by().values("owner").annotate(number=Count("*")).values_list("number")

    def by_position(self) -> Self:
        return self.order_by("position", "pk")

    def for_display(self) -> Self:
        """With their list, parent and tags: two queries, for any number of tasks."""
        return self.select_related("task_list", "parent").prefetch_related(
            Prefetch("tags", Tag.objects.order_by("name_key", "pk"))
        )


class Task(models.Model):
    """Something to do.

    It is due in one of three ways: on a day; at a floating time of that day, wherever the person
    is (no zone); or at a time in a named zone, when `due_at` holds the moment.

    One that repeats has a `rule`, reckoned from `anchor_on`, and moves on when it is completed.
    A sub-task is in the list of its parent.
    """

    class Priority(models.IntegerChoices):
        URGENT = 1, _("Urgent")
        HIGH = 2, _("High")
        MEDIUM = 3, _("Medium")
        NONE = 4, _("None")

    class RepeatsFrom(models.TextChoices):
        DUE = "due", _("the day it is due")
        COMPLETION = "completion", _("the day it is done")

    owner = models.ForeignKey(User, models.CASCADE, related_name="tasks", db_index=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", editable=False
    )
    task_list = models.ForeignKey(
        TaskList, models.CASCADE, related_name="tasks", verbose_name=_("list")
    )
    section = models.ForeignKey(
        Section,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        db_index=False,
        verbose_name=_("section"),
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        db_index=False,
        verbose_name=_("parent"),
    )
    tags = models.ManyToManyField(
        Tag, through="TaskTag", related_name="tasks", blank=True, verbose_name=_("tags")
    )
    uid = models.UUIDField(default=uuid7, editable=False)
    title = LineField(_("title"), max_length=200)
    description = NotesField(_("description"), max_length=10_000, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        choices=Priority,
        default=Priority.NONE,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    due_on = models.DateField(_("day"), null=True, blank=True, validators=[validate_day])
    due_time = models.TimeField(_("time"), null=True, blank=True)
    due_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone]
    )
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    start_on = models.DateField(_("start"), null=True, blank=True, validators=[validate_day])
    # RFC 5545, in the form that `recurrence.Rule` writes.
    rule = models.CharField(_("repetition"), max_length=300, blank=True)
    repeats_from = models.CharField(
        _("repeats from"), max_length=10, choices=RepeatsFrom, default=RepeatsFrom.DUE
    )
    anchor_on = models.DateField(null=True, blank=True, editable=False)
    # The day that the rule gave to an occurrence which was postponed.
    original_on = models.DateField(null=True, blank=True, editable=False)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The uid of what was put into the trash: this task, or the parent or list it went with.
    trashed_with = models.UUIDField(null=True, blank=True, editable=False)
    position = models.PositiveBigIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Manager[Task]] = TaskQuerySet.as_manager()
    # The change that the operation which returned this row wrote, if any.
    noted: Change | None = None
    # What is beside a row that an operation has read again, or written: the names of its tags in
    # the order in which they are shown, and whether a task outside the trash is below it.
    tag_names: list[str]
    has_children: bool

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(
                F("owner"),
                F("id").desc(),
                condition=Q(trashed_at=None),
                name="task_newest_of_owner",
            ),
            models.Index(
                fields=["owner", "task_list", "position", "id"],
                condition=Q(completed_at=None, trashed_at=None),
                name="task_open_of_list",
            ),
            models.Index(
                fields=["owner", "parent", "position", "id"],
                condition=Q(parent__isnull=False),
                name="task_of_parent",
            ),
            models.Index(
                fields=["owner", "due_on", "due_at", "task_list"],
                condition=Q(completed_at=None, trashed_at=None),
                name="task_due_of_owner",
            ),
            # For what becomes of tasks when what they refer to is deleted. Most refer to none.
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="task_parent"),
            models.Index(
                fields=["section"], condition=Q(section__isnull=False), name="task_section"
            ),
            models.Index(
                F("owner"),
                F("completed_at").desc(),
                condition=Q(completed_at__isnull=False, trashed_at=None),
                name="task_done_of_owner",
            ),
            models.Index(
                fields=["owner", "trashed_at"],
                condition=Q(trashed_at__isnull=False),
                name="task_trashed_of_owner",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "uid"],
                name="task_uid",
                violation_error_code="uid",
                violation_error_message=_("There is a task with this uid already."),
            ),
            models.CheckConstraint(
                condition=Q(due_time=None) | Q(due_on__isnull=False),
                name="task_time_needs_day",
                violation_error_code="due_time",
                violation_error_message=_("A time needs a day."),
            ),
            models.CheckConstraint(
                condition=Q(due_zone="") | Q(due_time__isnull=False),
                name="task_zone_needs_time",
                violation_error_code="due_zone",
                violation_error_message=_("A time zone needs a time."),
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False, due_on__isnull=False, due_time__isnull=False)
                & ~Q(due_zone="")
                | Q(due_at=None) & (Q(due_zone="") | Q(due_on=None) | Q(due_time=None)),
                name="task_moment_of_zone",
            ),
            models.CheckConstraint(
                condition=Q(section=None) | Q(parent=None),
                name="task_section_or_parent",
                violation_error_code="section",
                violation_error_message=_("A sub-task is where its parent is."),
            ),
            models.CheckConstraint(
                condition=Q(priority__range=(1, 4)),
                name="task_priority",
                violation_error_code="priority",
                violation_error_message=_("A priority is 1, 2, 3 or 4."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("todos:task", args=[self.pk])

    @property
    def is_done(self) -> bool:
        return self.completed_at is not None

    @property
    def repeats(self) -> bool:
        return bool(self.rule)

    @property
    def occurrence(self) -> str | None:
        """The day it is due, with the time if it has one: 2026-11-23 or 2026-11-23T09:00."""
        return occurrence_text(self.due_on, self.due_time) if self.due_on else None

    def ancestors(self) -> list[Task]:
        """The tasks above this one, the nearest first. One query for each."""
        found: list[Task] = []
        parent_id = self.parent_id
        while parent_id is not None and len(found) <= DEEPEST:
            parent = Task.objects.get(owner=self.owner_id, pk=parent_id)
            found.append(parent)
            parent_id = parent.parent_id
        return found

    def due_moment(self) -> datetime | None:
        """The moment that a time in a named zone stands for; None for days and floating times.

        A time that a clock change skips is the same length after it; one that comes twice is the
        first of the two.
        """
        if not (self.due_on and self.due_time and self.due_zone):
            return None
        return datetime.combine(self.due_on, self.due_time, zoneinfo.ZoneInfo(self.due_zone))

    def local_due(self, zone: zoneinfo.ZoneInfo) -> tuple[date | None, time | None]:
        """The day and time of day that this task is due, as they are in `zone`."""
        if self.due_at:
            moment = self.due_at.astimezone(zone)
            return moment.date(), moment.time()
        return self.due_on, self.due_time

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is open and its time has come; `now` is local to the person.

        A day is overdue once the next local day has begun, a time from its minute. Times are
        compared as moments: one that a clock change skips comes later, of two the first counts.
        """
        if self.is_done or self.due_on is None:
            return False
        if self.due_at:
            return self.due_at <= now
        if self.due_time:
            return datetime.combine(self.due_on, self.due_time, now.tzinfo).astimezone(UTC) <= now
        return self.due_on < now.date()


class TaskTag(models.Model):
    """One tag on one task."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="task_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="task_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "tag"], name="tag_once_a_task")]
        indexes = [models.Index(fields=["owner", "tag"], name="tagged_of_owner")]

    def __str__(self) -> str:
        return f"{self.task} @{self.tag}"
