"""Today again, with the queries of ours, but with a ModelForm and plain templates."""

from datetime import datetime, time

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from todos.models import Completion, Task
from todos.rows import with_progress


class AddTaskForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ["title"]
        widgets = {
            "title": forms.TextInput(
                attrs={"id": "add-title", "autocomplete": "off", "placeholder": "Add a task"}
            )
        }


def today(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime()
    tasks = Task.objects.visible_to(request.user)
    due = tasks.open().in_active_lists().due_by(now.date(), zone=request.user.zone)
    rows = due.by_due().select_related("task_list", "parent").prefetch_related("tags")
    page_obj = Paginator(with_progress(rows), 100).get_page(request.GET.get("page"))
    for task in page_obj:
        task.overdue = task.is_overdue(now)
    midnight = datetime.combine(now.date(), time.min, request.user.zone)
    context = {
        "page_obj": page_obj,
        "overdue": [task for task in page_obj if task.overdue],
        "today_tasks": [task for task in page_obj if not task.overdue],
        "done_count": Completion.objects.visible_to(request.user).since(midnight).count(),
        "form": AddTaskForm(),
        "today": now.date(),
    }
    return render(request, "stock/today.html", context)
