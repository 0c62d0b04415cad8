"""The routes of the to-do list under /api/v1/, as docs/api.md writes them."""

from accounts.api.routing import path
from todos.api import views

LIST = {"get": "list", "post": "create"}
ONE = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
RESTORE = {"post": "restore"}

urlpatterns = [
    path("tasks/", views.TaskViewSet.as_view(LIST), name="tasks"),
    path("tasks/<int:pk>", views.TaskViewSet.as_view({**ONE, "put": "update"}), name="task"),
    path(
        "tasks/complete/<int:pk>",
        views.TaskViewSet.as_view({"put": "complete"}),
        name="complete-task",
    ),
    path("tasks/<int:pk>/skip", views.TaskViewSet.as_view({"post": "skip"}), name="skip-task"),
    path(
        "tasks/<int:pk>/postpone",
        views.TaskViewSet.as_view({"post": "postpone"}),
        name="postpone-task",
    ),
    path("tasks/<int:pk>/move", views.TaskViewSet.as_view({"post": "move"}), name="move-task"),
    path("tasks/<int:pk>/restore", views.TaskViewSet.as_view(RESTORE), name="restore-task"),
    path("tasks/<int:pk>/comments/", views.CommentViewSet.as_view(LIST), name="comments"),
    path(
        "tasks/<int:pk>/comments/<int:row>",
        views.CommentViewSet.as_view({"patch": "partial_update", "delete": "destroy"}),
        name="comment",
    ),
    path("tasks/bulk", views.BulkView.as_view(), name="bulk"),
    path("tasks/quick", views.QuickAddView.as_view(), name="quick-add"),
    path("tasks/quick/preview", views.QuickAddPreviewView.as_view(), name="preview-quick-add"),
    path("recurrences/preview", views.RulePreviewView.as_view(), name="preview-rule"),
    path("tasks/<int:pk>/reminders/", views.ReminderViewSet.as_view(LIST), name="reminders"),
    path(
        "tasks/<int:pk>/reminders/<int:row>",
        views.ReminderViewSet.as_view({"delete": "destroy"}),
        name="reminder",
    ),
    path("tasks/<int:pk>/changes", views.HistoryView.as_view(), name="task-changes"),
    path("changes", views.FeedView.as_view(), name="changes"),
    path("changes/<int:pk>/undo", views.UndoChangeView.as_view(), name="undo-change"),
    path("sessions/<uuid:pk>/undo", views.UndoSessionView.as_view(), name="undo-session"),
    path("lists/", views.TaskListViewSet.as_view(LIST), name="lists"),
    path("lists/<int:pk>", views.TaskListViewSet.as_view(ONE), name="list"),
    path("lists/<int:pk>/restore", views.TaskListViewSet.as_view(RESTORE), name="restore-list"),
    path("sections/", views.SectionViewSet.as_view(LIST), name="sections"),
    path("sections/<int:pk>", views.SectionViewSet.as_view(ONE), name="section"),
    path("tags/", views.TagViewSet.as_view(LIST), name="tags"),
    path("tags/<int:pk>", views.TagViewSet.as_view(ONE), name="tag"),
    path("filters/", views.SavedFilterViewSet.as_view(LIST), name="filters"),
    path("filters/<int:pk>", views.SavedFilterViewSet.as_view(ONE), name="filter"),
    path("trash/", views.TrashView.as_view(), name="trash"),
    path("trash/tasks/<int:pk>", views.TrashedTaskView.as_view(), name="trashed-task"),
    path("trash/lists/<int:pk>", views.TrashedListView.as_view(), name="trashed-list"),
    path("users/me/export", views.ExportView.as_view(), name="export"),
    path("users/me/export/file", views.ExportFileView.as_view(), name="export-file"),
    path("users/me/import", views.ImportView.as_view(), name="import"),
    path("stats", views.StatsView.as_view(), name="stats"),
    path("reports/", views.ReportView.as_view(), name="reports"),
]
