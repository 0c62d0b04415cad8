"""Lines of text as tasks, and rules before they are saved, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers import CharField, StrictSerializer
from accounts.validators import validate_time_zone
from todos import operations
from todos.api.serializers.fields import DayField, MinuteField, MomentField, UidField, ZoneField
from todos.api.serializers.tasks import TaskSerializer
from todos.models import Task
from todos.quickadd import LONGEST_LINE
from todos.quickadd.lines import MOST_LINES

LONGEST_TEXT = (LONGEST_LINE + 100) * MOST_LINES


class TextField(CharField):
    """What was typed or pasted: its spaces and line breaks mean something."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, trim_whitespace=False, **options)


class QuickAddSerializer(StrictSerializer):
    """One line, or several of which an indented one is a sub-task of the line above it."""

    text = TextField(help_text=_("Such as “Pay the rent tomorrow 9am #Home @bank p1”."))
    uid = UidField(required=False, help_text=_("That of the first task."))

    def create(self, validated_data: dict[str, Any]) -> list[Task]:
        by, at = self.context["actor"], timezone.now()
        lines = operations.read_lines(validated_data.pop("text"), by=by, at=at)
        tasks, self.is_new = operations.quick_add(lines, by=by, at=at, **validated_data)
        return tasks


class QuickTaskSerializer(TaskSerializer):
    """The first of the tasks that were added."""

    tasks = TaskSerializer(
        many=True,
        required=False,
        help_text=_("All of them in the order of their lines; only where there are several."),
    )


class TextToPreviewSerializer(StrictSerializer):
    text = TextField()
    now = MomentField(required=False, help_text=_("The moment at which it is read, if not now."))


class RecurrenceSerializer(serializers.Serializer[Any]):
    """How a task repeats: as RFC 5545 writes it, from which day, and in words."""

    rule = serializers.CharField()
    text = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {"from": serializers.ChoiceField(["due", "completion"])}


class SpanSerializer(serializers.Serializer[Any]):
    """A part of the line that was understood, in code points."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    kind = serializers.ChoiceField(
        ["list", "tag", "priority", "date", "time", "recurrence", "start", "until", "description"]
    )
    text = serializers.CharField()


class PreviewedLineSerializer(serializers.Serializer[Any]):
    """The task that a line would become, and what of the line was understood."""

    title = serializers.CharField()
    description = serializers.CharField()
    list = serializers.IntegerField()
    tags = serializers.ListField(child=serializers.CharField())
    priority = serializers.IntegerField()
    deadline = serializers.DateField(allow_null=True)
    due_time = MinuteField(allow_null=True)
    due_zone = serializers.CharField(allow_null=True)
    start = serializers.DateField(allow_null=True)
    recurrence = RecurrenceSerializer(allow_null=True)
    next = serializers.ListField(child=serializers.CharField())
    spans = SpanSerializer(many=True)
    hints = serializers.ListField(child=serializers.CharField())
    line = serializers.CharField(help_text=_("The line; the places in `spans` are of it."))
    depth = serializers.IntegerField(help_text=_("0, and one more for each level of sub-tasks."))


class PreviewSerializer(PreviewedLineSerializer):
    """The first line."""

    lines = PreviewedLineSerializer(
        many=True, required=False, help_text=_("All of them; only where there are several.")
    )


class RuleToPreviewSerializer(StrictSerializer):
    """A rule, either as RFC 5545 writes it or in words, and the day it begins with."""

    rule = CharField(required=False)
    text = CharField(required=False, max_length=LONGEST_LINE)
    deadline = DayField(required=False, allow_null=True)
    due_time = MinuteField(required=False, allow_null=True)
    due_zone = ZoneField(required=False, allow_null=True, max_length=64)
    now = MomentField(required=False, help_text=_("The moment that is counted from, if not now."))

    def get_fields(self) -> dict[str, Any]:
        counted = serializers.ChoiceField(
            ["due", "completion"], required=False, help_text=_("Words say it themselves.")
        )
        return super().get_fields() | {"from": counted}

    def validate_due_zone(self, zone: str) -> str:
        if zone:
            validate_time_zone(zone)
        return zone

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("rule" in attrs) == ("text" in attrs):
            raise ValidationError(_("Send either a rule or a text."))
        if attrs.get("due_zone") and not attrs.get("due_time"):
            raise ValidationError({"due_zone": _("A time zone needs a time.")})
        return attrs


class RulePreviewSerializer(RecurrenceSerializer):
    next = serializers.ListField(child=serializers.CharField())
