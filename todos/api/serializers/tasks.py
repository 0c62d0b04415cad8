"""A task as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import (
    BooleanField,
    IntegerField,
    StrictModelSerializer,
    StrictSerializer,
)
from accounts.models import User
from todos import operations
from todos.api.serializers.fields import (
    DayField,
    MinuteField,
    TagNamesField,
    VisibleTo,
    ZoneField,
)
from todos.models import Task, TaskList


class OwnerSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "created_at"]
        read_only_fields = fields


class TaskSerializer(StrictModelSerializer):
    deadline = DayField(source="due_on", allow_null=True, required=False)
    completed = serializers.BooleanField(source="is_done", read_only=True)
    last_update = serializers.DateTimeField(source="updated_at", read_only=True)
    owner = OwnerSerializer(read_only=True)
    uid = serializers.UUIDField(required=False)
    list = VisibleTo(source="task_list", queryset=TaskList.objects.all(), required=False)
    tags = TagNamesField(required=False)
    priority = IntegerField(min_value=1, max_value=4, required=False)
    due_time = MinuteField(allow_null=True, required=False)
    due_zone = ZoneField(allow_null=True, required=False, max_length=64)

    class Meta:
        model = Task
        fields = [
            "id",
            "title",
            "description",
            "deadline",
            "completed",
            "last_update",
            "created_at",
            "owner_id",
            "owner",
            "uid",
            "list",
            "tags",
            "priority",
            "due_time",
            "due_zone",
            "completed_at",
            "trashed_at",
            "position",
            "version",
        ]
        read_only_fields = ["created_at", "completed_at", "trashed_at", "position", "version"]
        # Operations check uniqueness, under the owner's lock.
        validators: list[Any] = []

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.instance is not None:
            fields["uid"].read_only = True
        return fields

    def create(self, validated_data: dict[str, Any]) -> Task:
        task, self.is_new = operations.create_task(by=self.context["actor"], **validated_data)
        return task

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        if not self.partial:
            validated_data = {"due_on": None} | validated_data
        return operations.change_task(instance, by=self.context["actor"], **validated_data)


class CompletionSerializer(StrictSerializer):
    completed = BooleanField()
