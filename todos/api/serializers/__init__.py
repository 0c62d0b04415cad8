"""Tasks, lists and tags as the API shows and takes them. What is taken ends in an operation."""

from todos.api.serializers.fields import (
    DayField,
    MinuteField,
    TagNamesField,
    VisibleTo,
    ZoneField,
)
from todos.api.serializers.filters import SavedFilterSerializer
from todos.api.serializers.lists import TaskListSerializer
from todos.api.serializers.sections import SectionSerializer
from todos.api.serializers.tags import TagSerializer
from todos.api.serializers.tasks import (
    CompletionSerializer,
    MoveSerializer,
    OwnerSerializer,
    PostponementSerializer,
    SkipSerializer,
    TaskSerializer,
)
from todos.api.serializers.trash import TrashedSerializer

__all__ = [
    "CompletionSerializer",
    "DayField",
    "MinuteField",
    "MoveSerializer",
    "OwnerSerializer",
    "PostponementSerializer",
    "SavedFilterSerializer",
    "SectionSerializer",
    "SkipSerializer",
    "TagNamesField",
    "TagSerializer",
    "TaskListSerializer",
    "TaskSerializer",
    "TrashedSerializer",
    "VisibleTo",
    "ZoneField",
]
