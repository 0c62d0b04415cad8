"""What pages ask for to move a task."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import LongSelect
from todos.models import Section, Task, TaskList

MOST_TASKS = 200


class ListForm(forms.Form):
    """The list to look at."""

    list = forms.ModelChoiceField(TaskList.objects.none(), label=_("List"), empty_label=None)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].queryset = TaskList.objects.visible_to(owner).active()  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """A place in one list: at an end, or beside another task."""

    into = forms.ChoiceField(label=_("To the end of"), required=False)
    side = forms.ChoiceField(
        label=_("Where"),
        required=False,
        choices=[("before", _("Before")), ("after", _("After"))],
    )
    beside = forms.ChoiceField(label=_("Task"), widget=LongSelect, required=False)

    def __init__(self, *args: Any, task: Task, task_list: TaskList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task_list = task_list
        sections = Section.objects.visible_to(task.owner).filter(task_list=task_list)
        self.sections = {f"section-{section.pk}": section for section in sections}
        others = Task.objects.visible_to(task.owner).open().filter(task_list=task_list)
        rows = others.exclude(pk=task.pk).select_related("parent").by_position()[:MOST_TASKS]
        self.tasks = {str(other.pk): other for other in rows}
        titles = {key: title_in_full(other) for key, other in self.tasks.items()}
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            ("list", _("the list “%(list)s”") % {"list": task_list}),
            *((key, _("section “%(name)s”") % {"name": row}) for key, row in self.sections.items()),
            *((f"task-{key}", _("below “%(task)s”") % {"task": titles[key]}) for key in titles),
        ]
        self.fields["beside"].choices = list(titles.items())  # type: ignore[attr-defined]

    def operation_fields(self) -> dict[str, Any]:
        """The place that was chosen, for `move_task`."""
        beside = self.tasks.get(self.cleaned_data["beside"])
        if beside:
            return {self.cleaned_data["side"] or "after": beside}
        into = self.cleaned_data["into"]
        if into in self.sections:
            return {"section": self.sections[into]}
        parent = self.tasks.get(into.removeprefix("task-"))
        if parent:
            return {"parent": parent}
        return {"task_list": self.task_list, "section": None, "parent": None}


def title_in_full(task: Task) -> str:
    return f"{task.parent} / {task}" if task.parent else str(task)
