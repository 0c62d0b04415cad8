"""What pages ask for about a task."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.validators import time_zones
from accounts.widgets import LongSelect
from todos.models import Tag, Task, TaskList, validate_day


class TagsField(forms.Field):
    """Names of tags with commas between them; a leading @ or # is let go."""

    def to_python(self, value: Any) -> list[str]:
        names = (name.strip().lstrip("@#") for name in str(value or "").split(","))
        return [name for name in names if name]

    def validate(self, value: list[str]) -> None:
        for name in value:
            Tag._meta.get_field("name").clean(name, None)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or []) != sorted(self.to_python(data))


class AddTaskForm(forms.ModelForm[Task]):
    """One line and Enter; the page adds the list, the day or the tag that it shows."""

    tags = TagsField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Task
        fields = ["title", "task_list", "due_on"]
        widgets: ClassVar = {"task_list": forms.HiddenInput, "due_on": forms.HiddenInput}

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_list"].queryset = TaskList.objects.visible_to(owner).active()  # type: ignore[attr-defined]
        self.fields["task_list"].required = False

    def operation_fields(self) -> dict[str, Any]:
        """The fields that were given, for `create_task`."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class TaskForm(forms.ModelForm[Task]):
    """All that a person can set on a task."""

    tags = TagsField(
        label=_("Tags"),
        required=False,
        help_text=_("Words with commas between them. A new word makes a new tag."),
    )
    due_zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=LongSelect,
        required=False,
        help_text=_("Only for a time that stays the same wherever you are."),
    )

    class Meta:
        model = Task
        fields = [
            "title",
            "description",
            "task_list",
            "tags",
            "priority",
            "due_on",
            "due_time",
            "due_zone",
        ]
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "due_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task = self.instance
        for field in self.fields.values():
            # What another tab saved since this one was opened is not a change made here.
            field.show_hidden_initial = True
        lists = TaskList.objects.visible_to(owner).active()
        self.fields["task_list"].queryset = lists | TaskList.objects.filter(pk=task.task_list_id)  # type: ignore[attr-defined]
        self.fields["due_zone"].choices = [  # type: ignore[attr-defined]
            ("", _("Wherever I am")),
            *((name, name.replace("_", " ")) for name in time_zones()),
        ]
        self.initial["tags"] = [tag.name for tag in task.tags.all()]

    def clean(self) -> dict[str, Any]:
        """Let go of a time whose day was cleared, and of a zone whose time was."""
        data = super().clean() or {}
        if data.get("due_on") is None and "due_time" not in self.changed_data:
            data |= {"due_time": None, "due_zone": ""}
        if data.get("due_time") is None and "due_zone" not in self.changed_data:
            data["due_zone"] = ""
        return data

    def _post_clean(self) -> None:
        """Leave the row alone: `change_task` sets and checks the fields."""

    def operation_fields(self) -> dict[str, Any]:
        """The fields that differ, for `change_task`."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class PostponeForm(forms.Form):
    """Another day."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[validate_day],
    )
