"""A list as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from rest_framework import serializers

from accounts.api.serializers import IntegerField, StrictModelSerializer
from todos import operations
from todos.api.serializers.fields import UidField
from todos.models import TaskList


class TaskListSerializer(StrictModelSerializer):
    uid = UidField(required=False)
    open_count = serializers.IntegerField(read_only=True)
    position = IntegerField(min_value=0, max_value=2**53 - 1, required=False)

    class Meta:
        model = TaskList
        fields = [
            "id",
            "uid",
            "name",
            "color",
            "position",
            "is_inbox",
            "archived_at",
            "open_count",
        ]
        read_only_fields = ["is_inbox"]
        validators: list[Any] = []

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["archived_at" if self.instance is None else "uid"].read_only = True
        return fields

    def create(self, validated_data: dict[str, Any]) -> TaskList:
        task_list, self.is_new = operations.create_list(by=self.context["actor"], **validated_data)
        return task_list

    @transaction.atomic
    def update(self, instance: TaskList, validated_data: dict[str, Any]) -> TaskList:
        """Change the list; null takes it out of the archive, any time puts it there, as of now."""
        by = self.context["actor"]
        if "archived_at" in validated_data:
            is_archived = validated_data.pop("archived_at") is not None
            verb = operations.archive_list if is_archived else operations.unarchive_list
            instance = verb(instance, by=by)
        return operations.change_list(instance, by=by, **validated_data)
