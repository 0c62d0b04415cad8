"""What the views of comments and reminders have in common: both hang on a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import Conflict
from todos.api.views.owned import OwnedViewSet
from todos.models import Task
from todos.operations.journal import not_found


class OnTaskViewSet(OwnedViewSet):  # type: ignore[type-arg]
    """Rows of one task, which the address names by `pk`, and the row by `row`."""

    row_not_found: ClassVar[Callable[[int], Conflict]]

    def get_task(self) -> Task:
        task = Task.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if task is None:
            raise not_found(Task(pk=self.kwargs["pk"]))
        return task

    def get_queryset(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.request.user).filter(task=self.kwargs["pk"])

    def get_object(self) -> Any:
        self.get_task()
        row = self.get_queryset().filter(pk=self.kwargs["row"]).first()
        if row is None:
            raise type(self).row_not_found(self.kwargs["row"])
        return row

    def list(self, request: Request, pk: int) -> Response:
        self.get_task()
        return super().list(request)

    def create(self, request: Request, pk: int) -> Response:
        task = self.get_task()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = serializer.save(task=task)
        is_new = getattr(serializer, "is_new", True)
        return self.answer(row, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)
