"""The API of the trash."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.api.pagination import PARAMETERS
from accounts.api.requests import actor
from todos import operations
from todos.api.base import TodosView
from todos.api.serializers import TrashedSerializer
from todos.models import Task, TaskList
from todos.operations.journal import not_found
from todos.trash import trash_of


class TrashView(TodosView, GenericAPIView):  # type: ignore[type-arg]
    queryset = Task.objects.none()
    serializer_class: type[BaseSerializer[Any]] = TrashedSerializer

    def query_names(self) -> Collection[str]:
        return () if self.request.method == "DELETE" else PARAMETERS

    def rows_after(self, condition: Q) -> QuerySet[Any, dict[str, Any]]:
        return trash_of(self.request.user, condition)

    @extend_schema(responses=TrashedSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(trash_of(request.user))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        operations.empty_trash(request.user, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrashedTaskView(TodosView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        task = Task.objects.trashed_of(request.user).filter(pk=pk).first()
        if task is None:
            raise not_found(Task(pk=pk))
        operations.erase_task(task, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrashedListView(TodosView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        task_list = TaskList.objects.trashed_of(request.user).filter(pk=pk).first()
        if task_list is None:
            raise not_found(TaskList(pk=pk))
        operations.erase_list(task_list, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
