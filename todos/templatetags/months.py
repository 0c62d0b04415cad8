"""How what is due is written in a month: up to three entries in each of its days."""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from todos.months import Day, Entry
from todos.templatetags.rows import priority_span
from todos.templatetags.todos import address_of

register = template.Library()

ENTRY = (
    '<li class="day-entry{}"{}><a class="task-title" href="{}">'
    '<span class="dot color-{} priority-{}" aria-hidden="true"></span>'
    '<span class="day-entry-title">{}</span>{}{}</a></li>'
)


@register.simple_tag
def day_entries(day: Day) -> SafeString:
    """The entries of `day` that are shown; those that are due can be dragged."""
    repeats = f'<span class="visually-hidden"> {escape(_("repeats"))}</span>'
    return SafeString("".join(written(entry, repeats) for entry in day.shown))  # nosec B703


def written(entry: Entry, repeats: str) -> str:
    task = entry.task
    return ENTRY.format(
        " day-entry-coming" if entry.is_coming else "",
        "" if entry.is_coming else f' data-task="{task.pk}/{task.occurrence}"',
        address_of("todos:task") % task.pk,
        task.list_color,  # type: ignore[attr-defined]
        task.priority,
        escape(task.title),
        repeats if entry.is_coming else "",
        priority_span(task.priority, " "),
    )
