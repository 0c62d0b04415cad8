"""The API of the report."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from todos.api.base import TodosView
from todos.tasks import queue_report


class ReportView(TodosView):
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
