"""What is ticked on a page."""

from __future__ import annotations

from django import template

from todos.models import Task

register = template.Library()


@register.filter
def is_ticked_in(task: Task, select: str) -> bool:
    """Whether `?select=` names the task: `all`, or ids with a comma behind each."""
    return select == "all" or f",{task.pk}," in f",{select}"
