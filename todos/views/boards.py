"""Which pages a person looks at as boards, with columns side by side: remembered in a cookie."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.middleware import SignedInRequest
from todos.views.answers import View

COOKIE = "boards"
LIFETIME = timedelta(days=365)
MOST_PAGES = 100
# A page by the name of its address, or a list by its id.
PAGE = re.compile(r"inbox|today|upcoming|[1-9][0-9]{0,17}")


def list_or_board(view: View) -> View:
    """A view of a page that is a list, or a board where the person chose that with `?view=board`.

    It finds out which with `is_board`.
    """

    @wraps(view)
    def answer(request: SignedInRequest, **named: Any) -> HttpResponse:
        chosen = request.GET.get("view")
        if chosen not in {"list", "board"}:
            return view(request, **named)
        page, pages = name_of(request), boards(request)
        others = [other for other in pages if other != page]
        query = request.GET.copy()
        for name in ("view", "page"):
            query.pop(name, None)
        address = f"{request.path}?{query.urlencode(safe=',')}".removesuffix("?")
        response = HttpResponseRedirect(address)
        remember(response, [*others, page] if chosen == "board" else others)
        return response

    return answer


def is_board(request: SignedInRequest) -> bool:
    """Whether the person looks at the page of this request as a board."""
    return name_of(request) in boards(request)


def boards(request: HttpRequest) -> list[str]:
    """The pages that are boards, the one that was chosen last at the end."""
    pages = request.COOKIES.get(COOKIE, "").split(".")
    return [page for page in dict.fromkeys(pages) if PAGE.fullmatch(page)][-MOST_PAGES:]


def remember(response: HttpResponse, pages: list[str]) -> None:
    response.set_cookie(
        COOKIE,
        ".".join(pages[-MOST_PAGES:]),
        max_age=LIFETIME,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def name_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs.get("pk", match.url_name)) if match else ""
