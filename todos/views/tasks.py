"""One task: adding, seeing, changing, trashing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import AddTaskForm, ReminderForm, TaskForm
from todos.models import Change, Task
from todos.views.answers import back, done, refused, way_back
from todos.views.comments import comments_of
from todos.views.reminders import reminders_of

SHOWN_CHANGES = 20


@require_POST
def add_task(request: SignedInRequest) -> HttpResponse:
    """Add a task and go back; what was refused is shown again with the reason."""
    form = AddTaskForm(request.POST, owner=request.user)
    if form.is_valid():
        try:
            task, _created = operations.create_task(by=request.actor, **form.operation_fields())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            done(request, _("Added: %(task)s") % {"task": task}, task.noted)
            return back(request, task.task_list)
    context = {"add_form": form, "next": way_back(request) or reverse("todos:inbox")}
    return render(request, "todos/add_task.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: SignedInRequest, pk: int) -> HttpResponse:
    """A task with its form and its history; one in the trash has to be restored first."""
    task = get_object_or_404(Task.objects.filter(owner=request.user).for_display(), pk=pk)
    if task.trashed_at:
        messages.error(request, _("This task is in the trash. Restore it first."))
        return redirect("todos:trash")
    form = TaskForm(request.POST or None, instance=task, owner=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = operations.change_task(task, by=request.actor, **form.operation_fields())
        except Conflict:
            raise
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            done(request, _("Saved: %(task)s") % {"task": saved}, saved.noted)
            return redirect(saved)
    changes = Change.objects.of(task).select_related("by")[:SHOWN_CHANGES]
    context = {
        "task": task,
        "form": form,
        "changes": changes,
        "comments": comments_of(request, task),
        "reminders": reminders_of(task),
        "reminder_form": ReminderForm(),
    }
    return render(request, "todos/task.html", context, status=422 if form.errors else 200)


@require_POST
def trash_task(request: SignedInRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    task = operations.trash_task(task, by=request.actor)
    done(request, _("Moved to the trash: %(task)s") % {"task": task}, task.noted)
    return back(request, task.task_list)


@require_POST
def restore_task(request: SignedInRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task.objects.filter(owner=request.user), pk=pk)
    task = operations.restore_task(task, by=request.actor)
    done(request, _("Restored: %(task)s") % {"task": task})
    return back(request, task)


@require_POST
def erase_task(request: SignedInRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task.objects.filter(owner=request.user), pk=pk)
    try:
        operations.erase_task(task, by=request.actor)
        done(request, _("Deleted for good: %(task)s") % {"task": task})
    except ValidationError as refusal:
        refused(request, refusal)
    return back(request, "todos:trash")
