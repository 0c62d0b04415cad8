"""A task as the API shows and takes it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers import (
    BooleanField,
    CharField,
    IntegerField,
    ReadingSerializer,
)
from accounts.models import User
from todos import operations
from todos.api.serializers.fields import (
    DayField,
    MinuteField,
    TagNamesField,
    UidField,
    VisibleTo,
    ZoneField,
)
from todos.api.serializers.recurrence import RecurrenceField, unfolded
from todos.api.task_rows import row_of, task_json
from todos.models import Section, Task, TaskList


class OwnerSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "created_at"]
        read_only_fields = fields


class TaskSerializer(ReadingSerializer):
    id = serializers.IntegerField(read_only=True)
    title = CharField(max_length=200)
    description = CharField(allow_blank=True, max_length=10_000, required=False)
    deadline = DayField(source="due_on", allow_null=True, required=False)
    completed = serializers.BooleanField(read_only=True)
    last_update = serializers.DateTimeField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    owner_id = serializers.IntegerField(read_only=True)
    owner = OwnerSerializer(read_only=True)
    uid = UidField(required=False)
    list = VisibleTo(source="task_list", queryset=TaskList.objects.all(), required=False)
    section = VisibleTo(queryset=Section.objects.all(), allow_null=True, required=False)
    parent = VisibleTo(queryset=Task.objects.all(), allow_null=True, required=False)
    tags = TagNamesField(required=False)
    priority = IntegerField(min_value=1, max_value=4, required=False)
    due_time = MinuteField(allow_null=True, required=False)
    due_zone = ZoneField(allow_null=True, required=False, max_length=64)
    start = DayField(source="start_on", allow_null=True, required=False)
    recurrence = RecurrenceField()
    completed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    trashed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    position = serializers.IntegerField(read_only=True)
    version = serializers.IntegerField(read_only=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.instance is not None and "uid" in fields:
            fields["uid"].read_only = True
        return fields

    def to_representation(self, instance: Task) -> dict[str, Any]:
        return task_json(row_of(instance), owner=instance.owner)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        keeps_day = self.instance is not None and self.partial
        return unfolded(attrs, has_day=keeps_day and self.instance.due_on is not None)

    def create(self, validated_data: dict[str, Any]) -> Task:
        task, self.is_new = operations.create_task(by=self.context["actor"], **validated_data)
        return task

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        if not self.partial:
            validated_data = {"due_on": None} | validated_data
        return operations.change_task(instance, by=self.context["actor"], **validated_data)


class OccurrenceField(CharField):
    """The day of an occurrence, with its time if it has one; null for one on no day."""

    default_error_messages = {"invalid": _("Write it as 2026-11-23 or as 2026-11-23T09:00.")}

    def __init__(self) -> None:
        super().__init__(allow_null=True, required=False)

    def to_internal_value(self, data: Any) -> str:
        shape = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?"
        try:
            if not (isinstance(data, str) and re.fullmatch(shape, data)):
                raise ValueError
            datetime.fromisoformat(data)
        except ValueError:
            self.fail("invalid")
        return str(data)


class ActSerializer(ReadingSerializer):
    """What is done to a task; `instance` is the task."""

    def to_representation(self, instance: Task) -> dict[str, Any]:
        return {}


class CompletionSerializer(ActSerializer):
    completed = BooleanField()
    occurrence = OccurrenceField()
    children = serializers.ChoiceField(
        ["complete", "leave"],
        required=False,
        help_text=_("What becomes of open sub-tasks. Without it they are a 409 that shows them."),
    )
    forever = BooleanField(
        required=False, help_text=_("True ends a task that repeats with this occurrence.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        misplaced = {"children", "forever"} & attrs.keys()
        if misplaced and not attrs["completed"]:
            words = _("This says how to complete a task, not how to open it again.")
            raise serializers.ValidationError({name: [words] for name in misplaced})
        return attrs

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        is_completed = validated_data.pop("completed")
        verb = operations.complete_task if is_completed else operations.reopen_task
        return verb(instance, by=self.context["actor"], **validated_data)


class SkipSerializer(ActSerializer):
    occurrence = OccurrenceField()

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        return operations.skip_task(instance, by=self.context["actor"], **validated_data)


class PostponementSerializer(ActSerializer):
    deadline = DayField(source="due_on")

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        day = validated_data["due_on"]
        return operations.postpone_task(instance, day, by=self.context["actor"])


class MoveSerializer(ActSerializer):
    """Where a task goes: beside another one, or to the end of what is named."""

    list = VisibleTo(source="task_list", queryset=TaskList.objects.all(), required=False)
    section = VisibleTo(queryset=Section.objects.all(), allow_null=True, required=False)
    parent = VisibleTo(queryset=Task.objects.all(), allow_null=True, required=False)
    before = VisibleTo(queryset=Task.objects.all(), required=False)
    after = VisibleTo(queryset=Task.objects.all(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if {"before", "after"} <= attrs.keys():
            raise serializers.ValidationError({"after": [_("Name one neighbour.")]})
        return attrs

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        return operations.move_task(instance, by=self.context["actor"], **validated_data)
