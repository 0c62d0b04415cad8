"""What pages ask for about a task."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.validators import validate_time_zone
from accounts.widgets import LongSelect
from accounts.zones import ZoneChoices
from todos.models import Section, Tag, Task, TaskList, validate_day
from todos.quickadd import LONGEST_LINE, parse_recurrence
from todos.quickadd.lines import MOST_LINES
from todos.recurrence import Rule, explain


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


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AddTaskForm(forms.ModelForm[Task]):
    """One line and Enter, or several lines; the page adds the list, the day or the tag that it
    shows, for what a line does not say.
    """

    title = forms.CharField(max_length=LONGEST_LINE * MOST_LINES, strip=False)
    tags = TagsField(required=False, widget=forms.HiddenInput)
    uid = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    class Meta:
        model = Task
        fields = ["task_list", "section", "parent", "due_on"]
        widgets: ClassVar = dict.fromkeys(
            ("task_list", "section", "parent", "due_on"), forms.HiddenInput
        )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Its fields are hidden, and stand beside another form's; what can be chosen is asked when
        # something was.
        self.auto_id = False
        self.fields["task_list"].required = False
        if not self.is_bound:
            return
        self.fields["task_list"].queryset = TaskList.objects.visible_to(owner).active()  # type: ignore[attr-defined]
        self.fields["section"].queryset = Section.objects.visible_to(owner)  # type: ignore[attr-defined]
        self.fields["parent"].queryset = Task.objects.visible_to(owner)  # type: ignore[attr-defined]

    def operation_fields(self) -> dict[str, Any]:
        """The fields that were given, but for the lines, for `quick_add`."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: value for name, value in given.items() if name not in {"title", "uid"}}

    def line_uid(self) -> UUID | None:
        """The uid of the task to be: the same for the same text of the same page, so that a
        double click adds one task, and another one for another text.
        """
        uid: UUID | None = self.cleaned_data["uid"]
        return uid and uuid5(uid, self.cleaned_data["title"])

    def _post_clean(self) -> None:
        """Leave the row alone: `quick_add` makes and checks it."""

    def in_query(self) -> str:
        """What the page adds and what was typed, for the address of the field for many lines."""
        values = {name: self[name].value() for name in self.fields if name != "uid"}
        return urlencode({name: value for name, value in values.items() if value})


def repetition_in(data: dict[str, Any], owner: User) -> dict[str, Any]:
    """The fields that follow from the words in `data["repeats"]`, with the day it begins if none
    was given. Raises ValidationError when they are not understood.
    """
    if not data["repeats"]:
        return {"rule": ""}
    read = parse_recurrence(
        data["repeats"],
        now=timezone.localtime(),
        date_order=owner.date_order,
        week_start=owner.week_start,
    )
    fields: dict[str, Any] = {"rule": read.rule, "repeats_from": read.repeats_from}
    if data.get("due_on") is None:
        fields |= {"due_on": read.day, "due_time": read.time}
    elif read.time and not data.get("due_time"):
        fields["due_time"] = read.time
    return fields


