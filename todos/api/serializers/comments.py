"""A comment as the API shows and takes it."""

from __future__ import annotations

from typing import Any

from accounts.api.serializers import StrictModelSerializer
from todos import operations
from todos.models import Comment


class CommentSerializer(StrictModelSerializer):
    """A comment on a task, in Markdown."""

    class Meta:
        model = Comment
        fields = ["id", "text", "created_at", "edited_at"]
        read_only_fields = ["created_at", "edited_at"]

    def create(self, validated_data: dict[str, Any]) -> Comment:
        return operations.add_comment(by=self.context["actor"], **validated_data)

    def update(self, instance: Comment, validated_data: dict[str, Any]) -> Comment:
        text = validated_data.get("text", instance.text)
        return operations.change_comment(instance, by=self.context["actor"], text=text)
