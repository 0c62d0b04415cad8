"""The API of saved filters."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.requests import actor, local_now
from todos import operations
from todos.api.serializers import SavedFilterSerializer
from todos.api.views.owned import OwnedViewSet
from todos.models import SavedFilter


class SavedFilterViewSet(OwnedViewSet[SavedFilter]):
    model = SavedFilter
    queryset = SavedFilter.objects.none()
    serializer_class = SavedFilterSerializer

    def get_queryset(self) -> QuerySet[SavedFilter]:
        return SavedFilter.objects.visible_to(self.request.user).select_related("owner")

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if self.request and self.request.auth:
            context["now"] = local_now(self.request)
        return context

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        operations.delete_filter(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
