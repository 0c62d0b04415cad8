"""What pages ask for. Each form ends in an operation; the model's fields say what is allowed."""

from todos.forms.comments import CommentForm
from todos.forms.lists import TagForm, TaskListForm
from todos.forms.moving import ListForm, MoveForm
from todos.forms.reminders import ReminderForm
from todos.forms.search import SearchForm
from todos.forms.tasks import AddTaskForm, PostponeForm, RepetitionForm, TaskForm

__all__ = [
    "AddTaskForm",
    "CommentForm",
    "ListForm",
    "MoveForm",
    "PostponeForm",
    "ReminderForm",
    "RepetitionForm",
    "SearchForm",
    "TagForm",
    "TaskForm",
    "TaskListForm",
]
