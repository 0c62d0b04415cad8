"""What pages ask for to change many tasks at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from todos.forms.tasks import TagsField, day_input
from todos.models import Task, TaskList, validate_day
from todos.quickadd import LONGEST_LINE, parse_due

# What may be done with many tasks, and the field that it needs.
ACTS = {
    "complete": "",
    "date": "",
    "priority": "priority",
    "move": "task_list",
    "tag": "tags",
    "trash": "",
}
LONGEST_ID = 18
# All that one page shows: a hundred tasks, and three hundred below these.
MOST_TICKED = 400
SATURDAY = 6


def is_id(text: str) -> bool:
    """Whether `text` can be the id of a row."""
    return text.isdecimal() and len(text) <= LONGEST_ID


class DateChoiceForm(forms.Form):
    """A day, named as people do, in words or by its date."""

    when = forms.ChoiceField(
        required=False,
        choices=[
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("weekend", _("This weekend")),
            ("week", _("Next week")),
            ("day", _("This day")),
            ("none", _("No date")),
        ],
    )
    words = forms.CharField(
        label=_("Or in words"),
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    day = forms.DateField(
        label=_("Or a day"), required=False, widget=day_input(), validators=[validate_day]
    )

    def __init__(self, data: Any = None, *, owner: User) -> None:
        # The same fields stand on the page beneath, which names them otherwise.
        super().__init__(data, auto_id="ask-%s")
        self.owner = owner

    def due_chosen(self) -> dict[str, Any]:
        """The fields of a task that say when: a day, None for no day, and what words say besides.

        What was pressed is meant, whatever stands beside it. Raises ValidationError by field.
        """
        data, now = self.cleaned_data, timezone.localtime()
        named = near_days(now.date(), self.owner.week_start)
        if data["when"] == "none":
            return {"due_on": None}
        if data["when"] in named:
            return {"due_on": named[data["when"]]}
        if data["words"]:
            return self.due_in_words(data["words"], now)
        if data["day"]:
            return {"due_on": data["day"]}
        raise ValidationError({"day": _("Choose a day.")})

    def due_in_words(self, words: str, now: datetime) -> dict[str, Any]:
        try:
            said = parse_due(
                words,
                now=now,
                date_order=self.owner.date_order,
                week_start=self.owner.week_start,
            )
        except ValidationError as problem:
            raise ValidationError({"words": problem}) from problem
        fields = {"due_on": said.day, "due_time": said.time, "rule": said.rule}
        given = {name: value for name, value in fields.items() if value}
        return given | ({"repeats_from": said.repeats_from} if said.rule else {})


def near_days(today: date, week_start: int) -> dict[str, date]:
    """The days that people name most, seen from `today`. A weekend begins on Saturday."""
    to_next_week = (week_start - today.isoweekday()) % 7 or 7
    to_weekend = (SATURDAY - today.isoweekday()) % 7
    days = {"today": 0, "tomorrow": 1, "weekend": to_weekend, "week": to_next_week}
    return {name: today + timedelta(days=number) for name, number in days.items()}


class BulkForm(DateChoiceForm):
    """What to do with the tasks that were ticked.

    A tick is the id of a task, a slash, and the occurrence that was shown.
    """

    do = forms.ChoiceField(choices=[(name, name) for name in ACTS])
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
        label=_("Tags to add"),
        required=False,
        widget=forms.TextInput(
            attrs={"maxlength": 200, "autocomplete": "off", "list": "tag-names"}
        ),
    )
    also = TagsField(required=False)
    untag = TagsField(required=False)

    def __init__(self, data: Any = None, *, owner: User) -> None:
        super().__init__(data, owner=owner)
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
        if len(found) > MOST_TICKED:
            raise ValidationError(_("Tick %(most)d tasks at most.") % {"most": MOST_TICKED})
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse an act without what it needs."""
        data = super().clean() or {}
        data["tags"] = [*data.get("tags", []), *data.get("also", [])]
        needed = ACTS.get(data.get("do", ""), "")
        is_given = data.get(needed) or (needed == "tags" and data.get("untag"))
        if needed and not is_given and needed not in self.errors:
            self.add_error(needed, _("Choose one first."))
        return data
