"""What pages ask for to move a task."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import LongSelect
from todos.models import Section, Task, TaskList

MOST_OFFERED = 200


class ListForm(forms.Form):
    """The list to look at."""

    list = forms.ModelChoiceField(TaskList.objects.none(), label=_("List"), empty_label=None)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].queryset = TaskList.objects.visible_to(owner).active()  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """A place for a task: beside another one, or the end of a section, a parent or a list."""

    before = forms.ModelChoiceField(
        Task.objects.none(), label=_("Before"), widget=LongSelect, required=False
    )
    after = forms.ModelChoiceField(Task.objects.none(), required=False)
    section = forms.ModelChoiceField(
        Section.objects.none(), label=_("To the end of"), required=False
    )
    parent = forms.ModelChoiceField(
        Task.objects.none(), label=_("As a sub-task of"), widget=LongSelect, required=False
    )
    list = forms.ModelChoiceField(TaskList.objects.none(), widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tasks = Task.objects.visible_to(owner)
        places = {
            "before": tasks,
            "after": tasks,
            "section": Section.objects.visible_to(owner),
            "parent": tasks,
            "list": TaskList.objects.visible_to(owner),
        }
        for name, rows in places.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            self.fields[name].error_messages["invalid_choice"] = _("That place is gone.")

    def offer(self, task: Task, task_list: TaskList) -> None:
        """Let people choose among the places of one list: some of it, where it is a long one."""
        open_tasks = Task.objects.visible_to(task.owner).open().filter(task_list=task_list)
        others = open_tasks.exclude(pk=task.pk).select_related("parent").by_position()
        titles = [(other.pk, title_in_full(other)) for other in others[:MOST_OFFERED]]
        sections = Section.objects.visible_to(task.owner).filter(task_list=task_list)
        the_list = _("the list “%(list)s”") % {"list": task_list}
        choices = {
            "section": [("", the_list), *((row.pk, str(row)) for row in sections)],
            "parent": titles,
            "before": titles,
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.initial["list"] = task_list.pk

    def clean(self) -> dict[str, Any]:
        """Refuse a form that names no place."""
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            raise ValidationError(_("Choose a place first."))
        return data

    def operation_fields(self) -> dict[str, Any]:
        """The place that was chosen, for `move_task`: the nearest one, if it names several."""
        for name in ("before", "after", "parent", "section"):
            if self.cleaned_data[name]:
                return {name: self.cleaned_data[name]}
        return {"task_list": self.cleaned_data["list"], "section": None, "parent": None}


def title_in_full(task: Task) -> str:
    return f"{task.parent} / {task}" if task.parent else str(task)
