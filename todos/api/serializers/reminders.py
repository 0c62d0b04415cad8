"""A reminder as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from accounts.api.serializers import StrictModelSerializer
from todos import operations
from todos.api.serializers.fields import MomentField
from todos.models import Reminder


class ReminderSerializer(StrictModelSerializer):
    """A mail that reminds of a task, and what became of it."""

    at = MomentField(source="remind_at", allow_null=True, required=False)

    class Meta:
        model = Reminder
        fields = ["id", "at", "minutes_before", "fires_at", "sent_at", "attempts", "last_error"]
        read_only_fields = ["fires_at", "sent_at", "attempts", "last_error"]
        # The operation checks the constraint.
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Reminder:
        reminder, self.is_new = operations.add_reminder(by=self.context["actor"], **validated_data)
        return reminder
