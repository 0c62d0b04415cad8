"""Lists, tasks and tags, and the journal of every change to them."""

from todos.models.changes import Change, ChangeQuerySet, Journal
from todos.models.colors import Color
from todos.models.lists import TaskList, TaskListQuerySet
from todos.models.tags import Tag, TagQuerySet
from todos.models.tasks import FIRST_DAY, LAST_DAY, Task, TaskQuerySet, TaskTag, validate_day

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Change",
    "ChangeQuerySet",
    "Color",
    "Journal",
    "Tag",
    "TagQuerySet",
    "Task",
    "TaskList",
    "TaskListQuerySet",
    "TaskQuerySet",
    "TaskTag",
    "validate_day",
]
