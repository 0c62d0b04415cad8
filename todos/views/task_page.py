"""The page of one task: what it is, an editor for each of its fields, what hangs on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts.middleware import SignedInRequest
from todos.forms import AddTaskForm, CommentForm, ReminderForm, TaskForm
from todos.forms.bulk import near_days
from todos.models import Change, Comment, Reminder, Task
from todos.rows import with_descendants, with_progress
from todos.views.answers import here, page_of
from todos.views.repeating import repetition_of

SHOWN_CHANGES = 3
SHOWN_COMMENTS = 20
# The editor that each field stands in.
EDITORS = {
    "due_on": "due",
    "due_time": "due",
    "due_zone": "due",
    "meant_for": "due",
    "repeats": "repeat",
    "start_on": "start",
    "task_list": "list",
    "section": "list",
}


def task_page(
    request: SignedInRequest, task: Task, form: TaskForm, *, status: int, **more: Any
) -> HttpResponse:
    """What the page of a task shows; `more` are forms beside its own that were refused, and what
    the person is asked. An editor whose field was refused is open.

    Two queries more for each level of sub-tasks.
    """
    rows = Task.objects.visible_to(request.user)
    (_task, *below), left_out = with_descendants([task], rows)
    changes = list(Change.objects.of(task).select_related("by")[: SHOWN_CHANGES + 1])
    beside = is_beside(request, task)
    context: dict[str, Any] = {
        "task": task,
        "above": task.ancestors()[::-1],
        "below": below,
        "left_out": left_out,
        "form": form,
        "opened": {EDITORS.get(name, name) for name in form.errors},
        "days": near_days(timezone.localdate(), request.user.week_start),
        "repetition": repetition_of(task, getattr(form, "cleaned_data", {}), request.user),
        "add_form": AddTaskForm(owner=request.user, initial={"parent": task.pk}),
        "next": f"{task.get_absolute_url()}#sub-title",
        "changes": changes[:SHOWN_CHANGES],
        "has_more_changes": len(changes) > SHOWN_CHANGES,
        "comments": comments_of(request, task),
        "comment_form": CommentForm(auto_id="comment-%s"),
        "reminders": list(Reminder.objects.filter(task=task).soonest_first()),
        "reminder_form": ReminderForm(),
        "is_beside": beside,
        # Beside a list the heading of the page is that of the list.
        "level": 2 if beside else 1,
        "this_page": here(request),
        **more,
    }
    response = render(request, "todos/task.html", context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Current-URL"])
    return response


def is_beside(request: SignedInRequest, task: Task) -> bool:
    """Whether htmx will show the task beside a list, and not as a page of its own."""
    is_part = bool(request.htmx)  # type: ignore[attr-defined]
    return is_part and urlsplit(here(request)).path != task.get_absolute_url()


def comments_of(request: SignedInRequest, task: Task) -> Page[Comment]:
    """The comments on `task` that `?comments=` asks for, the newest first."""
    rows = Comment.objects.filter(task=task).select_related("by").order_by("-pk")
    return page_of(request, rows, size=SHOWN_COMMENTS, asked="comments")


def page_of_refusal(
    request: SignedInRequest, pk: int, *, status: int = 422, **more: Any
) -> HttpResponse:
    """The page of a task with what was refused beside it, as it was typed."""
    rows = Task.objects.visible_to(request.user).for_display()
    task = get_object_or_404(with_progress(rows), pk=pk)
    form = TaskForm(instance=task, owner=request.user)
    return task_page(request, task, form, status=status, **more)
