"""What tasks are to have: asked on a page of its own, which a script shows as a dialog."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.formats import formats_of
from accounts.middleware import SignedInRequest
from todos.forms import BulkForm, DateChoiceForm
from todos.forms.bulk import near_days
from todos.models import Tag, Task
from todos.views.answers import post_or, refused, way_back
from todos.views.selecting import back_to_ticking

ASKS = ("date", "priority", "move", "tag")
MOST_TAGS = 100


@post_or(lambda _request: redirect("todos:today"))
def ask_for_many(request: SignedInRequest) -> HttpResponse:
    """Ask for the date, the priority, the list or the tags of the tasks that were ticked."""
    form = BulkForm(request.POST, owner=request.user)
    ask = request.POST.get("ask", "")
    if ask not in ASKS:
        return HttpResponseBadRequest(_("Ask for one of these: %s.") % ", ".join(ASKS))
    try:
        ticked = form.ticked()
    except ValidationError as refusal:
        refused(request, refusal)
        return back_to_ticking(request, "todos:today")
    return show_question(request, ask, ticked, BulkForm(owner=request.user))


def show_question(
    request: SignedInRequest,
    ask: str,
    ticked: dict[int, str | None],
    form: BulkForm,
    status: int = 200,
) -> HttpResponse:
    """The question for the tasks that were ticked; with a form that was refused, why."""
    rows = Task.objects.visible_to(request.user).filter(pk__in=ticked)
    tasks = list(rows.prefetch_related("tags"))
    if not tasks:
        refused(request, ValidationError(_("These tasks are no longer there.")))
        return back_to_ticking(request, "todos:today")
    context: dict[str, Any] = {
        "ask": ask,
        "tasks": tasks,
        "ticks": [f"{task.pk}/{ticked[task.pk] or ''}" for task in tasks],
        "next": way_back(request),
        "action": reverse("todos:bulk"),
        "form": form,
    }
    if ask == "date":
        context["days"] = days_to_choose(request)
    if ask == "tag":
        context["present"] = sorted({tag.name for task in tasks for tag in task.tags.all()})
        context["tags"] = Tag.objects.visible_to(request.user)[:MOST_TAGS]
    return render(request, "todos/ask.html", context, status=status)


def ask_for_overdue(
    request: SignedInRequest, form: DateChoiceForm, status: int = 200
) -> HttpResponse:
    """The question for all that is overdue."""
    context = {
        "ask": "date",
        "next": reverse("todos:today"),
        "action": reverse("todos:reschedule-overdue"),
        "form": form,
        "days": days_to_choose(request),
    }
    return render(request, "todos/ask.html", context, status=status)


def days_to_choose(request: SignedInRequest) -> list[tuple[str, str, str]]:
    """The days that people name most: what a form sends, and the words, and the date."""
    formats = formats_of(request.user)
    days = near_days(timezone.localdate(), request.user.week_start)
    labels = dict(DateChoiceForm.base_fields["when"].choices)  # type: ignore[attr-defined]
    return [(name, labels[name], formats.near_day(day)) for name, day in days.items()]
