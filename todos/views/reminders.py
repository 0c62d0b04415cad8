"""Reminders of a task: adding and removing."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import ReminderForm
from todos.models import Reminder, Task
from todos.views.answers import done, post_only, post_or, refused, to_task


def reminders_of(task: Task) -> list[Reminder]:
    """The reminders of `task`, the soonest first. One query."""
    return list(Reminder.objects.filter(task=task).soonest_first())


@post_or(to_task)
def add_reminder(request: SignedInRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    form = ReminderForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        operations.add_reminder(task, by=request.actor, **form.cleaned_data)
    except ValidationError as refusal:
        refused(request, refusal)
    else:
        done(request, _("Reminder added."))
    return to_reminders(task)


@post_only
def delete_reminder(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Reminder.objects.visible_to(request.user).select_related("task")
    reminder = get_object_or_404(rows, pk=pk)
    operations.delete_reminder(reminder, by=request.actor)
    done(request, _("Reminder removed."))
    return to_reminders(reminder.task)


def to_reminders(task: Task) -> HttpResponse:
    return HttpResponseRedirect(f"{task.get_absolute_url()}#reminders")
