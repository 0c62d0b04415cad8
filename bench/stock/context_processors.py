from django.db.models import Count, Q
from django.utils import timezone


def navigation(request):
    """The lists with their numbers of open tasks, the tags and what is due, for the menu."""
    user = request.user
    if not user.is_authenticated:
        return {}
    is_open = Q(tasks__completed_at=None, tasks__trashed_at=None)
    due = user.tasks.filter(completed_at=None, trashed_at=None, due_on__lte=timezone.localdate())
    return {
        "nav_lists": user.task_lists.annotate(open_count=Count("tasks", filter=is_open)),
        "nav_tags": user.tags.all(),
        "nav_today": due.count(),
    }
