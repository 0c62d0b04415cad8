"""Refusals that say more than a ValidationError does."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError


class Conflict(ValidationError):
    """What was asked does not fit the present state: `status` is 409, or 404 for what is gone."""

    def __init__(self, message: Any, *, status: int = 409) -> None:
        super().__init__(message)
        self.status = status


class SignUpClosed(PermissionDenied):
    """Nobody may create an account here now (the setting SIGN_UP)."""
