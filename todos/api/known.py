"""A thing whose uid the client chose: to create it again is to be told of it as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from rest_framework.exceptions import ValidationError

from accounts.models import User
from todos.api.serializers.fields import UidField
from todos.models import SavedFilter, Section, Tag, Task, TaskList
from todos.operations.lists import refuse_trashed_list
from todos.operations.tree import refuse_trashed

Row = TypeVar("Row", Task, TaskList, Section, Tag, SavedFilter)

# Those that have a uid, and what raises Conflict for one that lies in the trash.
REFUSALS: dict[type, Callable[[Any], object]] = {
    Task: refuse_trashed,
    TaskList: refuse_trashed_list,
    Section: lambda section: refuse_trashed_list(section.task_list),
}


def known_row(model: type[Row], body: Mapping[str, Any], user: User) -> Row | None:
    """The row of `user` that `body` names by its uid, whatever else it says, or None.

    Raises Conflict when that is in the trash.
    """
    if model not in REFUSALS:
        return None
    try:
        uid = UidField().run_validation(body.get("uid"))
    except ValidationError:
        return None
    row = model.objects.filter(owner=user, uid=uid).first()
    if row is not None:
        REFUSALS[model](row)
    return row
