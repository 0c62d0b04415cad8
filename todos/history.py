"""The history of a task, told in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.formats import Formats, formats_of
from accounts.models import User
from todos.models import Change, Tag, Task, TaskList

Values = dict[str, Any]


@dataclass(frozen=True)
class Names:
    """The names that ids in the journal stand for, as far as they still exist, and how the
    person reads dates."""

    lists: dict[int, str]
    tags: dict[int, str]
    formats: Formats


def tell(changes: Iterable[Change], owner: User) -> list[tuple[Change, list[str]]]:
    """Each of a task's `changes` with its sentences. Two queries, for any number of changes."""
    changes = list(changes)
    names = names_in(changes, owner)
    return [(change, sentences(change, names)) for change in changes]


def names_in(changes: list[Change], owner: User) -> Names:
    lists = {change.after.get("task_list_id") for change in changes} - {None}
    tags = {pk for change in changes for pk in change.after.get("tags") or ()}
    return Names(
        dict(TaskList.objects.filter(owner=owner, pk__in=lists).values_list("pk", "name")),
        dict(Tag.objects.filter(owner=owner, pk__in=tags).values_list("pk", "name")),
        formats_of(owner),
    )


def sentences(change: Change, names: Names) -> list[str]:
    """What `change` did, one sentence for each thing a person would name."""
    if change.kind != Change.Kind.CHANGED:
        return [str(change.get_kind_display())]
    told = [
        sentence
        for name, tell_it in TELLERS.items()
        if name in change.after and (sentence := tell_it(change, names))
    ]
    return told or [str(change.get_kind_display())]


def tell_title(change: Change, names: Names) -> str:
    titles = {"before": change.before.get("title"), "after": change.after["title"]}
    return _("Renamed from “%(before)s” to “%(after)s”") % titles


def tell_description(change: Change, names: Names) -> str:
    return _("Description changed") if change.after["description"] else _("Description removed")


def tell_list(change: Change, names: Names) -> str:
    name = names.lists.get(change.after["task_list_id"])
    return _("Moved to %(list)s") % {"list": name} if name else _("Moved to another list")


def tell_tags(change: Change, names: Names) -> str:
    tags = [names.tags[pk] for pk in change.after["tags"] if pk in names.tags]
    return _("Tags: %(tags)s") % {"tags": ", ".join(tags)} if tags else _("Tags removed")


def tell_priority(change: Change, names: Names) -> str:
    label = Task.Priority(change.after["priority"]).label
    return capfirst(_("priority: %(priority)s") % {"priority": label})


def tell_day(change: Change, names: Names) -> str:
    day = change.after["due_on"]
    if not day:
        return _("No longer due on a day")
    return _("Due on %(day)s") % {"day": names.formats.full_day(date.fromisoformat(day))}


def tell_time(change: Change, names: Names) -> str:
    at = change.after["due_time"]
    if at:
        return _("Due at %(time)s") % {"time": names.formats.clock(time.fromisoformat(at))}
    return _("No longer due at a time") if change.after.get("due_on", True) else ""


def tell_zone(change: Change, names: Names) -> str:
    zone = change.after["due_zone"]
    return _("Time zone: %(zone)s") % {"zone": zone.replace("_", " ")} if zone else ""


TELLERS: dict[str, Callable[[Change, Names], str]] = {
    "title": tell_title,
    "description": tell_description,
    "task_list_id": tell_list,
    "tags": tell_tags,
    "priority": tell_priority,
    "due_on": tell_day,
    "due_time": tell_time,
    "due_zone": tell_zone,
}
