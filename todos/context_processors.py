"""What every page shows beside its own content."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from todos.rail import Rail


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav`, for the rail, and `now`, local to the person. A view that has counted what is due
    today says so in `request.due_today`.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return {}
    return {
        "nav": Rail(request.user, due_today=getattr(request, "due_today", None)),  # type: ignore[arg-type]
        "now": timezone.localtime(),
        "person": request.user,
    }
