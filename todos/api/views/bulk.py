"""Many operations on tasks in one request: one transaction, one batch."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import exception_handler
from accounts.api.requests import actor
from accounts.api.serializers import IntegerField
from todos import operations
from todos.api.base import TodosView
from todos.api.conflicts import rows_shown, tasks_as_json
from todos.api.known import known_row
from todos.api.serializers.bulk import OPERATIONS, BulkAnswerSerializer, BulkSerializer
from todos.models import Task
from todos.operations import Outcome
from todos.operations.journal import not_found


class Refused(ValidationError):
    """What a serializer refused, in a form that lets the other operations go on."""

    def __init__(self, problem: exceptions.ValidationError) -> None:
        super().__init__("")
        self.problem = problem


class BulkView(TodosView):
    """Does up to 100 operations; one that is refused changes nothing and leaves the others be."""

    @extend_schema(
        operation_id="tasks_bulk", request=BulkSerializer, responses=BulkAnswerSerializer
    )
    def post(self, request: Request) -> Response:
        serializer = BulkSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data["operations"]
        self.created: set[int] = set()
        acts = [partial(self.act, place, dict(each)) for place, each in enumerate(asked)]
        outcomes = operations.do_all(request.user, acts, by=actor(request))
        done = [outcome.task for outcome in outcomes if outcome.task]
        shown = {task["id"]: task for task in tasks_as_json(done, request)}
        results = [self.told(place, outcome, shown) for place, outcome in enumerate(outcomes)]
        return Response({"results": results})

    def act(self, place: int, asked: dict[str, Any]) -> Task:
        """Do the operation at `place`. Raises ValidationError."""
        try:
            task, is_new = self.do(asked.pop("op", None), asked)
        except exceptions.ValidationError as problem:
            raise Refused(problem) from None
        if is_new:
            self.created.add(place)
        return task

    def do(self, op: Any, asked: dict[str, Any]) -> tuple[Task, bool]:
        """The task that an operation was done to, and whether it is new."""
        if not isinstance(op, str) or op not in OPERATIONS:
            words = _("Use one of these: %(names)s.") % {"names": ", ".join(OPERATIONS)}
            raise ValidationError({"op": words})
        context = {"request": self.request, "actor": actor(self.request)}
        options: dict[str, Any] = {"context": context, "partial": op == "update"}
        guard: Any = nullcontext()
        if op == "create":
            known = known_row(Task, asked, self.request.user)
            if known is not None:
                return known, False
        else:
            options["instance"] = task = self.find(number_in(asked, "id"), op)
            if "version" in asked and op != "restore":
                version = number_in(asked, "version")
                guard = operations.expecting(task, {version}, by=context["actor"])
        with guard:
            serializer = OPERATIONS[op](data=asked, **options)
            serializer.is_valid(raise_exception=True)
            task = serializer.save()
        return task, getattr(serializer, "is_new", False)

    def find(self, pk: int, op: str) -> Task:
        mine = Task.objects.filter(owner=self.request.user)
        rows = mine if op == "restore" else mine.filter(trashed_at=None)
        task = rows.filter(pk=pk).first()
        if task is None:
            raise not_found(Task(pk=pk))
        return task

    def told(
        self, place: int, outcome: Outcome, shown: dict[int, dict[str, Any]]
    ) -> dict[str, Any]:
        if outcome.task:
            is_new = place in self.created
            code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
            return {"status": code, "task": shown[outcome.task.pk]}
        refusal = outcome.refusal
        problem = refusal.problem if isinstance(refusal, Refused) else refusal
        answer = exception_handler(problem, {"request": self.request})
        rows = rows_shown(getattr(problem, "rows", {}), self.request)
        return {"status": answer.status_code, "error": dict(answer.data) | rows}


def number_in(asked: dict[str, Any], name: str) -> int:
    """Take the whole number `name` out of `asked`. Raises a refusal that names it."""
    if name not in asked:
        raise ValidationError({name: _("This is required.")})
    try:
        return IntegerField(min_value=0, max_value=2**63 - 1).run_validation(asked.pop(name))
    except exceptions.ValidationError as problem:
        raise exceptions.ValidationError({name: problem.detail}) from None
