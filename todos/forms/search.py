"""What is to be found."""

from django import forms
from django.utils.translation import gettext_lazy as _

from todos.search import words_of


class SearchForm(forms.Form):
    """Words to find."""

    q = forms.CharField(label=_("Search"), required=False)

    def clean_q(self) -> list[str]:
        return words_of(self.cleaned_data["q"])
