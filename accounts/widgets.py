"""Form controls of our own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A select with hundreds of options, such as time zones.

    Django renders a template for each option, which costs more than the rest of the page.
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
    return format_html_join("", "{}", ((option_of(*choice, chosen),) for choice in choices))


def option_of(key: Any, label: Any, chosen: set[str]) -> SafeString:
    if isinstance(label, (list, tuple)):
        return format_html('<optgroup label="{}">{}</optgroup>', key, options_of(label, chosen))
    selected = SELECTED if str(key) in chosen else ""
    return format_html('<option value="{}"{}>{}</option>', key, selected, label)


SELECTED = SafeString(" selected")