class TaskForm(forms.ModelForm[Task]):
    """All that a person can set on a task, but for its place among others.

    What a form does not send stands as it is: one with a single field changes that alone.
    """

    tags = TagsField(
        label=_("Tags"),
        required=False,
        help_text=_("Words with commas between them. A new word makes a new tag."),
    )
    due_zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=LongSelect,
        choices=ZoneChoices(("", _("Wherever I am"))),
        required=False,
        help_text=_("Only for a time of another place, such as 9:00 in London."),
    )
    repeats = forms.CharField(
        label=_("Repeats"),
        required=False,
        max_length=LONGEST_LINE,
        help_text=_(
            "Such as: every 2 weeks on Monday. every! 3 days counts from the day it is done."
        ),
    )
    meant_for = forms.ChoiceField(
        label=_("This task repeats. Another day is meant for"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("one", _("this one alone")), ("all", _("this one and all from now on"))],
    )

    class Meta:
        model = Task
        fields = [
            "title",
            "description",
            "task_list",
            "section",
            "tags",
            "priority",
            "start_on",
            "due_on",
            "due_time",
            "due_zone",
        ]
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "start_on": day_input(),
            "due_on": day_input(),
            "due_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner, task = owner, self.instance
        lists = TaskList.objects.visible_to(owner).active()
        self.fields["task_list"].queryset = lists | TaskList.objects.filter(pk=task.task_list_id)  # type: ignore[attr-defined]
        sections = Section.objects.visible_to(owner).filter(task_list=task.task_list_id)
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]
        self.initial["tags"] = [tag.name for tag in task.tags.all()]
        self.initial["repeats"] = task.rule and explain(Rule.parse(task.rule), task.repeats_from)
        if task.parent_id:
            del self.fields["section"]
        for name, field in self.fields.items():
            # What another tab saved since this one was opened is not a change made here.
            field.show_hidden_initial = name != "meant_for"
        if self.is_bound:
            self.data = self.with_what_stands(self.data)

    def with_what_stands(self, sent: Any) -> Any:
        data = sent.copy()
        for name in self.fields:
            if name not in data and name != "meant_for":
                data[name] = data[f"initial-{name}"] = self.present(name)
        return data

    def clean(self) -> dict[str, Any]:
        """Let go of a time whose day was cleared, and of a zone whose time was; read how the
        task repeats, and ask which occurrences another day is meant for.
        """
        data = super().clean() or {}
        if data.get("due_on") is None and "due_time" not in self.changed_data:
            data |= {"due_time": None, "due_zone": ""}
        if data.get("due_time") is None and "due_zone" not in self.changed_data:
            data["due_zone"] = ""
        if "repeats" in self.changed_data and "repeats" in data:
            try:
                data |= repetition_in(data, self.owner)
            except ValidationError as error:
                self.add_error("repeats", error)
        self.asks_which = self.moves_an_occurrence(data)
        if self.asks_which and not data.get("meant_for"):
            self.add_error("meant_for", _("Say which of the two it is."))
        return data

    asks_which = False

    def moves_an_occurrence(self, data: dict[str, Any]) -> bool:
        """Whether the day of a task that goes on repeating as it did is another one now."""
        named = {"due_on", "repeats"} & set(self.changed_data)
        before = self.instance.rule and self.instance.due_on
        return bool(named == {"due_on"} and before and data.get("due_on"))

    def _post_clean(self) -> None:
        """Leave the row alone: `change_task` sets and checks the fields."""

    def operation_fields(self) -> dict[str, Any]:
        """The fields that differ, for `change_task`."""
        derived = {"rule", "repeats_from", "due_on", "due_time"} if self.recurs_anew else set()
        names = {*self.changed_data, *derived} - {"repeats", "meant_for"}
        return {name: value for name, value in self.cleaned_data.items() if name in names}

    @property
    def recurs_anew(self) -> bool:
        return "repeats" in self.changed_data

    def as_sent(self) -> list[tuple[str, str]]:
        """What differs and what it was opened with, to be sent again with an answer."""
        changed = [name for name in self.changed_data if name != "meant_for"]
        names = [each for name in changed for each in (name, f"initial-{name}")]
        return [(name, self.data[name]) for name in names if name in self.data]

    # What somebody else changed meanwhile

    def opened_with(self, name: str) -> str:
        """What a field holds as the form is opened, to be sent along for `clashes`."""
        present = self.present(name)
        return str(self.data.get(f"initial-{name}", present)) if self.is_bound else present

    def clashes(self) -> list[str]:
        """The fields changed here, and differently elsewhere since the form was opened."""
        return [name for name in self.changed_data if self.was_overtaken(name)]

    def was_overtaken(self, name: str, *, whatever_is_here: bool = False) -> bool:
        bound, present = self[name], self.initial.get(name)
        if bound.html_initial_name not in self.data:
            return False
        opened_with = self._widget_data_value(  # type: ignore[attr-defined]
            bound.field.hidden_widget(), bound.html_initial_name
        )
        elsewhere = bound.field.has_changed(present, opened_with)
        return elsewhere and (whatever_is_here or bound.field.has_changed(present, bound.data))

    def show_both(self, clashes: list[str]) -> None:
        """Keep what was typed, tell what it became elsewhere, and take over the other changes."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for name in self.fields:
            if self.fields[name].show_hidden_initial and self.was_overtaken(
                name, whatever_is_here=True
            ):
                data[self[name].html_initial_name] = self.present(name)
                if name not in self.changed_data:
                    data[self.add_prefix(name)] = self.present(name)
        self.add_error(
            None,
            _("Somebody changed this task while you did. Compare, then save what should stand."),
        )
        for name in clashes:
            words = _("It is now: %(value)s") % {"value": self.in_words(name) or _("nothing")}
            self.add_error(name, words)
        self.data = data

    def present(self, name: str) -> str:
        """The value that the field has in the row, as a form sends it."""
        value = self[name].field.prepare_value(self.initial.get(name))
        if isinstance(value, time):
            return f"{value:%H:%M}"
        return "" if value is None else str(value)

    def in_words(self, name: str) -> str:
        """The value that the field has in the row, as people read it."""
        value, field = self.present(name), self.fields[name]
        labels: dict[Any, Any] = dict(flatten_choices(getattr(field, "choices", ())))
        words = {str(key): str(label) for key, label in labels.items() if key != ""}
        return words.get(value, value)


class RepetitionForm(forms.Form):
    """How a task repeats, while it is being typed."""

    repeats = forms.CharField(required=False, max_length=LONGEST_LINE)
    due_on = forms.DateField(required=False)
    due_time = forms.TimeField(required=False)
    due_zone = forms.CharField(required=False, validators=[validate_time_zone])

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "repeats" in data:
            try:
                data |= repetition_in(data, self.owner)
            except ValidationError as error:
                self.add_error("repeats", error)
        return data


class PostponeForm(forms.Form):
    """Another day for the occurrence of the version that was shown."""

    version = forms.IntegerField(required=False, min_value=1)
    day = forms.DateField(
        label=_("Day"),
        widget=day_input(),
        validators=[validate_day],
    )
