"""Refusals that say more than a ValidationError does."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError


class Conflict(ValidationError):
    """What was asked does not fit the present state, which `payload` shows.

    `status` is 409, or 412 when the caller named the state it expected.
    """

    def __init__(
        self, message: Any, *, status: int = 409, payload: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.payload = payload or {}


class SignUpClosed(PermissionDenied):
    """Nobody may create an account here now (the setting SIGN_UP)."""
