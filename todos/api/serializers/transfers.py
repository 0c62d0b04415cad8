"""The file of an account, as the API tells how it is about it."""

from __future__ import annotations

from rest_framework import serializers

from accounts.api.serializers import StrictSerializer
from todos.models import Transfer


class TransferSerializer(serializers.ModelSerializer[Transfer]):
    """An export or an import: whether it waits, is done or was refused, and why."""

    kept_until = serializers.DateTimeField(help_text="The day on which it is erased.")

    class Meta:
        model = Transfer
        fields = ["state", "asked_at", "finished_at", "size", "error", "kept_until"]
        read_only_fields = fields


class ImportSerializer(StrictSerializer):
    file = serializers.FileField()
