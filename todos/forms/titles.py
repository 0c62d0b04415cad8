"""What pages ask for to change a title."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from todos.models import Task


class TitleForm(forms.ModelForm[Task]):
    """The title, with what it was when the form was opened."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Task
        fields = ["title"]

    def __init__(self, data: Any = None, *, task: Task) -> None:
        super().__init__(data, instance=task, initial={"was": task.title}, auto_id="rename-%s")
        self.present = task.title

    def clean(self) -> dict[str, Any]:
        """Refuse another title than the one that somebody gave it meanwhile, and tell that one."""
        data = super().clean() or {}
        if data.get("title") and self.present not in {data.get("was"), data["title"]}:
            words = _("Somebody changed it meanwhile. It is now: %(title)s")
            self.add_error("title", words % {"title": self.present})
            self.data["was"] = self.present  # type: ignore[index]
        return data

    def _post_clean(self) -> None:
        """Leave the row alone: `change_task` sets and checks the title."""
