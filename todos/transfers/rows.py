"""The rows of an account as its file tells them, read some at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import ForeignKey

from accounts.models import User
from todos.models import Journal, TaskTag
from todos.operations.journal import some_at_a_time
from todos.transfers.formats import PROFILE, Part
from todos.transfers.ids import Uids

Row = dict[str, Any]


def profile_of(user: User) -> Row:
    return {name: getattr(user, name) for name in PROFILE}


def last_number_of(user: User) -> int:
    return Journal.objects.values_list("last_number", flat=True).get(owner=user)


def rows_of(part: Part, owner: User) -> Iterator[Row]:
    """The rows of `part` that are the owner's, the oldest first."""
    beside = {"tasks": ["pk"], "changes": ["list_id"]}.get(part.name, [])
    names = [*part.fields, *beside]
    lookups = [lookup(part, field) for field in part.fields.values()]
    rows = part.model._base_manager.filter(owner=owner).order_by("pk")
    values = rows.values_list(*lookups, *beside).iterator(chunk_size=1000)
    for some in some_at_a_time(values):
        told = [dict(zip(names, row, strict=True)) for row in some]
        for row in told:
            if "by_me" in row:
                row["by_me"] = row["by_me"] == owner.pk
        if part.name == "tasks":
            add_tags(told)
        if part.name == "changes":
            name_what_changed(told, owner)
        yield from told


def lookup(part: Part, name: str) -> str:
    """The column of a field; of one that refers to another row, what tells that."""
    field = part.model._meta.get_field(name)
    if name == "undoes":
        return "undoes__number"
    is_ours = isinstance(field, ForeignKey) and field.related_model is not User
    return f"{name}__uid" if is_ours else name


def add_tags(tasks: list[Row]) -> None:
    """Tell the uids of the tags of `tasks`. One query."""
    tags = defaultdict(list)
    pks = [task.pop("pk") for task in tasks]
    rows = TaskTag.objects.filter(task__in=pks)
    for pk, uid in rows.values_list("task", "tag__uid"):
        tags[pk].append(str(uid))
    for told, pk in zip(tasks, pks, strict=True):
        told["tags"] = sorted(tags[pk])


def name_what_changed(changes: list[Row], owner: User) -> None:
    """Tell by uid what `changes` are about. Eight queries at most."""
    uids = Uids(owner, changes)
    for change in changes:
        change["list"] = uids.of("list", change.pop("list_id"))
        for name in ("before", "after"):
            change[name] = uids.in_values(change[name])
