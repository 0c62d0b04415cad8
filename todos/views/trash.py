"""The trash."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from todos import operations
from todos.trash import trash_of
from todos.views.answers import done, page_of, post_only


@require_safe
def trash(request: SignedInRequest) -> HttpResponse:
    page_obj = page_of(request, trash_of(request.user), size=50)
    return render(request, "todos/trash.html", {"page_obj": page_obj})


@post_only
def empty_trash(request: SignedInRequest) -> HttpResponse:
    number = operations.empty_trash(request.user, by=request.actor)
    words = ngettext(
        "%(number)d thing deleted for good.", "%(number)d things deleted for good.", number
    )
    done(request, words % {"number": number} if number else _("The trash was empty."))
    return redirect("todos:trash")
