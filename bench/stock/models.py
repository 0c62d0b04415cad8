import uuid

from django.conf import settings
from django.db import models


class TaskList(models.Model):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="task_lists"
    )
    name = models.CharField(max_length=100)
    color = models.CharField(max_length=8, default="grey")
    is_inbox = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-is_inbox", "id"]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    task_list = models.ForeignKey(TaskList, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tags"
    )
    name = models.CharField(max_length=50)
    color = models.CharField(max_length=8, default="grey")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="stock_tag_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    class Priority(models.IntegerChoices):
        URGENT = 1
        HIGH = 2
        MEDIUM = 3
        NONE = 4

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tasks", db_index=False
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=10_000, blank=True)
    task_list = models.ForeignKey(TaskList, on_delete=models.CASCADE, related_name="tasks")
    section = models.ForeignKey(Section, on_delete=models.SET_NULL, null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="tasks")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NONE)
    due_on = models.DateField(null=True, blank=True)
    due_time = models.TimeField(null=True, blank=True)
    due_zone = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    start_on = models.DateField(null=True, blank=True)
    recurrence = models.JSONField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    trashed_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveBigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="stock_task_newest"),
            models.Index(
                fields=["owner", "due_on"],
                condition=models.Q(completed_at=None, trashed_at=None),
                name="stock_task_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def completed(self) -> bool:
        return self.completed_at is not None
