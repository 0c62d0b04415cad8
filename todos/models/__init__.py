"""Lists, tasks and tags, what hangs on them, and the journal of every change to them."""

from todos.models.answers import StoredAnswer
from todos.models.changes import Change, ChangeQuerySet, Journal
from todos.models.colors import Color
from todos.models.comments import Comment
from todos.models.completions import Completion
from todos.models.filters import SavedFilter
from todos.models.lists import Section, TaskList, TaskListQuerySet
from todos.models.reminders import Reminder
from todos.models.search import SearchText
from todos.models.tags import Tag, TagQuerySet
from todos.models.tasks import Task, TaskQuerySet, TaskTag, validate_day
from todos.models.transfers import Transfer, TransferChunk
from todos.recurrence import FIRST_DAY, LAST_DAY

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Change",
    "ChangeQuerySet",
    "Color",
    "Comment",
    "Completion",
    "Journal",
    "Reminder",
    "SavedFilter",
    "SearchText",
    "Section",
    "StoredAnswer",
    "Tag",
    "TagQuerySet",
    "Task",
    "TaskList",
    "TaskListQuerySet",
    "TaskQuerySet",
    "TaskTag",
    "Transfer",
    "TransferChunk",
    "validate_day",
]
