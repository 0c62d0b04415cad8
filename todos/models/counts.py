"""Counts of tasks, as columns of other rows."""

from typing import Any

from django.apps import apps
from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce


def number_of(*conditions: Q, **lookups: Any) -> Coalesce:
    """How many open tasks outside the trash hang on an outer row as `conditions` say."""
    tasks = apps.get_model("todos", "Task")._default_manager.filter(*conditions, **lookups)
    counted = tasks.filter(completed_at=None, trashed_at=None).order_by().values("owner")
    return Coalesce(Subquery(counted.annotate(number=Count("*")).values("number")), 0)
