"""The API of tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.api.pagination import NUMBERED
from accounts.api.requests import actor, local_now
from todos import operations
from todos.api import filters
from todos.api.serializers import (
    CompletionSerializer,
    MoveSerializer,
    PostponementSerializer,
    SkipSerializer,
    TaskSerializer,
)
from todos.api.serializers.tasks import ActSerializer
from todos.api.task_rows import (
    LARGEST_ID,
    Newest,
    TaskRows,
    row_of,
    task_json,
    task_of,
    task_row,
    tasks_json,
)
from todos.api.versions import IF_MATCH, expected
from todos.api.views.owned import OwnedViewSet
from todos.models import Task, TaskQuerySet
from todos.operations.journal import not_found


@extend_schema_view(
    list=extend_schema(parameters=filters.PARAMETERS),
    create=extend_schema(
        responses={201: TaskSerializer, 200: OpenApiResponse(TaskSerializer, "The uid is known.")}
    ),
)
class TaskViewSet(OwnedViewSet[Task]):
    model = Task
    is_journalled = True
    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    query_parameters = filters.NAMES

    def get_queryset(self) -> TaskQuerySet:
        return Task.objects.visible_to(self.request.user)

    def collection(self) -> Any:
        query, user = self.request.query_params.dict(), self.request.user
        if query.keys() <= set(NUMBERED):
            return Newest(user)
        now = local_now(self.request)
        return TaskRows(filters.filtered(self.get_queryset(), query, user=user, now=now))

    def shown(self, rows: list[Any]) -> list[dict[str, Any]]:
        return tasks_json(rows, owner=self.request.user)

    def retrieve(self, request: Request, pk: int) -> Response:
        row = task_row(request.user, pk)
        if row is None:
            raise not_found(Task(pk=pk))
        return Response(task_json(row, owner=request.user))

    def show(self, row: Task, status_code: int = status.HTTP_200_OK) -> Response:
        return Response(task_json(row_of(row), owner=self.request.user), status=status_code)

    def get_object(self, rows: QuerySet[Any] | None = None) -> Task:
        if rows is not None:
            return super().get_object(rows)
        task = task_of(self.request.user, self.kwargs["pk"])
        if task is None:
            raise not_found(Task(pk=self.kwargs["pk"]))
        return task

    def headers_read(self, method: str) -> list[OpenApiParameter]:
        heeds_versions = self.action not in {"list", "create", "retrieve", "restore"}
        return [*super().headers_read(method), *([IF_MATCH] if heeds_versions else ())]

    def save(self, serializer: BaseSerializer[Task], task: Task) -> None:
        with expected(self.request, task):
            serializer.save()

    def act(self, request: Request, serializer_class: type[ActSerializer]) -> Response:
        """Do to the task what the body says. It is the operation that reads the task."""
        pk = self.kwargs["pk"]
        task = Task(pk=pk, owner=request.user) if pk <= LARGEST_ID else self.get_object()
        context = self.get_serializer_context()
        serializer = serializer_class(task, data=request.data, context=context)
        if not serializer.is_valid():
            self.get_object()
            raise ValidationError(serializer.errors)
        self.save(serializer, task)
        return self.show(serializer.instance)

    @extend_schema(request=CompletionSerializer, responses=TaskSerializer)
    def complete(self, request: Request, pk: int) -> Response:
        return self.act(request, CompletionSerializer)

    @extend_schema(request=SkipSerializer, responses=TaskSerializer)
    def skip(self, request: Request, pk: int) -> Response:
        """Move a task that repeats on to its next occurrence."""
        return self.act(request, SkipSerializer)

    @extend_schema(request=PostponementSerializer, responses=TaskSerializer)
    def postpone(self, request: Request, pk: int) -> Response:
        """Give this occurrence another day; how the task repeats stays."""
        return self.act(request, PostponementSerializer)

    @extend_schema(request=MoveSerializer, responses=TaskSerializer)
    def move(self, request: Request, pk: int) -> Response:
        return self.act(request, MoveSerializer)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        task = self.get_object()
        with expected(request, task):
            operations.trash_task(task, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=TaskSerializer)
    def restore(self, request: Request, pk: int) -> Response:
        task = self.get_object(Task.objects.filter(owner=request.user))
        operations.restore_task(task, by=actor(request))
        return self.retrieve(request, pk)
