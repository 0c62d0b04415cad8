"""What all views of to-do lists have in common."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import StrictView
from accounts.api.requests import TIME_ZONE_HEADER, zone_named
from accounts.api.schema import Schema
from accounts.errors import Conflict
from todos.api import idempotency
from todos.api.conflicts import rows_shown
from todos.api.versions import IF_MATCH, IF_NONE_MATCH, etag

# How else a request is answered for what such a header says.
ANSWERS = {
    IF_MATCH.name: ("412", _("The task has another version by now: it is in `task`.")),
    IF_NONE_MATCH.name: ("304", _("Nothing has changed since.")),
    idempotency.KEY.name: ("409", _("The key was used for another body, or is being used.")),
}


class TodosSchema(Schema):
    """Adds the headers that a view of to-do lists reads."""

    def _get_parameters(self) -> list[dict[str, Any]]:
        return [*super()._get_parameters(), *map(described, self.headers())]

    def answers_beside(self, operation: dict[str, Any]) -> dict[str, Any]:
        names = [header.name for header in self.headers()]
        return super().answers_beside(operation) | dict(
            ANSWERS[name] for name in names if name in ANSWERS
        )

    def headers(self) -> list[OpenApiParameter]:
        return self.view.headers_read(self.method)


def described(header: OpenApiParameter) -> dict[str, Any]:
    return {
        "in": "header",
        "name": header.name,
        "description": str(header.description),
        "schema": header.type if isinstance(header.type, dict) else {"type": "string"},
    }


class TodosView(StrictView):
    """A view of to-do lists: what it refuses names the tasks that stand in the way."""

    schema = TodosSchema()

    def headers_read(self, method: str) -> list[OpenApiParameter]:
        """The headers that `method` heeds, beside Authorization."""
        return [TIME_ZONE_HEADER, *([idempotency.KEY] if method == "POST" else ())]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        zone_named(request)
        if request.method == "POST":
            self.do_once(request)

    def do_once(self, request: Request) -> None:
        """Let a POST that names a key be answered once, and again as it was."""
        key = idempotency.key_of(request)
        handler = getattr(self, "post", None)
        if key is not None and handler is not None:
            self.post = partial(idempotency.once, handler, key)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Name the version of a task, whoever answers one."""
        response = super().finalize_response(request, response, *args, **kwargs)
        shown = getattr(response, "data", None)
        if isinstance(shown, dict) and "version" in shown:
            response["ETag"] = etag(shown["version"])
        return response

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, Conflict) and exc.rows:
            response.data |= rows_shown(exc.rows, self.request)
        return response
