"""A tag as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from accounts.api.serializers import StrictModelSerializer
from todos import operations
from todos.models import Tag


class TagSerializer(StrictModelSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name", "color"]
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Tag:
        return operations.create_tag(by=self.context["actor"], **validated_data)

    def update(self, instance: Tag, validated_data: dict[str, Any]) -> Tag:
        return operations.change_tag(instance, by=self.context["actor"], **validated_data)
