"""A section of a list as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import IntegerField, StrictModelSerializer
from todos import operations
from todos.api.serializers.fields import UidField, VisibleTo
from todos.models import Section, TaskList


class SectionSerializer(StrictModelSerializer):
    uid = UidField(required=False)
    list = VisibleTo(source="task_list", queryset=TaskList.objects.all())
    position = IntegerField(min_value=0, max_value=2**53 - 1, required=False)

    class Meta:
        model = Section
        fields = ["id", "uid", "list", "name", "position"]
        validators: list[Any] = []

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.instance is not None:
            fields["uid"].read_only = True
            fields["list"] = serializers.PrimaryKeyRelatedField(source="task_list", read_only=True)
        return fields

    def create(self, validated_data: dict[str, Any]) -> Section:
        section, self.is_new = operations.create_section(by=self.context["actor"], **validated_data)
        return section

    def update(self, instance: Section, validated_data: dict[str, Any]) -> Section:
        return operations.change_section(instance, by=self.context["actor"], **validated_data)
