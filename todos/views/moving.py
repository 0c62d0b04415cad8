"""Moving a task: to another list, section or parent, or among its siblings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import ListForm, PlaceForm
from todos.models import Task
from todos.operations.tree import Place
from todos.views.answers import (
    done,
    post_only,
    post_or,
    problems_of,
    refused,
    show_refusal,
    to_task,
)
from todos.views.selecting import back_to_ticking

MOVED = gettext_lazy("Moved: %(task)s")
# What is said of a step, and where there was no way to go.
STEPS = {
    "up": (gettext_lazy("Moved up: %(task)s"), gettext_lazy("Nothing is above it: %(task)s")),
    "down": (gettext_lazy("Moved down: %(task)s"), gettext_lazy("Nothing is below it: %(task)s")),
    "in": (MOVED, gettext_lazy("No task is above it to be its parent: %(task)s")),
    "out": (
        gettext_lazy("No longer a sub-task of “%(parent)s”: %(task)s"),
        gettext_lazy("It is not a sub-task: %(task)s"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def move_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose where a task goes, in the list that `?list=` names or else its own."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_display(), pk=pk)
    list_form = ListForm({"list": request.GET.get("list", task.task_list_id)}, owner=request.user)
    chosen = list_form.cleaned_data["list"] if list_form.is_valid() else task.task_list
    form = PlaceForm(request.POST or None, owner=request.user, auto_id="place-%s")
    form.offer(task, chosen)
    if request.method == "POST" and form.is_valid():
        was = Place.of(task)
        try:
            moved = operations.move_task(task, by=request.actor, **form.operation_fields())
        except ValidationError as refusal:
            show_refusal(form, refusal, task_list="section")
        else:
            done(request, words_for(moved, was), moved.noted)
            return redirect(moved)
    context = {"task": task, "form": form, "list_form": list_form, "list": chosen}
    return render(request, "todos/move.html", context, status=422 if form.errors else 200)


@post_or(to_task)
def place_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a task `before` or `after` another one, or to the end of a `parent`, `section` or
    `list`, and lead back; what was refused is told there.
    """
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    form = PlaceForm(request.POST, owner=request.user)
    was = Place.of(task)
    try:
        if not form.is_valid():
            raise problems_of(form)
        task = operations.move_task(task, by=request.actor, **form.operation_fields())
    except ValidationError as refusal:
        refused(request, refusal)
    else:
        done(request, words_for(task, was), task.noted)
    return back_to_ticking(request, task.task_list, keep=True)


@post_only
def step_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a task one step `up` or `down` among its open siblings, `in` to be a sub-task of the
    one above it, or `out` to stand after its parent. Where there is no way to go it stays.

    While people tick, the page that comes back has the same ticks, and the focus on the same
    button.
    """
    task = get_object_or_404(Task.objects.visible_to(request.user).for_display(), pk=pk)
    way = request.POST.get("way", "")
    if way not in STEPS:
        return HttpResponseBadRequest(_("Say way=up, way=down, way=in or way=out."))
    moved, stayed = STEPS[way]
    was, names = Place.of(task), {"task": task, "parent": task.parent}
    if step := step_of(task, way):
        try:
            task = operations.move_task(task, by=request.actor, **step)
        except ValidationError as refusal:
            refused(request, refusal)
        else:
            words = words_for(task, was) if moved is MOVED else moved % names
            done(request, words, task.noted)
    else:
        messages.info(request, stayed % names)
    return back_to_ticking(request, task.task_list, keep=True, moved=str(task.pk), way=way)


def step_of(task: Task, way: str) -> dict[str, Any]:
    """Where `task` goes, for `move_task`; nothing where there is no way to go."""
    siblings = Task.objects.visible_to(task.owner).open().beside(task).by_position()
    goal: dict[str, Task | None]
    match way:
        case "up":
            goal = {"before": siblings.before(task).last()}
        case "down":
            goal = {"after": siblings.after(task).first()}
        case "in":
            goal = {"parent": siblings.before(task).last()}
        case _:
            goal = {"after": task.parent}
    return {name: other for name, other in goal.items() if other}


def words_for(task: Task, was: Place) -> str:
    """Where `task` went from the place that it `was` at."""
    if Place.of(task) == was:
        return MOVED % {"task": task}
    if task.parent_id:
        return _("Now a sub-task of “%(parent)s”: %(task)s") % {"task": task, "parent": task.parent}
    place = task.section or task.task_list
    return _("Moved to “%(place)s”: %(task)s") % {"task": task, "place": place}
