"""Back to a page whose tasks are being ticked, as it was left."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpResponseRedirect, QueryDict

from accounts.middleware import SignedInRequest
from todos.forms.bulk import MOST_TICKED, is_id
from todos.views.answers import back, way_back


def back_to_ticking(
    request: SignedInRequest, fallback: Any, *, keep: bool = False, **also: str
) -> HttpResponseRedirect:
    """To the page that the form names as `next`, with nothing ticked, or what was ticked in order
    to `keep` it. `also` is for its address too.
    """
    parts = urlsplit(way_back(request))
    query = QueryDict(parts.query, mutable=True)
    if "select" not in query:
        return back(request, fallback)
    for name in ("moved", "way"):
        query.pop(name, None)
    query["select"] = (keep and ticks_in(request)) or "1"
    for name, value in also.items():
        query[name] = value
    return HttpResponseRedirect(urlunsplit(parts._replace(query=query.urlencode(safe=","))))


def ticks_in(request: SignedInRequest) -> str:
    """The ids of what was ticked, each with a comma behind it."""
    ids = [tick.partition("/")[0] for tick in request.POST.getlist("task")]
    return "".join(f"{pk}," for pk in ids[:MOST_TICKED] if is_id(pk))
