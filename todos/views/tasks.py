"""One task: adding, seeing, changing, completing, trashing, undoing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import AddTaskForm, TaskForm
from todos.models import Change, Task
from todos.views.answers import back, done, fragment, refused, way_back
from todos.views.comments import comments_of

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
    }
    return render(request, "todos/task.html", context, status=422 if form.errors else 200)


@require_POST
def complete_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a task done (`done=1`) or open (`done=0`): a repeated request changes nothing."""
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    wanted = request.POST.get("done")
    if wanted not in {"0", "1"}:
        return HttpResponseBadRequest(_("Say done=1 or done=0."))
    verb = operations.complete_task if wanted == "1" else operations.reopen_task
    task = verb(task, by=request.actor)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"task": shown(request, pk), "change": task.noted}
        return fragment(request, "todos/_task_completed.html", context)
    words = _("Done: %(task)s") if task.is_done else _("Open again: %(task)s")
    done(request, words % {"task": task}, task.noted)
    return back(request, task.task_list)


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


@require_POST
def undo_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a change back, and name what was left because it changed again since."""
    change = get_object_or_404(Change.objects.visible_to(request.user), pk=pk)
    try:
        undone = operations.undo_change(change, by=request.actor)
    except ValidationError as refusal:
        refused(request, refusal)
        return back(request, "todos:today")
    thing = undone.thing
    if request.htmx and isinstance(thing, Task) and not thing.trashed_at:  # type: ignore[attr-defined]
        return fragment(request, "todos/_task.html", {"task": shown(request, thing.pk)})
    words = _("Undone: %(thing)s") % {"thing": thing}
    if set(undone.kept) >= set(change.after):
        words = _("Nothing was undone: %(thing)s changed again since.") % {"thing": thing}
    elif "trashed_at" in undone.kept:
        words = _("Nothing was undone: %(thing)s was moved again since.") % {"thing": thing}
    elif undone.kept:
        fields = ", ".join(str(name_of(thing, name)) for name in undone.kept)
        words += " " + _("Left as changed later: %(fields)s.") % {"fields": fields}
    done(request, words)
    return back(request, "todos:trash" if getattr(thing, "trashed_at", None) else thing)


def shown(request: SignedInRequest, pk: int) -> Task:
    """The task as a row shows it."""
    return get_object_or_404(Task.objects.visible_to(request.user).for_display(), pk=pk)


def name_of(thing: object, field: str) -> str:
    """The words for a field of the journal."""
    return str(type(thing)._meta.get_field(field.removesuffix("_id")).verbose_name)  # type: ignore[attr-defined]
