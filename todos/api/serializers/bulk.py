"""Many operations on tasks in one request."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import StrictSerializer
from todos import operations
from todos.api.serializers.tasks import (
    ActSerializer,
    CompletionSerializer,
    MoveSerializer,
    PostponementSerializer,
    SkipSerializer,
    TaskSerializer,
)
from todos.models import Task
from todos.operations.bulk import MOST_AT_ONCE


class CompleteSerializer(CompletionSerializer):
    """As its own route, but that the operation itself says whether to complete or to reopen."""

    completed = None
    is_completed = True

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return super().validate(attrs | {"completed": self.is_completed})


class ReopenSerializer(CompleteSerializer):
    is_completed = False


class TrashSerializer(ActSerializer):
    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        return operations.trash_task(instance, by=self.context["actor"])


class RestoreSerializer(ActSerializer):
    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        return operations.restore_task(instance, by=self.context["actor"])


# What each operation takes beside the id of its task: the same as by its own route.
OPERATIONS: dict[str, type[serializers.Serializer[Any]]] = {
    "create": TaskSerializer,
    "update": TaskSerializer,
    "complete": CompleteSerializer,
    "reopen": ReopenSerializer,
    "skip": SkipSerializer,
    "postpone": PostponementSerializer,
    "move": MoveSerializer,
    "trash": TrashSerializer,
    "restore": RestoreSerializer,
}


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_AT_ONCE,
        "items": {
            "type": "object",
            "required": ["op"],
            "properties": {
                "op": {"type": "string", "enum": list(OPERATIONS)},
                "id": {"type": "integer", "description": "Of the task; not with `create`."},
                "version": {"type": "integer", "description": "As with If-Match."},
            },
            "additionalProperties": True,
        },
    }
)
class OperationsField(serializers.ListField):
    child = serializers.DictField()


class BulkSerializer(StrictSerializer):
    operations = OperationsField(
        max_length=MOST_AT_ONCE,
        help_text=_("Each with the members that its own route takes."),
    )


class OutcomeSerializer(serializers.Serializer[Any]):
    status = serializers.IntegerField(
        help_text=_("As its own route would answer, but `trash`: 200 with the task.")
    )
    task = TaskSerializer(required=False)
    error = serializers.DictField(required=False)


class BulkAnswerSerializer(serializers.Serializer[Any]):
    results = OutcomeSerializer(many=True)
