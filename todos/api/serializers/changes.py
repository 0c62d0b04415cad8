"""Changes as the API shows them, and what it takes to undo them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers import BooleanField, StrictSerializer
from todos.api.serializers.fields import MomentField
from todos.models import Change

# What the API calls the fields of the journal. Those that it does not know are not shown.
NAMES = {
    "title": "title",
    "description": "description",
    "name": "name",
    "color": "color",
    "task_list_id": "list",
    "section_id": "section",
    "parent_id": "parent",
    "position": "position",
    "priority": "priority",
    "due_on": "deadline",
    "due_time": "due_time",
    "due_zone": "due_zone",
    "start_on": "start",
    "rule": "rule",
    "repeats_from": "repeats_from",
    "completed_at": "completed_at",
    "archived_at": "archived_at",
    "trashed_at": "trashed_at",
    "tags": "tags",
}


# The fields of a thing that these are, where they are told by name alone.
FIELDS = NAMES | {"rule": "recurrence", "repeats_from": "recurrence"}


def named(values: dict[str, Any], tags: dict[int, str]) -> dict[str, Any]:
    """What the journal holds of a thing, in the names and forms of the API."""
    shown = {NAMES[name]: value for name, value in values.items() if name in NAMES}
    if shown.get("due_time"):
        shown["due_time"] = shown["due_time"][:5]
    if shown.get("due_zone") == "":
        shown["due_zone"] = None
    if "tags" in shown:
        shown["tags"] = [tags[pk] for pk in shown["tags"] or () if pk in tags]
    return shown


class ChangedSerializer(serializers.Serializer[Any]):
    """A change of one thing."""

    seq = serializers.IntegerField(source="number")
    change = serializers.IntegerField(source="pk", help_text=_("Its id, to undo it."))
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(Change.Kind.choices)
    object = serializers.ChoiceField(Change.Object.choices, source="object_kind")
    id = serializers.IntegerField(source="object_id")
    uid = serializers.UUIDField()


class FeedItemSerializer(ChangedSerializer):
    data = serializers.SerializerMethodField(
        help_text=_("The thing as it is by now; null when it is gone or in the trash.")
    )

    def get_data(self, change: Change) -> dict[str, Any] | None:
        return self.context["present"].get((change.object_kind, change.object_id))


class FeedSerializer(serializers.Serializer[Any]):
    changes = FeedItemSerializer(many=True)
    next = serializers.IntegerField(help_text=_("The `since` of the next request."))
    more = serializers.BooleanField(help_text=_("Whether there are more already."))


class HistorySerializer(ChangedSerializer):
    """A change of a task, with who made it and what was before and after."""

    by = serializers.EmailField(source="by.email", default=None, allow_null=True)
    session = serializers.UUIDField(allow_null=True)
    batch = serializers.UUIDField(allow_null=True)
    undoes = serializers.IntegerField(source="undoes_id", allow_null=True)
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    def get_before(self, change: Change) -> dict[str, Any]:
        return named(change.before, self.context["tags"])

    def get_after(self, change: Change) -> dict[str, Any]:
        return named(change.after, self.context["tags"])


class KeptSerializer(ChangedSerializer):
    fields_kept = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_kept")
        return fields


class UndoneSerializer(serializers.Serializer[Any]):
    """What was undone, and what was left because it changed again since."""

    undone = FeedItemSerializer(many=True)
    kept = KeptSerializer(many=True)


class UndoSerializer(StrictSerializer):
    batch = BooleanField(
        default=False, help_text=_("Undo all that was done together with this change.")
    )


class UndoSessionSerializer(StrictSerializer):
    since = MomentField()
