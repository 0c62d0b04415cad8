"""Form controls of our own."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A select with hundreds of options, such as time zones.

    Django renders a template for each option, which costs more than the rest of the page, and
    `format_html` is six times as slow as this.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        options = options_of(self.choices, set(self.format_value(value)))
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", attributes, options)


def options_of(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> SafeString:
    """The options of a select, those of a group together."""
    return SafeString("".join(option_of(*choice, chosen) for choice in choices))  # nosec B703


def option_of(key: Any, label: Any, chosen: set[str]) -> str:
    if isinstance(label, (list, tuple)):
        return f'<optgroup label="{escape(str(key))}">{options_of(label, chosen)}</optgroup>'
    selected = " selected" if str(key) in chosen else ""
    return f'<option value="{escape(str(key))}"{selected}>{escape(str(label))}</option>'
