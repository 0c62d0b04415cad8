"""Refusals that say more than a ValidationError does."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError


class Conflict(ValidationError):
    """What was asked does not fit the present state.

    `status` is 409, 412 for what has changed meanwhile, 404 for what is gone, or 410 for what was
    once; `rows` are what it does not fit, by name; `retry_after` are seconds after which it may.
    """

    def __init__(
        self, message: Any, *, status: int = 409, retry_after: int | None = None, **rows: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        self.rows = rows


class SignUpClosed(PermissionDenied):
    """Nobody may create an account here now (the setting SIGN_UP)."""
