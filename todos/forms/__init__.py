"""What pages ask for. Each form ends in an operation; the model's fields say what is allowed."""

from todos.forms.activity import ActivityForm, UndoSessionForm
from todos.forms.bulk import BulkForm, DateChoiceForm
from todos.forms.comments import CommentForm
from todos.forms.lists import SectionForm, TagForm, TaskListForm
from todos.forms.moving import ListForm, PlaceForm
from todos.forms.reminders import ReminderForm
from todos.forms.search import SearchForm
from todos.forms.tasks import AddTaskForm, PostponeForm, RepetitionForm, TaskForm
from todos.forms.titles import TitleForm

__all__ = [
    "ActivityForm",
    "AddTaskForm",
    "BulkForm",
    "CommentForm",
    "DateChoiceForm",
    "ListForm",
    "PlaceForm",
    "PostponeForm",
    "ReminderForm",
    "RepetitionForm",
    "SearchForm",
    "SectionForm",
    "TagForm",
    "TaskForm",
    "TaskListForm",
    "TitleForm",
    "UndoSessionForm",
]
