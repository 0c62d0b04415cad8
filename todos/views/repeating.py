"""How a task would repeat, shown before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.formats import Formats, formats_of
from accounts.middleware import SignedInRequest
from accounts.models import User
from todos.forms import RepetitionForm
from todos.models import Task
from todos.recurrence import Due, Rule, explain, upcoming
from todos.views.answers import fragment


@dataclass(frozen=True)
class Repetition:
    """A rule in words, with the next dates."""

    words: str
    dates: list[str]


def repetition_of(task: Task, data: dict[str, Any], person: User) -> Repetition | None:
    """How `task` repeats, or will with the `data` of a form; None if it does not. No query."""
    rule = data.get("rule", task.rule)
    if not rule:
        return None
    repeats_from = data.get("repeats_from", task.repeats_from)
    day, clock = data.get("due_on", task.due_on), data.get("due_time", task.due_time)
    zone = data.get("due_zone", task.due_zone)
    read, formats = Rule.parse(rule), formats_of(person)
    dues = upcoming(
        read,
        counts_from=repeats_from,
        due=Due(day, clock) if day else None,
        anchor=task.anchor_on if (rule, day) == (task.rule, task.due_on) else day,
        now=timezone.now().astimezone(ZoneInfo(zone) if zone else person.zone),
    )
    return Repetition(explain(read, repeats_from), [due_words(due, formats) for due in dues])


def due_words(due: Due, formats: Formats) -> str:
    day = f"{formats.near_day(due.day)} {due.day.year}"
    return f"{day}, {formats.clock(due.time)}" if due.time else day


@require_safe
def preview_repetition(request: SignedInRequest) -> HttpResponse:
    """What was understood of a repetition that is being typed, for htmx."""
    form = RepetitionForm(request.GET, owner=request.user)
    problems = [] if form.is_valid() else [str(each) for each in form.errors.get("repeats", [])]
    repetition = None if form.errors else repetition_of(Task(), form.cleaned_data, request.user)
    context = {"problems": problems, "repetition": repetition}
    return fragment(request, "todos/_repetition.html", context)
