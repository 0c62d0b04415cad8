"""The API of quick add: lines of text as tasks; what they and rules say before they are saved."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.api.requests import actor
from todos import operations, recurrence
from todos.api.base import TodosView
from todos.api.conflicts import tasks_as_json
from todos.api.known import known_row
from todos.api.serializers import TaskSerializer
from todos.api.serializers.quick import (
    PreviewSerializer,
    QuickAddSerializer,
    QuickTaskSerializer,
    RulePreviewSerializer,
    RuleToPreviewSerializer,
    TextToPreviewSerializer,
)
from todos.models import Task, TaskList
from todos.operations.quick_add import Line
from todos.quickadd import parse_recurrence
from todos.recurrence import Due, Rule


class QuickAddView(TodosView):
    """Adds a task as one line of text, or several, one a line."""

    @extend_schema(
        request=QuickAddSerializer,
        responses={
            201: QuickTaskSerializer,
            200: OpenApiResponse(TaskSerializer, "The uid is known."),
        },
    )
    def post(self, request: Request) -> Response:
        known = known_row(Task, request.data, request.user)
        if known is not None:
            return self.show([known], status.HTTP_200_OK)
        serializer = QuickAddSerializer(data=request.data, context={"actor": actor(request)})
        serializer.is_valid(raise_exception=True)
        added = serializer.save()
        is_new = serializer.is_new
        return self.show(added, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def show(self, tasks: list[Task], status_code: int) -> Response:
        """The first of `tasks`, with all of them where there are several."""
        shown = tasks_as_json(sorted(tasks, key=attrgetter("pk")), self.request)
        answer = shown[0] | ({"tasks": shown} if len(shown) > 1 else {})
        return Response(answer, status_code)


class QuickAddPreviewView(TodosView):
    """What a line of text would become. Changes nothing."""

    @extend_schema(request=TextToPreviewSerializer, responses=PreviewSerializer)
    def post(self, request: Request) -> Response:
        serializer = TextToPreviewSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        by = actor(request)
        at = serializer.validated_data.get("now") or timezone.now()
        lines = operations.read_lines(serializer.validated_data["text"], by=by, at=at)
        inbox = TaskList.objects.get(owner=request.user, is_inbox=True)
        shown: list[dict[str, Any]] = []
        lists: list[int] = []
        for line in lines:
            lists[line.depth :] = [
                line.task_list.pk
                if line.task_list
                else lists[line.depth - 1]
                if line.depth
                else inbox.pk
            ]
            shown.append(preview_of(line, lists[-1], at.astimezone(by.zone)))
        return Response(shown[0] | ({"lines": shown} if len(shown) > 1 else {}))


def preview_of(line: Line, task_list: int, now: datetime) -> dict[str, Any]:
    parsed = line.parsed
    repeats = None
    following: list[str] = []
    if parsed.rule and parsed.day:
        rule = Rule.parse(parsed.rule)
        repeats = shown_rule(rule, parsed.repeats_from)
        following = upcoming(rule, parsed.repeats_from, Due(parsed.day, parsed.time), now)
    return {
        "title": parsed.title,
        "description": parsed.description,
        "list": task_list,
        "tags": parsed.tags,
        "priority": parsed.priority or Task.Priority.NONE,
        "deadline": parsed.day,
        "due_time": parsed.time and f"{parsed.time:%H:%M}",
        "due_zone": parsed.zone,
        "start": parsed.start_on,
        "recurrence": repeats,
        "next": following,
        "spans": [span._asdict() for span in parsed.spans],
        "hints": parsed.hints,
        "line": line.text,
        "depth": line.depth,
    }


class RulePreviewView(TodosView):
    """What a rule says, in words, and its next five days. Changes nothing."""

    @extend_schema(request=RuleToPreviewSerializer, responses=RulePreviewSerializer)
    def post(self, request: Request) -> Response:
        serializer = RuleToPreviewSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(rule_preview(serializer.validated_data, actor(request)))


def rule_preview(asked: dict[str, Any], by: Actor) -> dict[str, Any]:
    """The rule in words and its next days, by the clock that the task would go by.

    Raises ValidationError by field when there is no such rule.
    """
    zone = ZoneInfo(asked["due_zone"]) if asked.get("due_zone") else by.zone
    now = (asked.get("now") or timezone.now()).astimezone(zone)
    day, time, counts_from = asked.get("deadline"), asked.get("due_time"), asked.get("from")
    try:
        if "text" in asked:
            options = {"date_order": by.user.date_order, "week_start": by.user.week_start}
            words = parse_recurrence(asked["text"], now=now, **options)
            rule, counts_from = Rule.parse(words.rule), counts_from or words.repeats_from
            if day is None and time is None:
                day, time = words.day, words.time
            else:
                time = time or words.time
        else:
            rule = Rule.parse(asked["rule"])
    except ValidationError as refusal:
        raise ValidationError({"text" if "text" in asked else "rule": refusal.messages}) from None
    due = Due(day, time) if day else recurrence.first_due(rule, time=time, now=now)
    counts_from = counts_from or "due"
    following = upcoming(rule, counts_from, due, now) if due else []
    return shown_rule(rule, counts_from) | {"next": following}


def shown_rule(rule: Rule, counts_from: str) -> dict[str, str]:
    words = recurrence.explain(rule, counts_from)
    return {"rule": str(rule), "from": counts_from, "text": words}


def upcoming(rule: Rule, counts_from: str, due: Due, now: datetime) -> list[str]:
    """The next five, as 2026-11-23 or 2026-11-23T09:00."""
    found = recurrence.upcoming(rule, counts_from=counts_from, due=due, anchor=due.day, now=now)
    return [f"{day}T{time:%H:%M}" if time else f"{day}" for day, time in found]
