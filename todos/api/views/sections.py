"""The API of the sections of lists."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.requests import actor
from todos import operations
from todos.api.filters import find_list
from todos.api.serializers import SectionSerializer
from todos.api.views.owned import OwnedViewSet
from todos.models import Section
from todos.models.lists import SectionQuerySet


@extend_schema_view(
    list=extend_schema(
        parameters=[OpenApiParameter("list", OpenApiTypes.INT, description="The id of a list.")]
    ),
    create=extend_schema(
        responses={
            201: SectionSerializer,
            200: OpenApiResponse(SectionSerializer, "The uid is known."),
        }
    ),
)
class SectionViewSet(OwnedViewSet[Section]):
    model = Section
    is_journalled = True
    queryset = Section.objects.none()
    serializer_class = SectionSerializer
    query_parameters = ("list",)

    def get_queryset(self) -> SectionQuerySet:
        return Section.objects.visible_to(self.request.user)

    def filter_queryset(self, queryset: SectionQuerySet) -> Any:
        query = self.request.query_params.dict()
        if "list" in query:
            return queryset.filter(task_list=find_list(query["list"], user=self.request.user))
        return queryset

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Delete a section; its tasks stay in the list."""
        operations.delete_section(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
