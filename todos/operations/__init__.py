"""Every verb of the to-do list. Pages, API, admin and commands all end here."""

from todos.operations.bulk import Outcome, do_all
from todos.operations.comments import add_comment, change_comment, delete_comment
from todos.operations.completing import (
    UNNAMED,
    complete_task,
    postpone_task,
    reopen_task,
    skip_task,
)
from todos.operations.filters import change_filter, create_filter, delete_filter
from todos.operations.journal import expecting, writing
from todos.operations.lists import (
    archive_list,
    change_list,
    create_list,
    step_list,
    unarchive_list,
)
from todos.operations.quick_add import quick_add, read_lines
from todos.operations.reminders import add_reminder, delete_reminder
from todos.operations.sections import (
    change_section,
    create_section,
    delete_section,
    step_section,
)
from todos.operations.tags import change_tag, create_tag, delete_tag
from todos.operations.tasks import change_task, create_task
from todos.operations.trash import (
    empty_trash,
    erase_list,
    erase_task,
    restore_list,
    restore_task,
    trash_list,
    trash_task,
)
from todos.operations.tree import move_task
from todos.operations.undo import undo_batch, undo_change, undo_session
from todos.operations.undo_fields import Undone

__all__ = [
    "UNNAMED",
    "Outcome",
    "Undone",
    "add_comment",
    "add_reminder",
    "archive_list",
    "change_comment",
    "change_filter",
    "change_list",
    "change_section",
    "change_tag",
    "change_task",
    "complete_task",
    "create_filter",
    "create_list",
    "create_section",
    "create_tag",
    "create_task",
    "delete_comment",
    "delete_filter",
    "delete_reminder",
    "delete_section",
    "delete_tag",
    "do_all",
    "empty_trash",
    "erase_list",
    "erase_task",
    "expecting",
    "move_task",
    "postpone_task",
    "quick_add",
    "read_lines",
    "reopen_task",
    "restore_list",
    "restore_task",
    "skip_task",
    "step_list",
    "step_section",
    "trash_list",
    "trash_task",
    "unarchive_list",
    "undo_batch",
    "undo_change",
    "undo_session",
    "writing",
]
