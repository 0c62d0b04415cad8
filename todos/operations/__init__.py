"""Every verb of the to-do list. Pages, API, admin and commands all end here."""

from todos.operations.lists import archive_list, change_list, create_list, unarchive_list
from todos.operations.tags import change_tag, create_tag, delete_tag
from todos.operations.tasks import change_task, complete_task, create_task, reopen_task
from todos.operations.trash import (
    empty_trash,
    erase_list,
    erase_task,
    restore_list,
    restore_task,
    trash_list,
    trash_task,
)
from todos.operations.undo import Undone, undo_change

__all__ = [
    "Undone",
    "archive_list",
    "change_list",
    "change_tag",
    "change_task",
    "complete_task",
    "create_list",
    "create_tag",
    "create_task",
    "delete_tag",
    "empty_trash",
    "erase_list",
    "erase_task",
    "reopen_task",
    "restore_list",
    "restore_task",
    "trash_list",
    "trash_task",
    "unarchive_list",
    "undo_change",
]
