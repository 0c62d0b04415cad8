"""The page that shows a month of dues, and the tasks of one of its days."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from todos.models import FIRST_DAY, LAST_DAY, Task
from todos.months import month_of
from todos.rows import as_rows
from todos.views.answers import page_of
from todos.views.pages import add_form

ONE_DAY, A_MONTH = timedelta(days=1), timedelta(days=31)


@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    """A month, and what is due on one day of it: today, or the first."""
    now, zone = timezone.localtime(), request.user.zone
    first, chosen = month_and_day(request.GET, today=now.date())
    month = month_of(request.user, first, now=now)
    tasks = Task.objects.visible_to(request.user).open().in_active_lists()
    due = tasks.due_after(chosen - ONE_DAY, zone=zone).due_by(chosen, zone=zone)
    before, after = (first - ONE_DAY).replace(day=1), (first + A_MONTH).replace(day=1)
    context = {
        "month": month,
        "first": first,
        "before": before if before >= FIRST_DAY else None,
        "after": after if after <= LAST_DAY else None,
        "day": month.day(chosen),
        "page_obj": page_of(request, as_rows(due.by_due())),
        "add_form": add_form(request, due_on=chosen),
        "way_back": f"{request.get_full_path()}#add-title",
    }
    return render(request, "todos/calendar.html", context)


def month_and_day(asked: QueryDict, *, today: date) -> tuple[date, date]:
    """The first day of the month that is asked for, and the day in it; where there is no such day
    or no task can be due on it, the present one.
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
