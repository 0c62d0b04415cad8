from django.contrib.auth.models import User
from rest_framework import serializers

from bench.stock.models import Section, Tag, Task, TaskList


class OwnerSerializer(serializers.ModelSerializer):
    created_at = serializers.DateTimeField(source="date_joined", read_only=True)

    class Meta:
        model = User
        fields = ["id", "email", "created_at"]


class TaskSerializer(serializers.ModelSerializer):
    owner = OwnerSerializer(read_only=True)
    deadline = serializers.DateField(source="due_on", allow_null=True, required=False)
    start = serializers.DateField(source="start_on", allow_null=True, required=False)
    completed = serializers.BooleanField(read_only=True)
    last_update = serializers.DateTimeField(source="updated_at", read_only=True)
    list = serializers.PrimaryKeyRelatedField(
        source="task_list", queryset=TaskList.objects.all(), required=False
    )
    tags = serializers.SlugRelatedField(
        slug_field="name", queryset=Tag.objects.all(), many=True, required=False
    )

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
            "section",
            "parent",
            "tags",
            "priority",
            "due_time",
            "due_zone",
            "start",
            "recurrence",
            "completed_at",
            "trashed_at",
            "position",
            "version",
        ]
        read_only_fields = ["completed_at", "trashed_at", "position", "version"]

    def get_fields(self):
        """Offer nothing that belongs to somebody else."""
        fields = super().get_fields()
        user = self.context["request"].user
        fields["list"].queryset = user.task_lists.all()
        fields["section"].queryset = Section.objects.filter(task_list__owner=user)
        fields["parent"].queryset = user.tasks.all()
        fields["tags"].child_relation.queryset = user.tags.all()
        return fields


class CompletionSerializer(serializers.Serializer):
    completed = serializers.BooleanField()
