"""Moving a task: to another list, section or parent, or among its siblings."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import ListForm, MoveForm
from todos.models import Task
from todos.views.answers import done, post_only, refused, show_refusal
from todos.views.selecting import back_to_ticking


@require_http_methods(["GET", "HEAD", "POST"])
def move_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose where a task goes, in the list that `?list=` names or else its own."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_display(), pk=pk)
    list_form = ListForm({"list": request.GET.get("list", task.task_list_id)}, owner=request.user)
    chosen = list_form.cleaned_data["list"] if list_form.is_valid() else task.task_list
    form = MoveForm(request.POST or None, task=task, task_list=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            moved = operations.move_task(task, by=request.actor, **form.operation_fields())
        except ValidationError as refusal:
            show_refusal(form, refusal, parent="into", section="into", task_list="into")
        else:
            done(request, _("Moved: %(task)s") % {"task": moved}, moved.noted)
            return redirect(moved)
    context = {"task": task, "form": form, "list_form": list_form, "list": chosen}
    return render(request, "todos/move.html", context, status=422 if form.errors else 200)


@post_only
def step_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a task one step up or down among its open siblings; at the end it stays.

    The page that comes back has the same ticks, and the focus on the same button.
    """
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    beside: dict[str, Task | None]
    way = "up" if request.POST.get("way") == "up" else "down"
    siblings = Task.objects.visible_to(request.user).open().beside(task).by_position()
    if way == "up":
        beside = {"before": siblings.before(task).last()}
    else:
        beside = {"after": siblings.after(task).first()}
    if all(beside.values()):
        try:
            task = operations.move_task(task, by=request.actor, **beside)  # type: ignore[arg-type]
        except ValidationError as refusal:
            refused(request, refusal)
        else:
            done(request, _("Moved: %(task)s") % {"task": task}, task.noted)
    return back_to_ticking(request, task.task_list, keep=True, moved=str(task.pk), way=way)
