"""One task: seeing, changing, trashing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import TaskForm
from todos.models import Task
from todos.rows import as_rows
from todos.views.answers import back, done, post_only, refused, show_refusal
from todos.views.task_page import task_page


@require_http_methods(["GET", "HEAD", "POST"])
def show_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """A task with its form, its sub-tasks and its history; one in the trash has to be restored
    first.
    """
    task = get_object_or_404(as_rows(Task.objects.filter(owner=request.user)), pk=pk)
    if task.trashed_at:
        messages.error(request, _("This task is in the trash. Restore it first."))
        return redirect("todos:trash")
    sent = request.POST if request.method == "POST" else None
    form = TaskForm(sent, instance=task, owner=request.user)
    status = 200
    if request.method == "POST":
        is_preview = form.is_valid() and "preview" in request.POST
        clashes = [] if is_preview or form.errors else form.clashes()
        if clashes:
            form.show_both(clashes)
            status = 412
        elif not is_preview:
            saved = None if form.errors else save(request, task, form)
            if saved:
                return saved
            status = 422
    return task_page(request, task, form, status=status)


def save(request: SignedInRequest, task: Task, form: TaskForm) -> HttpResponse | None:
    """Save what was typed and show it; None if that was refused, with the reason in the form."""
    fields, by = form.operation_fields(), request.actor
    try:
        with operations.expecting(task, [task.version], by=by):
            saved = task
            if form.asks_which and form.cleaned_data["meant_for"] == "one":
                saved = operations.postpone_task(task, fields.pop("due_on"), by=by)
            noted = saved.noted
            saved = operations.change_task(task, by=by, **fields)
    except Conflict as conflict:
        if conflict.status != 412:
            raise
        return show_task(request, task.pk)
    except ValidationError as refusal:
        show_refusal(form, refusal, rule="repeats")
        return None
    done(request, _("Saved: %(task)s") % {"task": saved}, saved.noted or noted)
    return redirect(saved)


@post_only
def trash_task(request: SignedInRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    task = operations.trash_task(task, by=request.actor)
    done(request, _("Moved to the trash: %(task)s") % {"task": task}, task.noted)
    return back(request, task.task_list)


@post_only
def restore_task(request: SignedInRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task.objects.filter(owner=request.user), pk=pk)
    task = operations.restore_task(task, by=request.actor)
    done(request, _("Restored: %(task)s") % {"task": task})
    return back(request, task)


@post_only
def erase_task(request: SignedInRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task.objects.filter(owner=request.user), pk=pk)
    try:
        operations.erase_task(task, by=request.actor)
        done(request, _("Deleted for good: %(task)s") % {"task": task})
    except ValidationError as refusal:
        refused(request, refusal)
    return back(request, "todos:trash")
