"""The verbs of a tag."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from accounts.actor import Actor
from todos.models import Change, Tag
from todos.operations.followers import take_tag_off
from todos.operations.journal import Writer, writing


class TagFields(TypedDict, total=False):
    """What a person can set on a tag."""

    name: str
    color: str


def create_tag(*, by: Actor, at: datetime | None = None, **fields: Unpack[TagFields]) -> Tag:
    """Create a tag. Raises ValidationError by field, also when there is one of this name."""
    with writing(by.user, by=by, at=at) as writer:
        return writer.insert(Tag(owner=writer.owner, created_at=writer.at, **fields))


def change_tag(
    tag: Tag, *, by: Actor, at: datetime | None = None, **fields: Unpack[TagFields]
) -> Tag:
    """Set the given fields of `tag` and return it. Raises ValidationError by field."""
    with writing(tag.owner, by=by, at=at) as writer:
        return writer.update(writer.reread(tag), Change.Kind.CHANGED, **fields)


def delete_tag(tag: Tag, *, by: Actor, at: datetime | None = None) -> Change:
    """Take `tag` off all tasks and delete it. Returns the change, which can be undone."""
    with writing(tag.owner, by=by, at=at) as writer:
        return drop_tag(writer, writer.reread(tag))


def drop_tag(writer: Writer, tag: Tag, *, undoes: Change | None = None) -> Change:
    change = writer.note_deleted(tag, undoes=undoes)
    take_tag_off(writer, tag, leader=writer.number)
    tag.delete()
    return change
