"""How dates, priorities and the history of a task are told on pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from todos.models import Task

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture from the sprite. It says nothing to a screen reader: words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.filter
def day_words(day: date, today: date) -> str:
    """`day` as people say it: Today, Tomorrow, Mon 23 Nov, 23 Nov 2027."""
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    distance = (day - today).days
    if distance in near:
        return near[distance]
    same_year = day.year == today.year or abs(distance) < 180
    return date_format(day, "D j M" if same_year else "j M Y")


@register.filter
def day_heading(day: date, today: date) -> str:
    """`day` in full, as a heading: Tomorrow, Tuesday 24 November."""
    full = date_format(day, "l j F" if day.year == today.year else "l j F Y")
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get((day - today).days)
    return f"{near}, {full}" if near else full


@register.inclusion_tag("todos/_due.html")
def due(task: Task, now: datetime) -> dict[str, Any]:
    """When `task` is due, in the words and at the clock of the person whose time is `now`."""
    day, clock = task.local_due(now.tzinfo)  # type: ignore[arg-type]
    overdue = task.is_overdue(now)
    today = now.date()
    return {
        "day": day,
        "iso": datetime.combine(day, clock).isoformat(timespec="minutes") if day and clock else day,
        "words": day and day_words(day, today),
        "clock": clock and time_format(clock, "H:i"),
        "is_overdue": overdue,
        "is_today": day == today and not overdue,
    }


@register.simple_tag
def priority_words(priority: int) -> str:
    """The priority for those who do not see its ring; nothing for the ordinary one."""
    if priority == Task.Priority.NONE:
        return ""
    return _("%(priority)s priority") % {"priority": Task.Priority(priority).label}
