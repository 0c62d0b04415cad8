"""The API of lists."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.requests import actor
from todos import operations
from todos.api.serializers import TaskListSerializer
from todos.api.views.owned import OwnedViewSet
from todos.models import TaskList, TaskListQuerySet


@extend_schema_view(
    create=extend_schema(
        responses={
            201: TaskListSerializer,
            200: OpenApiResponse(TaskListSerializer, "The uid is known."),
        }
    ),
)
class TaskListViewSet(OwnedViewSet[TaskList]):
    model = TaskList
    is_journalled = True
    queryset = TaskList.objects.none()
    serializer_class = TaskListSerializer

    def get_queryset(self) -> TaskListQuerySet:
        return TaskList.objects.visible_to(self.request.user).with_open_count()

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        operations.trash_list(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=TaskListSerializer)
    def restore(self, request: Request, pk: int) -> Response:
        task_list = self.get_object(TaskList.objects.filter(owner=request.user))
        operations.restore_list(task_list, by=actor(request))
        return self.show(task_list)
