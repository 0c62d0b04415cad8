"""Lists in numbered pages."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.requests import read_query, whole_number

PAGE_MAX = 2**31 - 1
SIZE_MAX = 100
SIZE_DEFAULT = 50


class PageNumbers(BasePagination):
    """Pages chosen by `page` and `size`; past the last one `items` is empty. Two queries.

    The view names the other query parameters that it reads in `query_parameters`.
    """

    def paginate_queryset(
        self, queryset: QuerySet[Any] | list[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        query = read_query(request, "page", "size", *getattr(view, "query_parameters", ()))
        self.page = whole_number(query, "page", default=1, maximum=PAGE_MAX)
        self.size = whole_number(query, "size", default=SIZE_DEFAULT, maximum=SIZE_MAX)
        self.total = len(queryset) if isinstance(queryset, list) else queryset.count()
        start = (self.page - 1) * self.size
        return list(queryset[start : start + self.size])

    def get_paginated_response(self, data: list[Any]) -> Response:
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
        number = {"type": "integer", "minimum": 0}
        return {
            "type": "object",
            "required": ["items", "total", "page", "size", "pages"],
            "properties": {
                "items": schema,
                "total": number,
                "page": number,
                "size": number,
                "pages": number,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
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
            )
        ]
