"""What pages ask for to change many tasks at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from todos.forms.tasks import TagsField, day_input
from todos.models import Task, TaskList, validate_day
from todos.operations.bulk import MOST_AT_ONCE

NEEDED = {"move": "task_list", "priority": "priority", "tag": "tags"}
LONGEST_ID = 18


def is_id(text: str) -> bool:
    """Whether `text` can be the id of a row."""
    return text.isdecimal() and len(text) <= LONGEST_ID


class DateChoiceForm(forms.Form):
    """A day, named as people do."""

    when = forms.ChoiceField(
        label=_("Date"),
        required=False,
        choices=[
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("week", _("Next week")),
            ("day", _("This day:")),
            ("none", _("No date")),
        ],
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=day_input(), validators=[validate_day]
    )

    def day_chosen(self, *, today: date, week_start: int) -> date | None:
        """The day that was named; None for no date. Raises ValidationError if it is missing.

        A day that was typed is meant, whatever stands beside it.
        """
        when, day = self.cleaned_data["when"], self.cleaned_data["day"]
        if day and when != "none":
            return day
        if when == "day":
            raise ValidationError(_("Choose a day."))
        to_next_week = (week_start - today.isoweekday()) % 7 or 7
        days = {"today": 0, "tomorrow": 1, "week": to_next_week}
        return today + timedelta(days=days[when]) if when in days else None


class BulkForm(DateChoiceForm):
    """What to do with the tasks that were ticked.

    A tick is the id of a task, a slash, and the occurrence that was shown.
    """

    do = forms.ChoiceField(
        choices=[(name, name) for name in ("complete", "move", "date", "priority", "tag", "trash")]
    )
    task_list = forms.ModelChoiceField(
        TaskList.objects.none(), label=_("List"), empty_label=None, required=False
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Task.Priority.choices,
        coerce=int,
        empty_value=None,
        required=False,
    )
    tags = TagsField(
        label=_("Tags"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_list"].queryset = TaskList.objects.visible_to(owner).active()  # type: ignore[attr-defined]

    def ticked(self) -> dict[int, str | None]:
        """The ids of the tasks with the occurrences that were shown, in the order of the page.

        Raises ValidationError when there are none, or too many.
        """
        ticks = self.data.getlist("task")  # type: ignore[attr-defined]
        parts = [tick.partition("/") for tick in ticks]
        found = {int(pk): shown or None for pk, _slash, shown in parts if is_id(pk)}
        if not found:
            raise ValidationError(_("Tick some tasks first."))
        if len(found) > MOST_AT_ONCE:
            raise ValidationError(_("Tick %(most)d tasks at most.") % {"most": MOST_AT_ONCE})
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse an act without what it needs."""
        data = super().clean() or {}
        needed = NEEDED.get(data.get("do", ""))
        if needed and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Choose one first."))
        return data
