"""The API of tasks, lists, tags and the trash."""

from todos.api.views.bulk import BulkView
from todos.api.views.changes import FeedView, HistoryView, UndoChangeView, UndoSessionView
from todos.api.views.comments import CommentViewSet
from todos.api.views.filters import SavedFilterViewSet
from todos.api.views.lists import TaskListViewSet
from todos.api.views.quick import QuickAddPreviewView, QuickAddView, RulePreviewView
from todos.api.views.reminders import ReminderViewSet
from todos.api.views.reports import ReportView
from todos.api.views.sections import SectionViewSet
from todos.api.views.stats import StatsView
from todos.api.views.tags import TagViewSet
from todos.api.views.tasks import TaskViewSet
from todos.api.views.transfers import ExportFileView, ExportView, ImportView
from todos.api.views.trash import TrashedListView, TrashedTaskView, TrashView

__all__ = [
    "BulkView",
    "CommentViewSet",
    "ExportFileView",
    "ExportView",
    "FeedView",
    "HistoryView",
    "ImportView",
    "QuickAddPreviewView",
    "QuickAddView",
    "ReminderViewSet",
    "ReportView",
    "RulePreviewView",
    "SavedFilterViewSet",
    "SectionViewSet",
    "StatsView",
    "TagViewSet",
    "TaskListViewSet",
    "TaskViewSet",
    "TrashView",
    "TrashedListView",
    "TrashedTaskView",
    "UndoChangeView",
    "UndoSessionView",
]
