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
from todos.views.answers import done, post_only, post_or, show_refusal, to_task
from todos.views.task_page import page_of_refusal


@post_or(to_task)
def add_reminder(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a reminder; what was refused is shown again with the reason."""
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    form = ReminderForm(request.POST)
    if form.is_valid():
        try:
            operations.add_reminder(task, by=request.actor, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            done(request, _("Reminder added."))
            return to_reminders(task)
    return page_of_refusal(request, pk, reminder_form=form)


@post_only
def delete_reminder(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Reminder.objects.visible_to(request.user).select_related("task")
    reminder = get_object_or_404(rows, pk=pk)
    operations.delete_reminder(reminder, by=request.actor)
    done(request, _("Reminder removed."))
    return to_reminders(reminder.task)


def to_reminders(task: Task) -> HttpResponse:
    return HttpResponseRedirect(f"{task.get_absolute_url()}#reminders")
