"""What becomes of an occurrence: done, open again, skipped, put off."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.errors import Conflict
from accounts.formats import formats_of
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import PostponeForm
from todos.models import Task
from todos.operations.completing import UNNAMED, Occurrence
from todos.rows import as_rows
from todos.views.answers import (
    back,
    done,
    fragment,
    post_only,
    post_or,
    refused,
    show_refusal,
    to_task,
    way_back,
)
from todos.views.task_page import page_of_refusal


@post_or(to_task)
def complete_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make an occurrence of a task done (`done=1`) or open (`done=0`).

    A repeated request changes nothing. Open sub-tasks are asked about; an occurrence that is no
    longer due is told.
    """
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    wanted = request.POST.get("done")
    if wanted not in {"0", "1"}:
        return HttpResponseBadRequest(_("Say done=1 or done=0."))
    try:
        task = carry_out(request, task, is_to_be_done=wanted == "1")
    except Conflict as conflict:
        return not_so_easily(request, task, conflict)
    done(request, words_for(task, is_to_be_done=wanted == "1"), task.noted)
    if is_for_a_row(request):
        was_changed = wanted == "1" or task.noted
        template = "todos/_task_completed.html" if was_changed else "todos/_task.html"
        return row(request, template, pk, done=wanted == "1")
    return back(request, task.task_list)


def carry_out(request: SignedInRequest, task: Task, *, is_to_be_done: bool) -> Task:
    asked: dict[str, Any] = {"by": request.actor, "occurrence": occurrence_in(request)}
    if not is_to_be_done:
        return operations.reopen_task(task, **asked)
    children = request.POST.get("children")
    return operations.complete_task(
        task,
        children=children if children in {"complete", "leave"} else None,
        forever="forever" in request.POST,
        **asked,
    )


def occurrence_in(request: SignedInRequest) -> Occurrence:
    """The occurrence that the form showed: None for one without a day."""
    return request.POST.get("occurrence", UNNAMED) or None


def words_for(task: Task, *, is_to_be_done: bool) -> str:
    if not is_to_be_done:
        opened = _("Open again: %(task)s") if task.noted else _("Nothing was changed: %(task)s")
        return opened % {"task": task}
    if task.is_done or task.due_on is None:
        return _("Done: %(task)s") % {"task": task}
    day = formats_of(task.owner).near_day(task.due_on)
    return _("Done: %(task)s. Next: %(day)s") % {"task": task, "day": day}


def not_so_easily(request: SignedInRequest, task: Task, conflict: Conflict) -> HttpResponse:
    """Ask what becomes of open sub-tasks, or tell that another occurrence is due by now."""
    if conflict.status == 404:
        raise conflict
    children = conflict.rows.get("children")
    if children is None:
        return refusal(request, task, conflict)
    asked = {name: request.POST[name] for name in ("occurrence", "forever") if name in request.POST}
    context = {"children": children, "asked": asked, "next": way_back(request)}
    if is_for_a_row(request):
        return row(request, "todos/_task_asked.html", task.pk, **context)
    if request.htmx.target == "task-view":  # type: ignore[attr-defined]
        return page_of_refusal(request, task.pk, status=409, **context)
    context["task"] = task
    return render(request, "todos/task_asked.html", context, status=409)


def refusal(request: SignedInRequest, task: Task, problem: ValidationError) -> HttpResponse:
    """Say why it was not done, and show the row or the page as it is now."""
    refused(request, problem)
    if is_for_a_row(request):
        return row(request, "todos/_task.html", task.pk)
    return back(request, task)


def is_for_a_row(request: SignedInRequest) -> bool:
    """Whether htmx will put the answer in the place of one row."""
    target = request.htmx.target or ""  # type: ignore[attr-defined]
    return target.startswith("task-") and target != "task-view"


def row(request: SignedInRequest, template: str, pk: int, **context: Any) -> HttpResponse:
    """The row of a task as it is now, as deep in the tree as the request says that it was."""
    task = get_object_or_404(as_rows(Task.objects.visible_to(request.user)), pk=pk)
    depth = request.POST.get("depth") or request.GET.get("depth", "")
    task.depth = int(depth) if depth.isdecimal() and len(depth) < 3 else 0  # type: ignore[attr-defined]
    return fragment(request, "todos/_row_alone.html", {"row": template, "task": task, **context})


@require_safe
def task_row(request: SignedInRequest, pk: int) -> HttpResponse:
    """The row of a task, for htmx."""
    return row(request, "todos/_task.html", pk)


@post_only
def skip_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a task that repeats on to its next occurrence."""
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    try:
        task = operations.skip_task(task, by=request.actor, occurrence=occurrence_in(request))
    except ValidationError as problem:
        return refusal(request, task, problem)
    day = formats_of(request.user).near_day(task.due_on) if task.due_on else ""
    done(request, _("Skipped. Next: %(day)s") % {"day": day}, task.noted)
    return back(request, task)


@post_or(to_task)
def postpone_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put this occurrence of a task off to another day; how it repeats stays.

    What was refused is shown again with the reason.
    """
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    form = PostponeForm(request.POST)
    if not form.is_valid():
        return page_of_refusal(request, pk, postpone_form=form)
    try:
        shown, day = form.cleaned_data["version"] or task.version, form.cleaned_data["day"]
        with operations.expecting(task, [shown], by=request.actor):
            task = operations.postpone_task(task, day, by=request.actor)
    except Conflict as conflict:
        return refusal(request, task, conflict)
    except ValidationError as problem:
        show_refusal(form, problem, due_on="day")
        return page_of_refusal(request, pk, postpone_form=form)
    words = {"day": formats_of(request.user).near_day(day), "task": task}
    done(request, _("Put off to %(day)s: %(task)s") % words, task.noted)
    return back(request, task)
