"""The pages of the to-do list."""

from django.urls import path

from todos.views import (
    activity,
    comments,
    completing,
    lists,
    pages,
    reminders,
    reports,
    tasks,
    trash,
)

app_name = "todos"

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("inbox", pages.inbox, name="inbox"),
    path("today", pages.today, name="today"),
    path("upcoming", pages.upcoming, name="upcoming"),
    path("done", pages.done, name="done"),
    path("search", pages.search, name="search"),
    path("tasks", pages.tasks, name="tasks"),
    path("tasks/add", tasks.add_task, name="add-task"),
    path("tasks/<int:pk>", tasks.task, name="task"),
    path("tasks/<int:pk>/complete", completing.complete_task, name="complete-task"),
    path("tasks/<int:pk>/row", completing.task_row, name="task-row"),
    path("tasks/<int:pk>/skip", completing.skip_task, name="skip-task"),
    path("tasks/<int:pk>/postpone", completing.postpone_task, name="postpone-task"),
    path("tasks/<int:pk>/trash", tasks.trash_task, name="trash-task"),
    path("tasks/<int:pk>/restore", tasks.restore_task, name="restore-task"),
    path("tasks/<int:pk>/erase", tasks.erase_task, name="erase-task"),
    path("tasks/<int:pk>/comments", comments.add_comment, name="add-comment"),
    path("comments/<int:pk>/edit", comments.edit_comment, name="edit-comment"),
    path("comments/<int:pk>/delete", comments.delete_comment, name="delete-comment"),
    path("tasks/<int:pk>/reminders", reminders.add_reminder, name="add-reminder"),
    path("reminders/<int:pk>/delete", reminders.delete_reminder, name="delete-reminder"),
    path("changes/<int:pk>/undo", activity.undo_change, name="undo-change"),
    path("lists", lists.lists, name="lists"),
    path("lists/new", lists.create_list, name="create-list"),
    path("lists/<int:pk>", pages.task_list, name="list"),
    path("lists/<int:pk>/edit", lists.edit_list, name="edit-list"),
    path("lists/<int:pk>/archive", lists.archive_list, name="archive-list"),
    path("lists/<int:pk>/unarchive", lists.unarchive_list, name="unarchive-list"),
    path("lists/<int:pk>/trash", lists.trash_list, name="trash-list"),
    path("lists/<int:pk>/restore", lists.restore_list, name="restore-list"),
    path("lists/<int:pk>/erase", lists.erase_list, name="erase-list"),
    path("tags", lists.tags, name="tags"),
    path("tags/<int:pk>", pages.tag, name="tag"),
    path("tags/<int:pk>/edit", lists.edit_tag, name="edit-tag"),
    path("tags/<int:pk>/delete", lists.delete_tag, name="delete-tag"),
    path("trash", trash.trash, name="trash"),
    path("trash/empty", trash.empty_trash, name="empty-trash"),
    path("report", reports.report, name="report"),
    path("report.csv", reports.report_file, name="report-file"),
]
