"""What the page of one's data asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A file that was exported."""

    file = forms.FileField(
        label=_("File"), error_messages={"required": _("Choose the file that you exported.")}
    )
