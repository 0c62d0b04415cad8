"""The verbs of a section."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict, Unpack

from accounts.actor import Actor
from todos.models import Change, Section, Task, TaskList
from todos.operations.followers import move_along
from todos.operations.journal import Writer, writing
from todos.operations.lists import refuse_trashed_list
from todos.operations.tree import step, usable_list


class SectionFields(TypedDict, total=False):
    """What a person can set on a section."""

    name: str
    position: int


def create_section(
    *,
    by: Actor,
    task_list: TaskList,
    uid: uuid.UUID | None = None,
    at: datetime | None = None,
    **fields: Unpack[SectionFields],
) -> tuple[Section, bool]:
    """Create a section, the last of its list unless `position` says otherwise, and return it
    and True.

    A `uid` that the owner's sections know returns that section as it is, and False.
    Raises ValidationError by field, and Conflict when the known section is in the trash.
    """
    with writing(task_list.owner, by=by, at=at) as writer:
        known = uid and Section.objects.filter(owner=writer.owner, uid=uid).first()
        if known:
            refuse_trashed_list(known.task_list)
            return known, False
        values = {"position": writer.next_position, **fields, **({"uid": uid} if uid else {})}
        section = Section(
            owner=writer.owner,
            task_list=usable_list(writer, task_list),
            created_at=writer.at,
            **values,
        )
        return writer.insert(section), True


def change_section(
    section: Section, *, by: Actor, at: datetime | None = None, **fields: Unpack[SectionFields]
) -> Section:
    """Set the given fields of `section` and return it. Raises ValidationError by field."""
    with writing(section.owner, by=by, at=at) as writer:
        return writer.update(writer.reread(section), Change.Kind.CHANGED, **fields)


def step_section(section: Section, *, by: Actor, down: bool, at: datetime | None = None) -> Section:
    """Let `section` and the one after it (before it, unless `down`) change places, and return it.

    At the end of its list it stays.
    """
    with writing(section.owner, by=by, at=at) as writer:
        section = writer.reread(section)
        beside = Section.objects.filter(owner=writer.owner, task_list=section.task_list_id)
        return step(writer, section, beside.order_by("position", "pk"), down=down)


def delete_section(section: Section, *, by: Actor, at: datetime | None = None) -> Change:
    """Delete `section`; its tasks stay in the list, in their order. Returns the change."""
    with writing(section.owner, by=by, at=at) as writer:
        return drop_section(writer, writer.reread(section))


def drop_section(writer: Writer, section: Section, *, undoes: Change | None = None) -> Change:
    tasks = Task.objects.filter(owner=writer.owner, section=section).by_position()
    change = writer.note_deleted(section, undoes=undoes)
    move_along(writer, list(tasks), Change.Kind.MOVED, leader=writer.number, section_id=None)
    section.delete()
    return change
