"""How a task repeats, as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from todos.models import Task
from todos.quickadd import LONGEST_LINE, parse_recurrence
from todos.recurrence import Rule, explained


@extend_schema_field(
    {
        "type": "object",
        "nullable": True,
        "description": "Written as `rule` and `from`, or as `text`.",
        "properties": {
            "rule": {"type": "string", "description": "As RFC 5545 writes it."},
            "from": {"type": "string", "enum": Task.RepeatsFrom.values, "default": "due"},
            "text": {"type": "string", "description": "The same in words."},
        },
    }
)
class RecurrenceField(serializers.Field[Any, Any, Any, Any]):
    """A rule and what it counts from, or words that say both. Null: it does not repeat."""

    default_error_messages = {
        "invalid": _("Write it as {{rule, from}} or as {{text}}, in words."),
        "from": _("It counts from the day it is `due` or from its `completion`."),
        "both": _("The rule and the text say different things. Send one of them."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(source="rule", allow_null=True, required=False, **options)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The fields of a task that follow, with the first due that words may name."""
        if not (isinstance(data, dict) and data and data.keys() <= {"rule", "from", "text"}):
            self.fail("invalid")
        if not all(isinstance(part, str) for part in data.values()):
            self.fail("invalid")
        if data.get("from", "due") not in Task.RepeatsFrom.values:
            self.fail("from")
        return self.rule_of(data) if "rule" in data else self.words_of(data)

    def rule_of(self, data: dict[str, str]) -> dict[str, Any]:
        rule, counts_from = str(Rule.parse(data["rule"])), data.get("from", "due")
        if data.get("text", words := explained(rule, counts_from)) != words:
            self.fail("both")
        return {"rule": rule, "repeats_from": counts_from}

    def words_of(self, data: dict[str, str]) -> dict[str, Any]:
        if "text" not in data or len(data["text"]) > LONGEST_LINE:
            self.fail("invalid")
        by = self.context["actor"]
        words = parse_recurrence(
            data["text"],
            now=timezone.now().astimezone(by.zone),
            date_order=by.user.date_order,
            week_start=by.user.week_start,
        )
        if data.get("from", words.repeats_from) != words.repeats_from:
            self.fail("both")
        fields = {"rule": words.rule, "repeats_from": words.repeats_from}
        return fields | {"first_day": words.day, "first_time": words.time}


def unfolded(attrs: dict[str, Any], *, has_day: bool) -> dict[str, Any]:
    """What a serializer read, with the fields that the value of a RecurrenceField stands for.

    A task that would be due on no day begins with the first day that words name.
    """
    if "rule" not in attrs:
        return attrs
    found = attrs.pop("rule")
    if found is None:
        return attrs | {"rule": ""}
    day, clock = found.pop("first_day", None), found.pop("first_time", None)
    if day and "due_on" not in attrs and not has_day:
        attrs |= {"due_on": day} | ({"due_time": clock} if clock else {}) | attrs
    return attrs | found
