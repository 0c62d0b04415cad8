"""What the OpenAPI document tells of every route alike: its refusals, and what it does not read."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance

from accounts.api.serializers import Strict

REFUSAL = {
    "type": "object",
    "description": "The sentences that concern each field, or one `detail`.",
    "properties": {"detail": {"type": "string"}},
    "additionalProperties": {},
}
NO_SENSE = _("Something in the request makes no sense: the answer names it.")
NOT_SIGNED_IN = _("The access token is missing, expired or not valid.")
NOT_FOUND = _("There is no such thing, or it is somebody else's.")
TOO_LARGE = _("The body is too large.")
NOT_READ = _("The body is of a type, a charset or an encoding that is not read.")
TOO_MANY = _("Too many requests: `Retry-After` says when to come again.")
AWAY = _("The database does not answer: `Retry-After` says when to come again.")

SECONDS_TO_WAIT = {"description": "Seconds to wait.", "schema": {"type": "integer"}}


class Schema(AutoSchema):
    """Adds how a route refuses, and that a strict serializer takes no field it does not know."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            responses = operation["responses"]
            for status, words in self.answers_beside(operation).items():
                responses.setdefault(status, {"description": str(words)})
            for status, response in responses.items():
                if status >= "400":
                    response.setdefault("content", {"application/json": {"schema": self.refusal()}})
                if status in {"429", "503"}:
                    response["headers"] = {"Retry-After": SECONDS_TO_WAIT}
            operation["responses"] = dict(sorted(responses.items()))
        return operation

    def answers_beside(self, operation: dict[str, Any]) -> dict[str, str | Promise]:
        """The statuses that any route of this kind may answer, and what they mean."""
        found = {"429": TOO_MANY, "503": AWAY}
        if "security" in operation:
            found |= {"400": NO_SENSE, "401": NOT_SIGNED_IN}
        if any(parameter["in"] == "path" for parameter in operation.get("parameters", ())):
            found |= {"404": NOT_FOUND}
        if "requestBody" in operation:
            found |= {"400": NO_SENSE, "413": TOO_LARGE, "415": NOT_READ}
        return found

    def _get_request_body(self, direction: str = "request") -> dict[str, Any] | None:
        """A DELETE has one only where the view says so."""
        if self.method != "DELETE" or not getattr(self.view, "deletion_has_body", False):
            return super()._get_request_body(direction)
        self.method = "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"

    def refusal(self) -> dict[str, str]:
        """A reference to what every refusal looks like."""
        component = ResolvedComponent(
            name="Refusal", type=ResolvedComponent.SCHEMA, schema=REFUSAL, object="Refusal"
        )
        self.registry.register_on_missing(component)
        return component.ref

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and isinstance(force_instance(serializer), Strict):
            schema["additionalProperties"] = False
        return schema
