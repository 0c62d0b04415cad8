"""How dates, priorities and the history of a task are told on pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.templatetags.static import static
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import operations
from todos.history import tell
from todos.models import Change, Task

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
        "iso": "T".join(part.isoformat() for part in (day, clock) if part),
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


@register.simple_tag
def sign_up_is_open() -> bool:
    """Whether pages may offer to sign up."""
    return operations.sign_up_is_open()


@register.simple_tag
def trash_days() -> int:
    """How long the trash keeps things."""
    return int(settings.TRASH_DAYS)


@register.filter
def undo_of(message: Message) -> str:
    """The id of the change that `message` offers to take back, if it does."""
    return next(
        (tag.removeprefix("undo-") for tag in message.tags.split() if tag.startswith("undo-")), ""
    )


@register.simple_tag(takes_context=True)
def history(context: template.Context, changes: list[Change]) -> list[tuple[Change, list[str]]]:
    """Each change with what it did, in sentences."""
    return tell(changes, context["person"])
