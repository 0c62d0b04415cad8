"""The API of the comments on a task."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.requests import actor
from todos import operations
from todos.api.serializers.comments import CommentSerializer
from todos.api.views.on_tasks import OnTaskViewSet
from todos.models import Comment
from todos.operations.comments import comment_not_found


class CommentViewSet(OnTaskViewSet):
    """What was written about a task, the oldest first."""

    model = Comment
    queryset = Comment.objects.none()
    serializer_class = CommentSerializer
    row_not_found = comment_not_found

    def partial_update(self, request: Request, pk: int, row: int) -> Response:
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        return self.answer(serializer.save())

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int, row: int) -> Response:
        operations.delete_comment(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
