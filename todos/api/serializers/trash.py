"""What lies in the trash, as the API shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class TrashedSerializer(serializers.Serializer[Any]):
    object = serializers.ChoiceField(choices=["task", "list"])
    id = serializers.IntegerField()
    uid = serializers.UUIDField()
    title = serializers.CharField()
    trashed_at = serializers.DateTimeField()
    task_count = serializers.IntegerField()
