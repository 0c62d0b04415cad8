"""The pages that show tasks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from todos.filters import searching
from todos.forms import AddTaskForm, SearchForm
from todos.models import Completion, Tag, Task, TaskList
from todos.rows import as_rows, by_section, in_sections, roots, sections_of, with_descendants
from todos.search import best_first
from todos.stats import stats_of
from todos.views.answers import page_of
from todos.views.boards import is_board, list_or_board


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("todos:today")
    return render(request, "todos/landing.html")


@require_safe
@list_or_board
def inbox(request: SignedInRequest) -> HttpResponse:
    task_list = get_object_or_404(TaskList.objects.visible_to(request.user), is_inbox=True)
    return show_list(request, task_list, "todos/inbox.html")


@require_safe
@list_or_board
def task_list(request: SignedInRequest, pk: int) -> HttpResponse:
    task_list = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    return redirect("todos:inbox") if task_list.is_inbox else show_list(request, task_list)


def show_list(
    request: SignedInRequest, task_list: TaskList, template: str = "todos/list.html"
) -> HttpResponse:
    """The open tasks of a list as a tree, section by section."""
    tasks = Task.objects.visible_to(request.user).open().filter(task_list=task_list)
    sections, board = sections_of(task_list), is_board(request)
    ordered = in_sections(roots(tasks)) if sections else roots(tasks).by_position()
    page_obj = page_of(request, as_rows(ordered))
    rows, left_out = with_descendants(page_obj, tasks)
    into = next((row for row in sections if str(row.pk) == request.GET.get("section")), None)
    place = {"section": into.pk} if into else {}
    in_a_section = sum(section.open_count for section in sections)  # type: ignore[attr-defined]
    context = {
        "list": task_list,
        "page_obj": page_obj,
        "groups": by_section(rows, sections, is_last_page=not page_obj.has_next(), is_board=board),
        "loose_count": page_obj.paginator.count - in_a_section,
        "left_out": left_out,
        "board": board,
        "into": into,
        "add_form": add_form(request, task_list=task_list.pk, **place),
    }
    return render(request, template, context)


@require_safe
@list_or_board
def today(request: SignedInRequest) -> HttpResponse:
    """Everything due by the end of the person's day, and how much was done on it."""
    now = timezone.localtime()
    tasks = Task.objects.visible_to(request.user)
    due = tasks.open().in_active_lists().due_by(now.date(), zone=request.user.zone)
    page_obj = page_of(request, as_rows(due.by_due()))
    request.due_today = page_obj.paginator.count
    midnight = datetime.combine(now.date(), time.min, request.user.zone)
    context = {
        "page_obj": page_obj,
        "overdue": [task for task in page_obj if task.is_overdue(now)],
        "today_tasks": [task for task in page_obj if not task.is_overdue(now)],
        "board": is_board(request),
        "done_count": Completion.objects.visible_to(request.user).since(midnight).count(),
        "add_form": add_form(request, due_on=now.date()),
    }
    return render(request, "todos/today.html", context)


@require_safe
@list_or_board
def upcoming(request: SignedInRequest) -> HttpResponse:
    now, zone = timezone.localtime(), request.user.zone
    tasks = Task.objects.visible_to(request.user).open().in_active_lists()
    page_obj = page_of(request, as_rows(tasks.due_after(now.date(), zone=zone).by_due()))

    def day_of(task: Task) -> tuple[date, time]:
        day, at = task.local_due(zone)
        return day or date.max, at or time.max

    board = is_board(request)
    days: dict[date, list[Task]] = {}
    if board and page_obj.number == 1:
        days = {now.date() + timedelta(days=number): [] for number in range(1, 8)}
    for task in sorted(page_obj, key=day_of):
        days.setdefault(day_of(task)[0], []).append(task)
    context = {
        "page_obj": page_obj,
        "days": sorted(days.items()),
        "board": board,
        "add_form": add_form(request, due_on=now.date() + timedelta(days=1)),
    }
    return render(request, "todos/upcoming.html", context)


@require_safe
def tag(request: SignedInRequest, pk: int) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.visible_to(request.user), pk=pk)
    tasks = Task.objects.visible_to(request.user).open().in_active_lists().tagged(tag)
    context = {
        "tag": tag,
        "page_obj": page_of(request, as_rows(tasks.by_due())),
        "add_form": add_form(request, tags=tag.name),
    }
    return render(request, "todos/tag.html", context)


@require_safe
def tasks(request: SignedInRequest) -> HttpResponse:
    """All tasks, open and done, newest first."""
    rows = as_rows(Task.objects.visible_to(request.user).order_by("-pk"))
    context = {"page_obj": page_of(request, rows, size=50), "add_form": add_form(request)}
    return render(request, "todos/tasks.html", context)


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Tasks with all the words, the best match first."""
    form = SearchForm(request.GET)
    page_obj = None
    if form.is_valid() and form.cleaned_data["q"]:
        tasks = as_rows(Task.objects.visible_to(request.user))
        found = best_first(tasks, form.cleaned_data["q"], owner=request.user)
        page_obj = page_of(request, found, size=50)
    context = {"form": form, "page_obj": page_obj, "query": searching(request.GET.get("q", ""))}
    return render(request, "todos/search.html", context)


@require_safe
def done(request: SignedInRequest) -> HttpResponse:
    """What was done, the latest first, by day: each occurrence of a task that repeats by itself."""
    rows = Completion.objects.visible_to(request.user).select_related("task__task_list")
    page_obj = page_of(request, rows, size=50)
    days = [
        (day, list(group))
        for day, group in groupby(
            page_obj, lambda completion: timezone.localtime(completion.completed_at).date()
        )
    ]
    stats = stats_of(request.user, zone=request.user.zone, at=timezone.now())
    return render(request, "todos/done.html", {"page_obj": page_obj, "days": days, "stats": stats})


def add_form(request: SignedInRequest, **initial: Any) -> AddTaskForm:
    return AddTaskForm(owner=request.user, initial=initial)
