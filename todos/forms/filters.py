"""What pages ask for about a saved filter."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from todos.models import SavedFilter


class SavedFilterForm(forms.ModelForm[SavedFilter]):
    """The name of a filter, and what it says."""

    class Meta:
        model = SavedFilter
        fields = ["name", "query"]
        widgets: ClassVar = {
            "query": forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"})
        }
        help_texts: ClassVar = {"query": _("For example: <code>(today | overdue) &amp; p1</code>")}

    def _post_clean(self) -> None:
        """Leave the row alone: the operation sets and checks the fields."""
