"""The title of a task, edited by itself: in its row, or on a page of its own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import TitleForm
from todos.models import Task
from todos.views.answers import back, done, ours, show_refusal
from todos.views.moving import step_task


@require_http_methods(["GET", "HEAD", "POST"])
def edit_title(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the title, and with a `way` take a step as well; what was refused is shown again
    with the reason.
    """
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = TitleForm(sent and sent.copy(), task=task)
    if form.is_valid():
        try:
            with operations.expecting(task, [task.version], by=request.actor):
                title = form.cleaned_data["title"]
                task = operations.change_task(task, by=request.actor, title=title)
        except Conflict as conflict:
            if conflict.status != 412:
                raise
            # Somebody was faster: what it is now may be another title.
            return edit_title(request, pk=pk)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            if task.noted or "way" not in request.POST:
                done(request, _("Saved: %(task)s") % {"task": task}, task.noted)
            return step_task(request, pk=pk) if "way" in request.POST else back(request, task)
    context = {"form": form, "task": task, "next": ours((sent or request.GET).get("next", ""))}
    return render(request, "todos/title.html", context, status=422 if form.errors else 200)
