"""Tasks, lists and tags as the API shows and takes them. What is taken ends in an operation."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers import (
    BooleanField,
    CharField,
    IntegerField,
    StrictModelSerializer,
    StrictSerializer,
)
from accounts.models import User
from todos import operations
from todos.models import Tag, Task, TaskList


class DayField(serializers.DateField):
    """A day as YYYY-MM-DD and in no other form."""

    def to_internal_value(self, value: Any) -> date:
        if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class MinuteField(serializers.TimeField):
    """A time of day as HH:MM and in no other form."""

    default_error_messages = {"invalid": _("Write the time as HH:MM, from 00:00 to 23:59.")}

    def to_internal_value(self, value: Any) -> time:
        if not (isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value)):
            self.fail("invalid")
        return super().to_internal_value(value)

    def to_representation(self, value: time) -> str:
        return value.strftime("%H:%M")


class ZoneField(CharField):
    """A time zone, such as Europe/London, or null."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)

    def get_attribute(self, instance: Any) -> str | None:
        return super().get_attribute(instance) or None


class VisibleTo(serializers.PrimaryKeyRelatedField):
    """A reference among what the person may see; anything else does not exist."""

    default_error_messages = {
        "does_not_exist": _("There is nothing here with id={pk_value}."),
        "incorrect_type": _("This must be an id, a whole number."),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.context["request"].user)

    def use_pk_only_optimization(self) -> bool:
        return True

    def to_internal_value(self, data: Any) -> Any:
        number = IntegerField(min_value=1, max_value=2**63 - 1)
        number.bind("id", self.parent)
        return super().to_internal_value(number.run_validation(data))


class TagNamesField(serializers.ListField):
    """The names of tags, as the person writes them."""

    child = CharField(max_length=50)

    def to_representation(self, value: Any) -> list[str]:
        return [tag.name for tag in value.all()]


class OwnerSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "created_at"]
        read_only_fields = fields


class TaskSerializer(StrictModelSerializer):
    deadline = DayField(source="due_on", allow_null=True, required=False)
    completed = serializers.BooleanField(source="is_done", read_only=True)
    last_update = serializers.DateTimeField(source="updated_at", read_only=True)
    owner = OwnerSerializer(read_only=True)
    uid = serializers.UUIDField(required=False)
    list = VisibleTo(source="task_list", queryset=TaskList.objects.all(), required=False)
    tags = TagNamesField(required=False)
    priority = IntegerField(min_value=1, max_value=4, required=False)
    due_time = MinuteField(allow_null=True, required=False)
    due_zone = ZoneField(allow_null=True, required=False, max_length=64)

    class Meta:
        model = Task
        fields = [
            "id",
            "title",
            "description",
            "deadline",
            "completed",
            "last_update",
            "created_at",
            "owner_id",
            "owner",
            "uid",
            "list",
            "tags",
            "priority",
            "due_time",
            "due_zone",
            "completed_at",
            "trashed_at",
            "position",
            "version",
        ]
        read_only_fields = ["created_at", "completed_at", "trashed_at", "position", "version"]
        # Operations check uniqueness, under the owner's lock.
        validators: list[Any] = []

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.instance is not None:
            fields["uid"].read_only = True
        return fields

    def create(self, validated_data: dict[str, Any]) -> Task:
        task, self.is_new = operations.create_task(by=self.context["actor"], **validated_data)
        return task

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        if not self.partial:
            validated_data = {"due_on": None} | validated_data
        return operations.change_task(instance, by=self.context["actor"], **validated_data)


class CompletionSerializer(StrictSerializer):
    completed = BooleanField()


class TaskListSerializer(StrictModelSerializer):
    uid = serializers.UUIDField(required=False)
    open_count = serializers.IntegerField(read_only=True)
    position = IntegerField(min_value=0, max_value=2**53 - 1, required=False)

    class Meta:
        model = TaskList
        fields = [
            "id",
            "uid",
            "name",
            "color",
            "position",
            "is_inbox",
            "archived_at",
            "open_count",
        ]
        read_only_fields = ["is_inbox"]
        validators: list[Any] = []

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["archived_at" if self.instance is None else "uid"].read_only = True
        return fields

    def create(self, validated_data: dict[str, Any]) -> TaskList:
        task_list, self.is_new = operations.create_list(by=self.context["actor"], **validated_data)
        return task_list

    @transaction.atomic
    def update(self, instance: TaskList, validated_data: dict[str, Any]) -> TaskList:
        """Change the list; null takes it out of the archive, any time puts it there, as of now."""
        by = self.context["actor"]
        if "archived_at" in validated_data:
            is_archived = validated_data.pop("archived_at") is not None
            verb = operations.archive_list if is_archived else operations.unarchive_list
            instance = verb(instance, by=by)
        return operations.change_list(instance, by=by, **validated_data)


class TagSerializer(StrictModelSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name", "color"]
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Tag:
        return operations.create_tag(by=self.context["actor"], **validated_data)

    def update(self, instance: Tag, validated_data: dict[str, Any]) -> Tag:
        return operations.change_tag(instance, by=self.context["actor"], **validated_data)


class TrashedSerializer(serializers.Serializer[Any]):
    object = serializers.ChoiceField(choices=["task", "list"])
    id = serializers.IntegerField()
    uid = serializers.UUIDField()
    title = serializers.CharField()
    trashed_at = serializers.DateTimeField()
    task_count = serializers.IntegerField()
