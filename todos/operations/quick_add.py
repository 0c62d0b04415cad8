"""Adding tasks as lines of text."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Conflict
from todos.models import Task, TaskList
from todos.operations.journal import writing
from todos.operations.tasks import TaskFields, create_task
from todos.operations.tree import refuse_trashed
from todos.quickadd import Parsed, parse, split_lines


@dataclass(frozen=True)
class Line:
    """A line of text as a task: how deep it is, and the list that it names (None: none)."""

    depth: int
    text: str
    parsed: Parsed
    task_list: TaskList | None = None


def read_lines(text: str, *, by: Actor, at: datetime, below: bool = False) -> list[Line]:
    """What each line of `text` says, read by the person's clock, settings and lists. Two queries.

    A sub-task is in the list of its parent, so a list named on one stays text; `below` says that
    all of them are sub-tasks. Raises ValidationError when there is no line, or too many.
    """
    is_one = len(text.splitlines()) < 2
    lines = [(0, text)] if is_one and text.strip() else split_lines(text)
    if not lines:
        raise ValidationError({"text": _("Say what is to be done.")})
    lists = list(TaskList.objects.visible_to(by.user))
    archived = [task_list.name for task_list in lists if task_list.archived_at]
    known: dict[str, TaskList] = {}
    for task_list in lists:
        if not task_list.archived_at:
            known.setdefault(task_list.name.casefold(), task_list)
    return [
        line_of(depth, line, known, archived, by, at, below=below or depth > 0)
        for depth, line in lines
    ]


def line_of(
    depth: int,
    text: str,
    known: dict[str, TaskList],
    archived: list[str],
    by: Actor,
    at: datetime,
    *,
    below: bool,
) -> Line:
    parsed = parse(
        text,
        now=at.astimezone(by.zone),
        date_order=by.user.date_order,
        week_start=by.user.week_start,
        lists=() if below else [task_list.name for task_list in known.values()],
        archived=archived,
    )
    if below and "#" in parsed.title and parsed.hints:
        parsed = replace(parsed, hints=(_("A sub-task is in the list of its parent."),))
    return Line(depth, text, parsed, known.get((parsed.list_name or "").casefold()))


def quick_add(
    lines: list[Line],
    *,
    by: Actor,
    uid: uuid.UUID | None = None,
    at: datetime | None = None,
    **defaults: Unpack[TaskFields],
) -> tuple[list[Task], bool]:
    """Create a task from each of `lines` (of `read_lines`), and return them in order, and True.

    An indented line is a sub-task of the line above it; all are created, or none. `defaults` are
    for what a line does not say. `uid` is that of the first: one that the owner's tasks know
    returns that task as it is, and False.
    Raises ValidationError about the text, and Conflict when the known task is in the trash.
    """
    with writing(by.user, by=by, at=at) as writer:
        known = uid and Task.objects.filter(owner=writer.owner, uid=uid).first()
        if known:
            return [refuse_trashed(known)], False
        tasks: list[Task] = []
        above: list[Task] = []
        for number, line in enumerate(lines, start=1):
            del above[line.depth :]
            fields = fields_of(line, defaults, parent=above[-1] if above else None)
            try:
                task, _is_new = create_task(by=by, uid=None if tasks else uid, **fields)
            except Conflict:
                raise
            except ValidationError as refusal:
                raise of_line(refusal, number if len(lines) > 1 else None) from None
            tasks.append(task)
            above.append(task)
        return tasks, True


def fields_of(line: Line, defaults: TaskFields, *, parent: Task | None) -> TaskFields:
    """The fields of the task that a line stands for."""
    parsed = line.parsed
    fields: dict[str, Any] = {**defaults, "title": parsed.title}
    if parent:
        fields = {name: value for name, value in fields.items() if name not in PLACES}
        fields["parent"] = parent
    elif line.task_list:
        fields.pop("section", None)
        fields["task_list"] = line.task_list
    if parsed.day:
        fields |= {"due_on": parsed.day, "due_time": parsed.time, "due_zone": ""}
    said = {
        "description": parsed.description,
        "priority": parsed.priority,
        "start_on": parsed.start_on,
        "tags": all_tags(defaults.get("tags", ()), parsed.tags),
    }
    fields |= {name: value for name, value in said.items() if value}
    if parsed.rule:
        fields |= {"rule": parsed.rule, "repeats_from": parsed.repeats_from}
    return fields  # type: ignore[return-value]


PLACES = frozenset({"task_list", "section", "parent"})


def all_tags(*groups: Iterable[str]) -> list[str]:
    return [name for group in groups for name in group]


def of_line(refusal: ValidationError, number: int | None) -> ValidationError:
    """The refusal as one of the text, naming the line where there are several."""
    messages = refusal.messages
    if number:
        messages = [
            _("Line %(number)d: %(message)s") % {"number": number, "message": message}
            for message in messages
        ]
    return ValidationError({"text": messages})
