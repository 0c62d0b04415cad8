"""What pages ask for about a list, its sections, or a tag."""

from __future__ import annotations

from typing import Any

from django import forms

from todos.models import Section, Tag, TaskList


class TaskListForm(forms.ModelForm[TaskList]):
    """The name and colour of a list."""

    class Meta:
        model = TaskList
        fields = ["name", "color"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_inbox:
            del self.fields["name"]


class TagForm(forms.ModelForm[Tag]):
    """The name and colour of a tag."""

    class Meta:
        model = Tag
        fields = ["name", "color"]


class SectionForm(forms.ModelForm[Section]):
    """The name of a section."""

    class Meta:
        model = Section
        fields = ["name"]
