"""What the views of tasks, lists and tags have in common."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, Generic

from django.db.models import QuerySet
from django.http import HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from accounts.api.pagination import PARAMETERS
from accounts.api.requests import TIME_ZONE_HEADER, actor
from todos.api.base import TodosView
from todos.api.known import Row, known_row
from todos.api.versions import IF_NONE_MATCH, collection_etag
from todos.operations.journal import not_found

# What they find depends on more than the journal: the hour, comments.
SEARCHES = {"filter", "search"}


@cache
def fields_of(serializer_class: type[BaseSerializer[Any]]) -> str:
    return " ".join(serializer_class().fields)


class OwnedViewSet(TodosView, GenericViewSet, Generic[Row]):  # type: ignore[type-arg]
    """What tasks, lists and tags have in common: rows of the person's, and nobody else's."""

    model: type[Row]
    # Whether all that shows in its collection is counted by the journal.
    is_journalled = False
    # What its collection is asked for, beside a page.
    query_parameters: tuple[str, ...] = ()

    def query_names(self) -> Collection[str]:
        return (*PARAMETERS, *self.query_parameters) if self.action == "list" else ()

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if self.request and self.request.auth:
            context["actor"] = actor(self.request)
        return context

    def get_object(self, rows: QuerySet[Any] | None = None) -> Row:
        """The row that the address names, or 404 in words that tell nothing of others' rows."""
        row = (self.get_queryset() if rows is None else rows).filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise not_found(self.model(pk=self.kwargs["pk"]))
        return row

    def headers_read(self, method: str) -> list[OpenApiParameter]:
        is_tagged = self.is_journalled and self.action == "list"
        return [*super().headers_read(method), *([IF_NONE_MATCH] if is_tagged else ())]

    def list(self, request: Request) -> HttpResponseBase:
        if not self.is_journalled or request.query_params.keys() & SEARCHES:
            return self.list_anew()
        etag = collection_etag(request, shape=fields_of(self.serializer_class))
        known = parse_etags(request.headers.get(IF_NONE_MATCH.name, ""))
        response = HttpResponseNotModified() if etag in known else self.list_anew()
        response["ETag"] = etag
        # A browser that keeps the answer asks whether it still holds.
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization", TIME_ZONE_HEADER.name])
        return response

    def list_anew(self) -> Response:
        rows = self.paginate_queryset(self.collection())
        return self.get_paginated_response(self.shown(rows))

    def collection(self) -> Any:
        """What is asked for, to be cut into pages."""
        return self.filter_queryset(self.get_queryset())

    def shown(self, rows: list[Any]) -> list[dict[str, Any]]:
        return self.get_serializer(rows, many=True).data

    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(self.get_object())

    def create(self, request: Request) -> Response:
        known = known_row(self.model, request.data, request.user)
        if known is not None:
            return self.show(known)
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = serializer.save()
        is_new = getattr(serializer, "is_new", True)
        return self.show(row, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def update(self, request: Request, pk: int, *, partial: bool = False) -> Response:
        row = self.get_object()
        serializer = self.get_serializer(row, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        self.save(serializer, row)
        return self.show(serializer.instance)

    def save(self, serializer: BaseSerializer[Row], row: Row) -> None:
        """Write what was asked to be changed in `row`."""
        serializer.save()

    def partial_update(self, request: Request, pk: int) -> Response:
        return self.update(request, pk, partial=True)

    def show(self, row: Row, status_code: int = status.HTTP_200_OK) -> Response:
        """`row` as it is now that it was written, with all that is shown of it."""
        return self.answer(self.get_queryset().get(pk=row.pk), status_code)

    def answer(self, row: Row, status_code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(row).data, status=status_code)
