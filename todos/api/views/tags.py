"""The API of tags."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.requests import actor
from todos import operations
from todos.api.serializers import TagSerializer
from todos.api.views.owned import OwnedViewSet
from todos.models import Tag


class TagViewSet(OwnedViewSet[Tag]):
    model = Tag
    is_journalled = True
    queryset = Tag.objects.none()
    serializer_class = TagSerializer

    def get_queryset(self) -> QuerySet[Tag]:
        return Tag.objects.visible_to(self.request.user)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        operations.delete_tag(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
