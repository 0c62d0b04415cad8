"""A reminder as the API shows and takes it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers import StrictModelSerializer
from todos import operations
from todos.models import Reminder

RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)


class MomentField(serializers.DateTimeField):
    """A day and a time with its distance from UTC, and in no other form (RFC 3339)."""

    default_error_messages = {
        "invalid": _("Write the moment as 2026-11-23T17:00:00+01:00 or 2026-11-23T16:00:00Z.")
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not (isinstance(value, str) and RFC_3339.fullmatch(value)):
            self.fail("invalid")
        try:
            return super().to_internal_value(value.upper())
        except OverflowError:
            self.fail("invalid")


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
