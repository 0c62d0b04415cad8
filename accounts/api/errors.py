"""One place that turns every refusal into the API's answer."""

from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler as rest_framework_handler

from accounts import trail
from accounts.api.limits import count_stranger
from accounts.authentication import NOT_VALID
from accounts.errors import DATABASE_FAILS, RETRY_AFTER_SECONDS, Conflict, why_not_now
from accounts.limits import LimitReached
from accounts.repetition import may_repeat


def exception_handler(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Answer `problem` in words, or return None for what is a fault of ours, or is repeated."""
    if isinstance(problem, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        try:
            count_stranger(context["request"])
        except LimitReached as limit:
            problem = limit
    if isinstance(problem, Conflict):
        waits = {"Retry-After": str(problem.retry_after)} if problem.retry_after else None
        return Response(sentences(problem), status=problem.status, headers=waits)
    if isinstance(problem, ValidationError):
        return Response(sentences(problem), status=400)
    if isinstance(problem, LimitReached):
        return Response(
            {"detail": problem.sentence},
            status=429,
            headers={"Retry-After": str(problem.retry_after)},
        )
    if may_repeat(context["request"]._request, problem):
        return None
    if isinstance(problem, DATABASE_FAILS):
        return Response(
            {"detail": why_not_now(problem), "request_id": trail.request_id()},
            status=503,
            headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
        )
    if isinstance(problem, RequestDataTooBig):
        return Response({"detail": _("The body is too large.")}, status=413)
    if isinstance(problem, SuspiciousOperation):
        return Response({"detail": _("This request cannot be read.")}, status=400)
    if isinstance(problem, exceptions.NotAuthenticated):
        problem.detail = NOT_VALID
    response = rest_framework_handler(problem, context)
    if isinstance(problem, exceptions.ValidationError) and isinstance(problem.detail, list):
        response.data = {"detail": " ".join(str(part) for part in problem.detail)}
    return response


def sentences(problem: ValidationError) -> dict[str, Any]:
    """The messages of `problem` by field, or as one `detail` when they concern no field."""
    if not hasattr(problem, "error_dict"):
        return {"detail": " ".join(problem.messages)}
    return {
        api_settings.NON_FIELD_ERRORS_KEY if field == NON_FIELD_ERRORS else field: messages
        for field, messages in problem.message_dict.items()
    }
