"""What is ticked on a page, and moved a step at a time."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from todos.models import Task
from todos.templatetags.todos import icon

register = template.Library()

STEPS = {
    "up": _("Move up: %(task)s"),
    "down": _("Move down: %(task)s"),
    "in": _("Below the one above: %(task)s"),
    "out": _("Out of its parent: %(task)s"),
}
STEP_BUTTON = (
    '<button class="button-icon" type="submit" form="bulk" formaction="{}" name="way" value="{}"{}'
    ' aria-label="{}">{}</button>'
)


@register.filter
def is_ticked_in(task: Task, select: str) -> bool:
    """Whether `?select=` names the task: `all`, or ids with a comma behind each."""
    return select == "all" or f",{task.pk}," in f",{select}"


@register.simple_tag(takes_context=True)
def step_buttons(context: template.Context, task: Task) -> SafeString:
    """What moves `task` a step; the button that was pressed last has the focus."""
    address, asked = reverse("todos:step-task", args=[task.pk]), context["request"].GET
    pressed = asked.get("way") if asked.get("moved") == str(task.pk) else None
    return format_html_join(
        "",
        STEP_BUTTON,
        (
            (address, way, FOCUS if way == pressed else "", words % {"task": task}, icon(way))
            for way, words in STEPS.items()
            if way != "out" or task.parent_id
        ),
    )


FOCUS = SafeString(" autofocus")
