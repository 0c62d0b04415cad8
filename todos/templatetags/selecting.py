"""What is ticked on a page, and what is to be done with it."""

from __future__ import annotations

from django import template

from todos.forms import BulkForm
from todos.models import Task

register = template.Library()


@register.filter
def is_ticked_in(task: Task, select: str) -> bool:
    """Whether `?select=` names the task: `all`, or ids with a comma behind each."""
    return select == "all" or f",{task.pk}," in f",{select}"


@register.simple_tag(takes_context=True)
def bulk_form(context: template.Context) -> BulkForm:
    """What to do with the tasks that are ticked, with what was typed before a refusal."""
    request = context["request"]
    return BulkForm(owner=request.user, initial=request.GET.dict(), auto_id="bulk-%s")
