"""One task: seeing, changing, trashing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import TaskForm
from todos.models import Task
from todos.rows import with_progress
from todos.views.answers import back, done, post_only, refused, show_refusal
from todos.views.repeating import repetition_of
from todos.views.task_page import task_page


@require_http_methods(["GET", "HEAD", "POST"])
def show_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """A task with an editor for each field, its sub-tasks and its history."""
    return change_or_show(request, pk, task_page)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """All fields of a task in one form."""
    return change_or_show(request, pk, whole_form)


def whole_form(
    request: SignedInRequest, task: Task, form: TaskForm, *, status: int, **_more: Any
) -> HttpResponse:
    repetition = repetition_of(task, getattr(form, "cleaned_data", {}), request.user)
    context = {"task": task, "form": form, "repetition": repetition}
    return render(request, "todos/task_edit.html", context, status=status)


def change_or_show(
    request: SignedInRequest, pk: int, page: Callable[..., HttpResponse]
) -> HttpResponse:
    """Save what was sent, or show the `page` of the task, with what was refused; a task in the
    trash has to be restored first.
    """
    rows = Task.objects.filter(owner=request.user).for_display()
    task = get_object_or_404(with_progress(rows), pk=pk)
    if task.trashed_at:
        messages.error(request, _("This task is in the trash. Restore it first."))
        return redirect("todos:trash")
    if request.method != "POST":
        return page(request, task, TaskForm(instance=task, owner=request.user), status=200)
    form = TaskForm(request.POST, instance=task, owner=request.user)
    if form.is_valid() and "preview" in request.POST:
        return page(request, task, form, status=200, opened={"repeat"})
    clashes = [] if form.errors else form.clashes()
    if clashes:
        form.show_both(clashes)
        return page(request, task, form, status=412)
    try:
        saved = None if form.errors else save(request, task, form)
    except Conflict as conflict:
        if conflict.status != 412:
            raise
        # Somebody was faster: what they wrote is seen by another look.
        return change_or_show(request, pk, page)
    return saved or page(request, task, form, status=422)


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
    except Conflict:
        raise
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
