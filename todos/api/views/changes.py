"""The API of the journal: what changed, what became of it, and taking it back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pagination import PARAMETERS, SIZE_DEFAULT, SIZE_MAX
from accounts.api.requests import actor, whole_number
from accounts.errors import Conflict
from accounts.sessions import find_device_row
from todos import operations
from todos.api.base import TodosView
from todos.api.present import present
from todos.api.serializers.changes import (
    FIELDS,
    ChangedSerializer,
    FeedItemSerializer,
    FeedSerializer,
    HistorySerializer,
    UndoneSerializer,
    UndoSerializer,
    UndoSessionSerializer,
)
from todos.models import Change, ChangeQuerySet, Journal, Tag, Task
from todos.operations import Undone
from todos.operations.journal import not_found

LARGEST_NUMBER = 2**63 - 1


class FeedView(TodosView):
    """What changed since, in the order in which it did.

    Without `since` it tells where to begin: ask so before reading everything for the first time.
    """

    def query_names(self) -> Collection[str]:
        return ("since", "limit")

    @extend_schema(
        operation_id="changes_feed",
        parameters=[
            OpenApiParameter(
                "since",
                {"type": "integer", "format": "int64", "minimum": 0, "maximum": LARGEST_NUMBER},
                description="`next` of the answer before.",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": SIZE_MAX, "default": SIZE_DEFAULT},
            ),
        ],
        responses={
            200: FeedSerializer,
            410: OpenApiResponse(
                description="Too old, or of another journal: read everything anew."
            ),
        },
    )
    def get(self, request: Request) -> Response:
        query = request.query_params.dict()
        limit = whole_number(query, "limit", default=SIZE_DEFAULT, maximum=SIZE_MAX)
        if "since" not in query:
            return Response({"changes": [], "next": last_number(request), "more": False})
        since, last = read_since(query), last_number(request)
        rows = Change.objects.visible_to(request.user).filter(number__gt=since).order_by("number")
        changes = list(rows[: limit + 1])
        refuse_gap(since, changes, last=last)
        shown = changes[:limit]
        context = {"present": present(shown, request)}
        return Response(
            {
                "changes": FeedItemSerializer(shown, many=True, context=context).data,
                "next": shown[-1].number if shown else since,
                "more": len(changes) > limit,
            }
        )


def last_number(request: Request) -> int:
    return Journal.objects.values_list("last_number", flat=True).get(owner=request.user)


def read_since(query: dict[str, str]) -> int:
    """The number of a change, or 0 for all that is kept."""
    return whole_number(query, "since", default=0, minimum=0, maximum=LARGEST_NUMBER)


def refuse_gap(since: int, changes: list[Change], *, last: int) -> None:
    """Raise Conflict (410) unless `changes` are all there ever were after the number `since`.

    Numbers have no gaps: one that is missing was erased for its age. One that is yet to come is of
    a journal that was put back from a backup. `last` was the last one before `changes` were read.
    """
    newest = changes[-1].number if changes else last
    if since > newest:
        words = _("This number is not of this journal. Read everything anew.")
        raise Conflict(words, status=410)
    if newest - since != len(changes):
        words = _("This is too old to tell all changes since. Read everything anew.")
        raise Conflict(words, status=410)


class HistoryView(TodosView, GenericAPIView):
    """The changes of a task, the newest first."""

    queryset = Change.objects.none()
    serializer_class = HistorySerializer

    def query_names(self) -> Collection[str]:
        return PARAMETERS

    @extend_schema(operation_id="task_changes_list", responses=HistorySerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        task = Task.objects.visible_to(request.user).filter(pk=pk).first()
        if task is None:
            raise not_found(Task(pk=pk))
        changes = self.paginate_queryset(Change.objects.of(task).select_related("by"))
        tags = dict(Tag.objects.visible_to(request.user).values_list("pk", "name"))
        shown = HistorySerializer(changes, many=True, context={"tags": tags}).data
        return self.get_paginated_response(shown)


class UndoChangeView(TodosView):
    """Takes a change back, as far as nothing changed again since, or all of its batch."""

    @extend_schema(operation_id="changes_undo", request=UndoSerializer, responses=UndoneSerializer)
    def post(self, request: Request, pk: int) -> Response:
        changes: ChangeQuerySet = Change.objects.visible_to(request.user)
        change = changes.filter(pk=pk).first()
        if change is None:
            raise Conflict(_("Change not found with id=%(id)s") % {"id": pk}, status=404)
        serializer = UndoSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        if serializer.validated_data["batch"]:
            return told(operations.undo_batch(change, by=actor(request)), request)
        return told([operations.undo_change(change, by=actor(request))], request)


class UndoSessionView(TodosView):
    """Takes back all that a session did since a moment, as far as nothing changed again."""

    @extend_schema(
        operation_id="sessions_undo", request=UndoSessionSerializer, responses=UndoneSerializer
    )
    def post(self, request: Request, pk: UUID) -> Response:
        did_something = Change.objects.visible_to(request.user).filter(session=pk).exists()
        if not did_something and find_device_row(request.user, pk) is None:
            raise Http404
        serializer = UndoSessionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        since = serializer.validated_data["since"]
        by = actor(request)
        return told(operations.undo_session(request.user, pk, since=since, by=by), request)


def told(outcomes: list[Undone], request: Request) -> Response:
    """What was undone, each as it is by now, and the names of fields that were left as they are."""
    context = {"present": present([outcome.change for outcome in outcomes], request)}
    undone = [outcome.change for outcome in outcomes if outcome.took_effect]
    kept = [
        ChangedSerializer(outcome.change).data
        | {"fields": list(dict.fromkeys(FIELDS[name] for name in outcome.kept if name in FIELDS))}
        for outcome in outcomes
        if outcome.kept
    ]
    shown = FeedItemSerializer(undone, many=True, context=context).data
    return Response({"undone": shown, "kept": kept})
