"""The pages that show tasks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import BigAutoField, DateField, DateTimeField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from accounts.models import User
from todos.filters import searching
from todos.forms import AddTaskForm, SearchForm
from todos.models import Completion, Tag, Task, TaskList, TaskQuerySet
from todos.models.tasks import bounds_from, bounds_until, is_due_from, is_due_until
from todos.rows import (
    RowsOf,
    as_rows,
    by_section,
    in_sections,
    roots,
    sections_of,
    with_descendants,
)
from todos.search import best_first
from todos.stats import stats_of
from todos.views.answers import page_of
from todos.views.boards import is_board, list_or_board

OF_LIST = RowsOf(
    lambda owner, task_list: roots(open_of_list(owner, task_list)).by_position(),
    task_list=BigAutoField(),
)
OF_LIST_IN_SECTIONS = RowsOf(
    lambda owner, task_list: in_sections(roots(open_of_list(owner, task_list))),
    task_list=BigAutoField(),
)
TAGGED = RowsOf(lambda owner, tag: open_of(owner).tagged(tag).by_due(), tag=BigAutoField())
NEWEST = RowsOf(lambda owner: Task.objects.visible_to(owner).order_by("-pk"))


DUE_UNTIL = RowsOf(
    lambda owner, **bounds: open_of(owner).filter(is_due_until(**bounds)).by_due(),
    day=DateField(),
    far=DateField(),
    end=DateTimeField(),
)
DUE_FROM = RowsOf(
    lambda owner, **bounds: open_of(owner).filter(is_due_from(**bounds)).by_due(),
    day=DateField(),
    far=DateField(),
    begin=DateTimeField(),
)


def open_of(owner: User) -> TaskQuerySet:
    return Task.objects.visible_to(owner).open().in_active_lists()


def open_of_list(owner: User, task_list: TaskList) -> TaskQuerySet:
    return Task.objects.visible_to(owner).open().filter(task_list=task_list)


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
    sections, board = sections_of(task_list), is_board(request)
    rows_of = OF_LIST_IN_SECTIONS if sections else OF_LIST
    page_obj = page_of(request, rows_of.found(owner=request.user.pk, task_list=task_list.pk))
    rows, left_out = with_descendants(page_obj, open_of_list(request.user, task_list))
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
    bounds = bounds_until(now.date(), zone=request.user.zone)
    page_obj = page_of(request, DUE_UNTIL.found(owner=request.user.pk, **bounds))
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
    bounds = bounds_from(now.date() + timedelta(days=1), zone=zone)
    page_obj = page_of(request, DUE_FROM.found(owner=request.user.pk, **bounds))

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
    context = {
        "tag": tag,
        "page_obj": page_of(request, TAGGED.found(owner=request.user.pk, tag=tag.pk)),
        "add_form": add_form(request, tags=tag.name),
    }
    return render(request, "todos/tag.html", context)


@require_safe
def tasks(request: SignedInRequest) -> HttpResponse:
    """All tasks, open and done, newest first."""
    rows = NEWEST.found(owner=request.user.pk)
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
