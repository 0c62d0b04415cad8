"""What every page shows beside its own content."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from todos.models import SavedFilter, Tag, Task, TaskList


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav`, for the rail, and `now`, local to the person. Four queries, only if the page asks."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return {}
    return {
        "nav": SimpleLazyObject(lambda: rail(request.user)),  # type: ignore[arg-type]
        "now": timezone.localtime(),
        "person": request.user,
    }


def rail(user: User) -> dict[str, Any]:
    now = timezone.localtime()
    inbox, *lists = TaskList.objects.visible_to(user).active().with_open_count()
    tasks = Task.objects.visible_to(user).open().in_active_lists()
    return {
        "inbox": inbox,
        "inbox_count": inbox.open_count,  # type: ignore[attr-defined]
        "today_count": tasks.due_by(now.date(), zone=user.zone).count(),
        "lists": lists,
        "filters": list(SavedFilter.objects.visible_to(user)[:20]),
        "tags": list(Tag.objects.visible_to(user)[:20]),
    }
