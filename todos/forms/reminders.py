"""What pages ask for about a reminder."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _


class MomentField(forms.Field):
    """A day and a time by the clock of the person, as `<input type="datetime-local">` sends it.

    A time that a clock change skips is the same length after it; one that comes twice is the
    first of the two.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            moment = parse_datetime(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo:
            raise ValidationError(_("Enter a day and a time."), code="invalid")
        return moment.replace(tzinfo=timezone.get_current_timezone())


class ReminderForm(forms.Form):
    """When to be reminded: at a moment, or so long before the task is due."""

    remind_at = MomentField(label=_("Day and time"), required=False)
    minutes_before = forms.TypedChoiceField(
        label=_("Before it is due"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[
            (0, _("When it is due")),
            (5, _("5 minutes before")),
            (10, _("10 minutes before")),
            (30, _("30 minutes before")),
            (60, _("1 hour before")),
            (120, _("2 hours before")),
            (24 * 60, _("1 day before")),
            (2 * 24 * 60, _("2 days before")),
            (7 * 24 * 60, _("1 week before")),
        ],
        initial=30,
    )
