"""Collections in pages: numbered for people, by cursor for machines."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import cursors
from accounts.api.requests import whole_number

PAGE_MAX = 2**31 - 1
SIZE_MAX = 100
SIZE_DEFAULT = 50
NUMBERED, BY_CURSOR = ("page", "size"), ("cursor", "limit")
PARAMETERS = (*NUMBERED, *BY_CURSOR)


class Pages(BasePagination):
    """Pages chosen by `page` and `size`, or by `cursor` and `limit`. Two queries, or one.

    Past the last numbered page `items` is empty. An empty `cursor` starts; `next` is the cursor of
    the page that follows, or null. The view has `PARAMETERS` among its `query_names`. One that
    pages through a list says what it is ordered by in `cursor_columns`; one whose rows cannot be
    filtered any more gives those after a condition in `rows_after`.
    """

    def paginate_queryset(
        self, queryset: QuerySet[Any] | list[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        query = request.query_params.dict()
        self.is_numbered = not any(name in query for name in BY_CURSOR)
        if self.is_numbered:
            return self.numbered_page(queryset, query)
        for name in NUMBERED:
            if name in query:
                raise ValidationError({name: _("This does not go with a cursor or a limit.")})
        return self.page_after(queryset, query, request, view)

    def numbered_page(self, rows: QuerySet[Any] | list[Any], query: dict[str, str]) -> list[Any]:
        self.page = whole_number(query, "page", default=1, maximum=PAGE_MAX)
        self.size = whole_number(query, "size", default=SIZE_DEFAULT, maximum=SIZE_MAX)
        self.total = len(rows) if isinstance(rows, list) else rows.count()
        start = (self.page - 1) * self.size
        return list(rows[start : start + self.size])

    def page_after(
        self,
        rows: QuerySet[Any] | list[Any],
        query: dict[str, str],
        request: Request,
        view: APIView | None,
    ) -> list[Any]:
        limit = whole_number(query, "limit", default=SIZE_DEFAULT, maximum=SIZE_MAX)
        is_list = isinstance(rows, list)
        columns = view.cursor_columns if is_list else cursors.columns_of(rows)
        if query.get("cursor"):
            values = cursors.read(request, columns, query["cursor"])
            if is_list:
                rows = [row for row in rows if cursors.is_beyond(columns, row, values)]
            else:
                find = getattr(view, "rows_after", rows.filter)
                rows = find(cursors.beyond_all(columns, values))
        found = list(rows[: limit + 1])
        has_more = len(found) > limit
        found = found[:limit]
        self.next = cursors.write(request, columns, found[-1]) if has_more else None
        return found

    def get_paginated_response(self, data: list[Any]) -> Response:
        if not self.is_numbered:
            return Response({"items": data, "next": self.next})
        return Response(
            {
                "items": data,
                "total": self.total,
                "page": self.page,
                "size": self.size,
                "pages": -(-self.total // self.size),
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        numbers = {
            name: {"type": "integer", "minimum": 0, "description": "Of a numbered page."}
            for name in ("total", "page", "size", "pages")
        }
        following = {
            "type": "string",
            "nullable": True,
            "description": "The cursor of the next page, or null; only with `cursor` or `limit`.",
        }
        return {
            "type": "object",
            "required": ["items"],
            "properties": {"items": schema, **numbers, "next": following},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        cursor = {
            "name": "cursor",
            "in": "query",
            "required": False,
            "description": "`next` of the page before; empty to start. Not with `page` or `size`.",
            "schema": {"type": "string", "maxLength": cursors.LONGEST},
        }
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": maximum, "default": default},
            }
            for name, maximum, default in (
                ("page", PAGE_MAX, 1),
                ("size", SIZE_MAX, SIZE_DEFAULT),
                ("limit", SIZE_MAX, SIZE_DEFAULT),
            )
        ] + [cursor]
