"""The API of statistics."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.requests import actor
from todos.api.base import TodosView
from todos.api.serializers.stats import StatsSerializer
from todos.stats import stats_of


class StatsView(TodosView):
    """How much was done on each of the last 30 days, in each of the last 12 weeks, and in all."""

    @extend_schema(operation_id="stats", responses=StatsSerializer)
    def get(self, request: Request) -> Response:
        stats = stats_of(request.user, zone=actor(request).zone, at=timezone.now())
        return Response(
            {
                "total": stats.total,
                "streak": stats.streak,
                "best_streak": stats.best_streak,
                "days": [{"day": day, "done": done} for day, done in stats.days],
                "weeks": [{"start": first, "done": done} for first, done in stats.weeks],
            }
        )
