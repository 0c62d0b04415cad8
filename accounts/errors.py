"""Refusals that say more than a ValidationError does."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, InternalError, OperationalError
from django.utils.translation import gettext as _

# What Django raises when the database is away, full, too slow or may only be read: answered 503,
# with the seconds after which another try is worth it.
DATABASE_FAILS = (OperationalError, InterfaceError, InternalError)
RETRY_AFTER_SECONDS = 5


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


def why_not_now(problem: BaseException | None) -> str:
    """What a person is told when the database failed with `problem`."""
    match getattr(getattr(problem, "__cause__", None), "sqlstate", None):
        case "55P03":  # lock_not_available
            return _("Something else is being written here right now. Please try again soon.")
        case "57014":  # query_canceled
            return _("This took too long, so it was not done. Please try again later.")
        case "01000":  # A commit that the standby has not confirmed.
            return _("The database could not confirm this. Look whether it was done.")
    return _("The database does not answer. Please try again soon.")
