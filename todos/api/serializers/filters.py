"""A saved filter as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import StrictModelSerializer
from todos import filters, operations
from todos.models import SavedFilter


class SavedFilterSerializer(StrictModelSerializer):
    text = serializers.SerializerMethodField(help_text="What it finds, in words.")

    class Meta:
        model = SavedFilter
        fields = ["id", "name", "query", "text"]

    def get_text(self, saved: SavedFilter) -> str:
        return filters.told(saved.owner, saved.query, now=self.context["now"])

    def create(self, validated_data: dict[str, Any]) -> SavedFilter:
        return operations.create_filter(by=self.context["actor"], **validated_data)

    def update(self, instance: SavedFilter, validated_data: dict[str, Any]) -> SavedFilter:
        return operations.change_filter(instance, by=self.context["actor"], **validated_data)
