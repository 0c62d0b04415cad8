"""How completions are told on pages."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.formats import formats_of
from todos.models import Completion
from todos.templatetags.todos import day_words

register = template.Library()


@register.simple_tag(takes_context=True)
def occurrence_words(context: template.Context, completion: Completion) -> str:
    """When what was completed had been due, where its task repeats: Today, 09:00."""
    day, _separator, clock = completion.occurrence.partition("T")
    if not (day and completion.task and completion.task.repeats):
        return ""
    formats = formats_of(context["person"])
    words = [day_words(date.fromisoformat(day), context["now"].date(), formats)]
    return ", ".join([*words, formats.clock(time.fromisoformat(clock))] if clock else words)


@register.simple_tag(takes_context=True)
def completion_clock(context: template.Context, completion: Completion) -> str:
    """The time of day at which it was completed."""
    at = timezone.localtime(completion.completed_at)
    return formats_of(context["person"]).clock(at.time())


@register.simple_tag(takes_context=True)
def day_in_full(context: template.Context, day: date) -> str:
    return formats_of(context["person"]).full_day(day)


@register.inclusion_tag("todos/_bars.html", takes_context=True)
def bars(
    context: template.Context, caption: str, numbers: list[tuple[date, int]], *, are_weeks: bool
) -> dict[str, Any]:
    """How much was done on each day, or in each week from its first day, as bars."""
    formats = formats_of(context["person"])
    name = _("Week from %(day)s") if are_weeks else "%(day)s"
    most = max(max(done for _day, done in numbers), 1)
    drawn: list[dict[str, Any]] = [
        {
            "words": _("%(when)s, %(done)d done")
            % {"when": name % {"day": formats.near_day(day)}, "done": done},
            "height": done,
            "above": most - done,
        }
        for day, done in numbers
    ]
    return {
        "caption": caption,
        "bars": drawn,
        "most": most,
        "total": sum(done for _day, done in numbers),
        "best": max(drawn, key=lambda bar: bar["height"])["words"],
        "first": formats.near_day(numbers[0][0]),
        "last": _("This week") if are_weeks else _("Today"),
    }
