"""What every page shows beside its own content."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from todos.models import SavedFilter, Tag, Task, TaskList


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav`, for the rail, and `now`, local to the person. Four queries, only if the page asks;
    one less where the view has counted what is due today, in `request.due_today`.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return {}
    return {
        "nav": SimpleLazyObject(
            lambda: rail(request.user, due_today=getattr(request, "due_today", None))  # type: ignore[arg-type]
        ),
        "now": timezone.localtime(),
        "person": request.user,
    }


def rail(user: User, *, due_today: int | None = None) -> dict[str, Any]:
    inbox, *lists = TaskList.objects.visible_to(user).active().with_open_count()
    if due_today is None:
        tasks = Task.objects.visible_to(user).open().in_active_lists()
        due_today = tasks.due_by(timezone.localdate(), zone=user.zone).count()
    return {
        "inbox": inbox,
        "inbox_count": inbox.open_count,  # type: ignore[attr-defined]
        "today_count": due_today,
        "lists": lists,
        "filters": list(SavedFilter.objects.visible_to(user).values("pk", "name")[:20]),
        "tags": list(Tag.objects.visible_to(user).values("pk", "name", "color")[:20]),
    }
