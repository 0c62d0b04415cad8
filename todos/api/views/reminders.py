"""The API of the reminders of a task."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.requests import actor
from todos import operations
from todos.api.serializers.reminders import ReminderSerializer
from todos.api.views.on_tasks import OnTaskViewSet
from todos.models import Reminder
from todos.operations.reminders import reminder_not_found


@extend_schema_view(
    create=extend_schema(
        responses={
            201: ReminderSerializer,
            200: OpenApiResponse(ReminderSerializer, "The task has this reminder already."),
        }
    ),
)
class ReminderViewSet(OnTaskViewSet):
    """Mails that remind of a task, the soonest first, and what became of each."""

    model = Reminder
    queryset = Reminder.objects.none()
    serializer_class = ReminderSerializer
    row_not_found = reminder_not_found

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int, row: int) -> Response:
        operations.delete_reminder(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
