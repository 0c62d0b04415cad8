"""What changed, told in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.formats import Formats, formats_of
from accounts.models import User
from todos.models import Change, Color, Section, Tag, Task, TaskList
from todos.recurrence import Rule, explain

Values = dict[str, Any]


@dataclass(frozen=True)
class Names:
    """The names that ids in the journal stand for, as far as they still exist, and how the
    person reads dates."""

    lists: dict[int, str]
    sections: dict[int, str]
    tasks: dict[int, str]
    tags: dict[int, str]
    formats: Formats

    def day(self, text: str) -> str:
        return self.formats.full_day(date.fromisoformat(text[:10]))


def tell(changes: Iterable[Change], owner: User) -> list[tuple[Change, list[str]]]:
    """Each of `changes` with its sentences. Five queries at most, for any number of changes.

    One that undid another tells what that had done.
    """
    changes = list(changes)
    undone = Change.objects.in_bulk({change.undoes_id for change in changes} - {None})
    names = names_in([*changes, *undone.values()], owner)
    return [
        (change, told_as_undone(undone[change.undoes_id], names))
        if change.undoes_id in undone
        else (change, sentences(change, names))
        for change in changes
    ]


def told_as_undone(change: Change, names: Names) -> list[str]:
    return [_("Undone: %(what)s") % {"what": what} for what in sentences(change, names)]


def names_in(changes: list[Change], owner: User) -> Names:
    def named(model: type[Model], field: str, column: str = "name") -> dict[int, str]:
        ids = {change.after.get(field) for change in changes} - {None}
        rows = model._default_manager.filter(owner=owner, pk__in=ids)
        return dict(rows.values_list("pk", column))

    tags = {pk for change in changes for pk in change.after.get("tags") or ()}
    return Names(
        named(TaskList, "task_list_id"),
        named(Section, "section_id"),
        named(Task, "parent_id", "title"),
        dict(Tag.objects.filter(owner=owner, pk__in=tags).values_list("pk", "name")),
        formats_of(owner),
    )


def sentences(change: Change, names: Names) -> list[str]:
    """What `change` did, one sentence for each thing a person would name."""
    special = TOLD_WHOLE.get(Change.Kind(change.kind))
    if special:
        return special(change, names)
    if change.kind not in {Change.Kind.CHANGED, Change.Kind.MOVED}:
        return [str(change.get_kind_display())]
    told = [
        sentence
        for name, tell_it in TELLERS.items()
        if name in change.after and (sentence := tell_it(change, names))
    ]
    if not told and "position" in change.after:
        return [_("Moved among the others")]
    return told or [str(change.get_kind_display())]


# What became of an occurrence


def tell_completed(change: Change, names: Names) -> list[str]:
    done = change.after.get("completion")
    if not done or "completed_at" in change.after:
        return [_("Completed")]
    told = [_("Completed")]
    if done["occurrence"]:
        told = [_("Completed the one of %(day)s") % {"day": names.day(done["occurrence"])}]
    if done["missed"]:
        words = ngettext("%(number)d was missed", "%(number)d were missed", done["missed"])
        told.append(words % {"number": done["missed"]})
    return [*told, *tell_next(change, names)]


def tell_reopened(change: Change, names: Names) -> list[str]:
    taken_back = change.before.get("completion")
    if taken_back and taken_back["occurrence"] and "due_on" in change.after:
        return [
            _("Opened again: the one of %(day)s") % {"day": names.day(taken_back["occurrence"])}
        ]
    return [_("Opened again")]


def tell_skipped(change: Change, names: Names) -> list[str]:
    day = change.before.get("due_on")
    told = _("Skipped the one of %(day)s") % {"day": names.day(day)} if day else _("Skipped")
    return [told, *tell_next(change, names)]


def tell_postponed(change: Change, names: Names) -> list[str]:
    day = change.after.get("due_on")
    return [_("Put off to %(day)s") % {"day": names.day(day)} if day else _("Put off")]


def tell_next(change: Change, names: Names) -> list[str]:
    day = change.after.get("due_on")
    return [_("Next: %(day)s") % {"day": names.day(day)}] if day else []


TOLD_WHOLE: dict[Change.Kind, Callable[[Change, Names], list[str]]] = {
    Change.Kind.COMPLETED: tell_completed,
    Change.Kind.REOPENED: tell_reopened,
    Change.Kind.SKIPPED: tell_skipped,
    Change.Kind.POSTPONED: tell_postponed,
}


# What was set


def tell_title(change: Change, names: Names) -> str:
    titles = {"before": change.before.get("title"), "after": change.after["title"]}
    return _("Renamed from “%(before)s” to “%(after)s”") % titles


def tell_description(change: Change, names: Names) -> str:
    return _("Description changed") if change.after["description"] else _("Description removed")


def tell_list(change: Change, names: Names) -> str:
    name = names.lists.get(change.after["task_list_id"])
    return _("Moved to %(list)s") % {"list": name} if name else _("Moved to another list")


def tell_section(change: Change, names: Names) -> str:
    pk = change.after["section_id"]
    if pk is None:
        return "" if place_is_told(change) else _("No longer in a section")
    name = names.sections.get(pk)
    return _("Moved to section %(name)s") % {"name": name} if name else _("Moved to a section")


def tell_parent(change: Change, names: Names) -> str:
    pk = change.after["parent_id"]
    if pk is None:
        return "" if place_is_told(change) else _("No longer a sub-task")
    name = names.tasks.get(pk)
    return _("Moved below “%(name)s”") % {"name": name} if name else _("Moved below another task")


def place_is_told(change: Change) -> bool:
    """Whether it says where the task went, so that what it left need not be told."""
    return any(change.after.get(name) for name in ("task_list_id", "section_id", "parent_id"))


def tell_name(change: Change, names: Names) -> str:
    titles = {"before": change.before.get("name"), "after": change.after["name"]}
    return _("Renamed from “%(before)s” to “%(after)s”") % titles


def tell_color(change: Change, names: Names) -> str:
    return _("Colour: %(color)s") % {"color": Color(change.after["color"]).label}


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
    return _("Due on %(day)s") % {"day": names.day(day)}


def tell_time(change: Change, names: Names) -> str:
    at = change.after["due_time"]
    if at:
        return _("Due at %(time)s") % {"time": names.formats.clock(time.fromisoformat(at))}
    return _("No longer due at a time") if change.after.get("due_on", True) else ""


def tell_zone(change: Change, names: Names) -> str:
    zone = change.after["due_zone"]
    return _("Time zone: %(zone)s") % {"zone": zone.replace("_", " ")} if zone else ""


def tell_start(change: Change, names: Names) -> str:
    day = change.after["start_on"]
    return _("Starts on %(day)s") % {"day": names.day(day)} if day else _("No longer has a start")


def tell_rule(change: Change, names: Names) -> str:
    if not change.after["rule"]:
        return _("No longer repeats")
    words = explain(Rule.parse(change.after["rule"]), change.after.get("repeats_from") or "due")
    return _("Repeats: %(words)s") % {"words": words}


def tell_repeats_from(change: Change, names: Names) -> str:
    if "rule" in change.after:
        return ""
    label = Task.RepeatsFrom(change.after["repeats_from"]).label
    return _("Repeats from %(label)s") % {"label": label}


TELLERS: dict[str, Callable[[Change, Names], str]] = {
    "title": tell_title,
    "description": tell_description,
    "name": tell_name,
    "color": tell_color,
    "task_list_id": tell_list,
    "section_id": tell_section,
    "parent_id": tell_parent,
    "tags": tell_tags,
    "priority": tell_priority,
    "due_on": tell_day,
    "due_time": tell_time,
    "due_zone": tell_zone,
    "start_on": tell_start,
    "rule": tell_rule,
    "repeats_from": tell_repeats_from,
}
