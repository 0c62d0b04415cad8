"""The page of one task, with its form and what stands beside it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.middleware import SignedInRequest
from todos.forms import AddTaskForm, ReminderForm, TaskForm
from todos.models import Change, Comment, Reminder, Task
from todos.rows import as_rows, with_descendants
from todos.views.repeating import repetition_of

SHOWN_CHANGES = 20
SHOWN_COMMENTS = 20


def task_page(
    request: SignedInRequest, task: Task, form: TaskForm, *, status: int, **forms: BaseForm
) -> HttpResponse:
    """What the page of a task shows; `forms` are those beside its own that were refused.

    Two queries more for each level of sub-tasks.
    """
    rows = Task.objects.visible_to(request.user)
    (_task, *below), left_out = with_descendants([task], rows)
    changes = Change.objects.of(task).select_related("by")[: SHOWN_CHANGES + 1]
    context: dict[str, Any] = {
        "task": task,
        "above": task.ancestors()[::-1],
        "below": below,
        "left_out": left_out,
        "form": form,
        "repetition": repetition_of(task, getattr(form, "cleaned_data", {}), request.user),
        "add_form": AddTaskForm(owner=request.user, initial={"parent": task.pk}),
        "next": f"{task.get_absolute_url()}#add-title",
        "changes": list(changes)[:SHOWN_CHANGES],
        "has_more_changes": len(changes) > SHOWN_CHANGES,
        "comments": comments_of(request, task),
        "reminders": list(Reminder.objects.filter(task=task).soonest_first()),
        "reminder_form": ReminderForm(),
        **forms,
    }
    return render(request, "todos/task.html", context, status=status)


def comments_of(request: SignedInRequest, task: Task) -> Page[Comment]:
    """The comments on `task` that `?comments=` asks for, the newest first. Two queries."""
    rows = Comment.objects.filter(task=task).select_related("by").order_by("-pk")
    return Paginator(rows, SHOWN_COMMENTS).get_page(request.GET.get("comments"))


def page_of_refusal(
    request: SignedInRequest, pk: int, *, status: int = 422, **forms: BaseForm
) -> HttpResponse:
    """The page of a task with what was refused beside it, as it was typed."""
    task = get_object_or_404(as_rows(Task.objects.visible_to(request.user)), pk=pk)
    form = TaskForm(instance=task, owner=request.user)
    return task_page(request, task, form, status=status, **forms)
