"""Saved filters: making, trying, opening, changing, deleting."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import filters, operations
from todos.forms.filters import SavedFilterForm
from todos.models import SavedFilter, Task
from todos.rows import as_rows
from todos.views.answers import PAGE_SIZE, done, page_of, post_only
from todos.views.pages import add_form

TRIED = 10


@require_safe
def all_filters(request: SignedInRequest) -> HttpResponse:
    """All filters, each with what it finds in words."""
    now = timezone.localtime()
    rows = [
        (saved, filters.told(request.user, saved.query, now=now))
        for saved in SavedFilter.objects.visible_to(request.user)
    ]
    return render(request, "todos/filters.html", {"rows": rows})


@require_safe
def saved_filter(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a filter finds, soonest first, and what it looks for in words."""
    saved = filter_of(request, pk)
    context: dict[str, Any] = {"filter": saved, "add_form": add_form(request)}
    try:
        context |= answer(request, saved.query)
    except ValidationError as refusal:
        context["refusal"] = " ".join(refusal.messages)
    return render(request, "todos/filter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create_filter(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        return take(request, None)
    form = SavedFilterForm(initial={"query": request.GET.get("query", "")})
    return render(request, "todos/filter_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_filter(request: SignedInRequest, pk: int) -> HttpResponse:
    saved = filter_of(request, pk)
    if request.method == "POST":
        return take(request, saved)
    context = {"form": SavedFilterForm(instance=saved), "filter": saved}
    return render(request, "todos/filter_form.html", context)


@post_only
def delete_filter(request: SignedInRequest, pk: int) -> HttpResponse:
    saved = filter_of(request, pk)
    operations.delete_filter(saved, by=request.actor)
    done(request, _("Deleted the filter: %(filter)s") % {"filter": saved})
    return redirect("todos:filters")


def filter_of(request: SignedInRequest, pk: int) -> SavedFilter:
    return get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)


def take(request: SignedInRequest, saved: SavedFilter | None) -> HttpResponse:
    """Save what the form says, or with `try` show what it would find."""
    form = SavedFilterForm(request.POST)
    context: dict[str, Any] = {"form": form, "filter": saved}
    is_trial = "try" in request.POST
    form.fields["name"].required = not is_trial
    if form.is_valid():
        try:
            if is_trial:
                context |= answer(request, form.cleaned_data["query"], size=TRIED, strict=True)
            else:
                return save(request, saved, form.cleaned_data)
        except Conflict:
            raise
        except ValidationError as refusal:
            form.add_error("query" if is_trial else None, refusal)
    return render(request, "todos/filter_form.html", context, status=422 if form.errors else 200)


def save(
    request: SignedInRequest, saved: SavedFilter | None, fields: dict[str, Any]
) -> HttpResponse:
    by = request.actor
    if saved is None:
        saved = operations.create_filter(by=by, **fields)
    else:
        saved = operations.change_filter(saved, by=by, **fields)
    done(request, _("Saved: %(filter)s") % {"filter": saved})
    return redirect(saved)


def answer(
    request: SignedInRequest, query: str, *, size: int = PAGE_SIZE, strict: bool = False
) -> dict[str, Any]:
    """What `query` means, a page of what it finds, and which of its names are not there.

    Raises ValidationError when it cannot be read; if `strict`, for such a name too.
    """
    expression = filters.parse_for(request.user, query, now=timezone.localtime())
    question = expression.asked_by(request.user)
    if strict:
        question.refuse_unknown_names()
    tasks = Task.objects.visible_to(request.user).filter(question.q)
    return {
        "meaning": expression.text,
        "missing": [name.unknown_words for name in question.unknown_names],
        "page_obj": page_of(request, as_rows(tasks.by_due()), size=size),
    }
