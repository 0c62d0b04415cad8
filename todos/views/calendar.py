"""The page that shows a month of dues, and the tasks of one of its days."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from todos.models import FIRST_DAY, LAST_DAY, Task
from todos.months import month_of
from todos.rows import as_rows
from todos.stats import ONE_DAY
from todos.views.answers import page_of
from todos.views.pages import add_form

A_MONTH = 31 * ONE_DAY


@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    """A month, and what is due on one day of it: today, or the first."""
    now, zone = timezone.localtime(), request.user.zone
    first, chosen = month_and_day(request.GET, today=now.date())
    month = month_of(request.user, first, now=now)
    day = month.days.get(chosen) or month.days[first]
    tasks = Task.objects.visible_to(request.user).open().in_active_lists()
    due = tasks.due_after(day.on - ONE_DAY, zone=zone).due_by(day.on, zone=zone)
    before, after = (first - ONE_DAY).replace(day=1), (first + A_MONTH).replace(day=1)
    context = {
        "month": month,
        "first": first,
        "before": before if before >= FIRST_DAY else None,
        "after": after if after <= LAST_DAY else None,
        "day": day,
        "page_obj": page_of(request, as_rows(due.by_due())),
        "add_form": add_form(request, due_on=day.on),
        "way_back": f"{request.get_full_path()}#add-title",
    }
    return render(request, "todos/calendar.html", context)


def month_and_day(asked: QueryDict, *, today: date) -> tuple[date, date]:
    """The first day of the month and the day that are asked for. Without a month it is that of
    the day; without a day it is today, or the first of another month. What no task can be due on is
    as if nothing was asked for.
    """
    day = day_in(asked.get("day", ""))
    first = day_in(f"{asked.get('month', '')}-01") or (day or today).replace(day=1)
    is_present = (first.year, first.month) == (today.year, today.month)
    return first, day or (today if is_present else first)


def day_in(text: str) -> date | None:
    """The day that `text` tells, if a task can be due on it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
