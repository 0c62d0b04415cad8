"""How a page answers after something was done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos.models import Change, Task
from todos.rows import Found

PAGE_SIZE = 100


View = Callable[..., HttpResponse]


def post_or(instead: View) -> Callable[[View], View]:
    """A view for forms that are sent; another request for its address, as of one that stays in
    the browser after a refusal, is answered by `instead`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **named: Any) -> HttpResponse:
            return (view if request.method == "POST" else instead)(request, **named)

        return answer

    return decorate


def no_page(request: HttpRequest, **_named: Any) -> HttpResponse:
    """Say that the address is for forms alone."""
    response = render(request, "405.html", status=405)
    response["Allow"] = "POST"
    return response


post_only = post_or(no_page)


def to_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """To the page of a task."""
    return redirect(get_object_or_404(Task.objects.visible_to(request.user), pk=pk))


def page_of(
    request: SignedInRequest,
    rows: QuerySet[Any] | Found,
    *,
    size: int = PAGE_SIZE,
    asked: str = "page",
) -> Page[Any]:
    """The page of `rows` that `?page=` asks for, or what is `asked` instead of it; the nearest one
    where there is no such page.

    They are counted only where they are more than a page.
    """
    pages: Paginator[Any] = Paginator(rows, size)  # type: ignore[arg-type]
    if asked in request.GET:
        return pages.get_page(request.GET[asked])
    first = list(rows[: size + 1])
    if len(first) > size:
        return Page(first[:size], 1, pages)
    return Paginator(first, size).get_page(1)


def back(request: SignedInRequest, fallback: Any) -> HttpResponseRedirect:
    """To the page that the form names as `next`, if it is one of ours, else to `fallback`."""
    return HttpResponseRedirect(way_back(request) or resolve_url(fallback))


def way_back(request: SignedInRequest) -> str:
    """The page that the form names as `next`, or "" where that is none of ours."""
    return ours(request.POST.get("next", ""))


def here(request: SignedInRequest) -> str:
    """The page that the person is on, to come back to; "" where that is not known."""
    if request.htmx:  # type: ignore[attr-defined]
        return ours(request.htmx.current_url_abs_path or "")  # type: ignore[attr-defined]
    return request.get_full_path() if request.method == "GET" else way_back(request)


def ours(address: str) -> str:
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def fragment(request: SignedInRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The part of a page that htmx asked for."""
    response = render(request, template, {"this_page": here(request), **context})
    patch_vary_headers(response, ["HX-Request"])
    return response


def done(
    request: SignedInRequest, words: str, change: Change | None = None, offer: str = ""
) -> None:
    """Say `words` on the next page, with an Undo of `change` and what else is on `offer`."""
    undo = f"undo-{change.pk} {offer}" if change else ""
    messages.success(request, words, extra_tags=undo.strip())


def refused(request: SignedInRequest, refusal: ValidationError) -> None:
    """Say on the next page why it was not done. Raises Http404 where the thing is gone."""
    if isinstance(refusal, Conflict) and refusal.status == 404:
        raise Http404(" ".join(refusal.messages)) from refusal
    messages.error(request, " ".join(refusal.messages))


def problems_of(form: BaseForm) -> ValidationError:
    """All that is wrong with a form, without its fields."""
    return ValidationError([words for each in form.errors.values() for words in each])


def show_refusal(form: BaseForm, refusal: ValidationError, **names: str) -> None:
    """Show what an operation refused beside the fields that it is about, by their names there
    or as `names` says. Raises a Conflict for what is gone.
    """
    if isinstance(refusal, Conflict):
        raise refusal
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for field, problems in refusal.error_dict.items():
        field = names.get(field, field)
        for problem in problems:
            form.add_error(field if field in form.fields else None, problem)
