"""The API of tasks, lists, tags and the trash."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.api.requests import actor, read_query
from todos import operations
from todos.api import filters
from todos.api.serializers import (
    CompletionSerializer,
    TagSerializer,
    TaskListSerializer,
    TaskSerializer,
    TrashedSerializer,
)
from todos.models import Tag, Task, TaskList, TaskListQuerySet, TaskQuerySet
from todos.operations.journal import not_found
from todos.tasks import queue_report
from todos.trash import trash_of

Row = TypeVar("Row", Task, TaskList, Tag)


class OwnedViewSet(GenericViewSet, Generic[Row]):  # type: ignore[type-arg]
    """What tasks, lists and tags have in common: rows of the person's, and nobody else's."""

    model: type[Row]

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

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(self.get_object())

    def create(self, request: Request) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = serializer.save()
        is_new = getattr(serializer, "is_new", True)
        return self.show(row.pk, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def update(self, request: Request, pk: int, *, partial: bool = False) -> Response:
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return self.show(pk)

    def partial_update(self, request: Request, pk: int) -> Response:
        return self.update(request, pk, partial=True)

    def show(self, pk: int, status_code: int = status.HTTP_200_OK) -> Response:
        """The row as it is now that it was written, with all that is shown of it."""
        return self.answer(self.get_queryset().get(pk=pk), status_code)

    def answer(self, row: Row, status_code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(row).data, status=status_code)


@extend_schema_view(
    list=extend_schema(parameters=filters.PARAMETERS),
    create=extend_schema(
        responses={201: TaskSerializer, 200: OpenApiResponse(TaskSerializer, "The uid is known.")}
    ),
)
class TaskViewSet(OwnedViewSet[Task]):
    model = Task
    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    query_parameters = filters.NAMES

    def get_queryset(self) -> TaskQuerySet:
        return Task.objects.visible_to(self.request.user).for_display().select_related("owner")

    def filter_queryset(self, queryset: Any) -> Any:
        query = read_query(self.request, "page", "size", *self.query_parameters)
        return filters.filtered(queryset, query, user=self.request.user)

    @extend_schema(request=CompletionSerializer, responses=TaskSerializer)
    def complete(self, request: Request, pk: int) -> Response:
        serializer = CompletionSerializer(data=request.data)
        task = self.get_object()
        serializer.is_valid(raise_exception=True)
        if serializer.validated_data["completed"]:
            operations.complete_task(task, by=actor(request))
        else:
            operations.reopen_task(task, by=actor(request))
        return self.show(pk)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        operations.trash_task(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=TaskSerializer)
    def restore(self, request: Request, pk: int) -> Response:
        task = self.get_object(Task.objects.filter(owner=request.user))
        operations.restore_task(task, by=actor(request))
        return self.show(pk)


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
        return self.show(pk)


class TagViewSet(OwnedViewSet[Tag]):
    model = Tag
    queryset = Tag.objects.none()
    serializer_class = TagSerializer

    def get_queryset(self) -> QuerySet[Tag]:
        return Tag.objects.visible_to(self.request.user)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        operations.delete_tag(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrashView(GenericAPIView):  # type: ignore[type-arg]
    queryset = Task.objects.none()
    serializer_class: type[BaseSerializer[Any]] = TrashedSerializer

    @extend_schema(responses=TrashedSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(trash_of(request.user))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        operations.empty_trash(request.user, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrashedTaskView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        task = Task.objects.trashed_of(request.user).filter(pk=pk).first()
        if task is None:
            raise not_found(Task(pk=pk))
        operations.erase_task(task, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrashedListView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        task_list = TaskList.objects.trashed_of(request.user).filter(pk=pk).first()
        if task_list is None:
            raise not_found(TaskList(pk=pk))
        operations.erase_list(task_list, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReportView(APIView):
    """Mails the person a CSV report of their tasks, in the background."""

    # Without HEAD, which looks and must not act.
    http_method_names = ["get", "post", "options"]

    @extend_schema(operation_id="reports_request", request=None, responses={200: str})
    def post(self, request: Request) -> Response:
        queue_report(request.user)
        return Response("Success")

    @extend_schema(operation_id="reports_get", responses={200: str})
    def get(self, request: Request) -> Response:
        return self.post(request)
