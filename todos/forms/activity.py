"""What pages ask for about changes."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ActivityForm(forms.Form):
    """Which changes to show."""

    task = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    device = forms.UUIDField(required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class UndoSessionForm(forms.Form):
    """A device, and the moment since when all that it did is taken back."""

    device = forms.UUIDField(widget=forms.HiddenInput)
    since = forms.DateTimeField(
        label=_("Undo everything it did since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
