"""Fields that the serializers of to-do lists share."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers import CharField, IntegerField

RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)

UUID_TEXT = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class DayField(serializers.DateField):
    """A day as YYYY-MM-DD and in no other form."""

    default_error_messages = {"no_such_day": _("There is no such day.")}

    def to_internal_value(self, value: Any) -> date:
        if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
            self.fail("invalid", format="YYYY-MM-DD")
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail("no_such_day")


class UidField(serializers.UUIDField):
    """A UUID with its dashes and in no other form, as a number would be one."""

    def to_internal_value(self, data: Any) -> UUID:
        if not (isinstance(data, str) and UUID_TEXT.fullmatch(data)):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class MinuteField(serializers.TimeField):
    """A time of day as HH:MM and in no other form."""

    default_error_messages = {"invalid": _("Write the time as HH:MM, from 00:00 to 23:59.")}

    def to_internal_value(self, value: Any) -> time:
        if not (isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value)):
            self.fail("invalid")
        return super().to_internal_value(value)


class MomentField(serializers.DateTimeField):
    """A day and a time with its distance from UTC, and in no other form (RFC 3339)."""

    default_error_messages = {
        "invalid": _("Write the moment as 2026-11-23T17:00:00+01:00 or 2026-11-23T16:00:00Z."),
        "range": _("The moment is from 1971 to 2199."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not (isinstance(value, str) and RFC_3339.fullmatch(value)):
            self.fail("invalid")
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            self.fail("invalid")
        # A day of room on both sides for the zones of the people.
        if not 1970 < moment.year < 2200:
            self.fail("range")
        return moment.astimezone(UTC)


class ZoneField(CharField):
    """A time zone, such as Europe/London, or null."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)


class VisibleTo(serializers.PrimaryKeyRelatedField):
    """A reference among what the person may see; anything else does not exist."""

    default_error_messages = {
        "does_not_exist": _("There is nothing here with id={pk_value}."),
        "incorrect_type": _("This must be an id, a whole number."),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Any:
        number = IntegerField(min_value=1, max_value=2**63 - 1)
        number.bind("id", self.parent)
        return super().to_internal_value(number.run_validation(data))


class TagNamesField(serializers.ListField):
    """The names of tags, as the person writes them."""

    child = CharField(max_length=50)
