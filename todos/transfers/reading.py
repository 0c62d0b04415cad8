"""Rows of a document, as rows of ours that are not stored yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from todos.models import Change, Comment, Completion, Reminder, Section, Tag, Task, TaskList
from todos.operations import comments, journal
from todos.recurrence import Rule
from todos.transfers import values
from todos.transfers.archives import Document
from todos.transfers.changes import read_change
from todos.transfers.documents import JSONReader
from todos.transfers.formats import FORMAT, PARTS, PROFILE, VERSION, Part

HEAD = ("format", "version", "made_at", "email", "profile", "last_number")


@dataclass
class Row:
    """A row of a document: what it will be, and the uids (or numbers) of what it refers to."""

    part: Part
    number: int
    thing: Any
    refers: dict[str, Any] = field(default_factory=dict)

    def wrong(self, problem: ValidationError) -> ValidationError:
        """`problem`, with where in the document it is."""
        return located(self.part.name, self.number, getattr(self.thing, "uid", None), problem)


@dataclass
class Contents:
    """What a document begins with, and its rows, which are read as they are asked for."""

    profile: dict[str, Any]
    last_number: int
    rows: Iterator[tuple[Part, Iterator[Row]]]


def located(part: str, number: int, uid: Any, problem: ValidationError) -> ValidationError:
    """One sentence that tells which row is wrong, which field of it, and why."""
    where = _("%(part)s, number %(number)d") % {"part": part, "number": number}
    if uid is not None:
        where += f" ({str(uid)[:36]})"
    return ValidationError(f"{where}: {sentence_of(problem)}")


def sentence_of(problem: ValidationError) -> str:
    if not hasattr(problem, "error_dict"):
        return " ".join(problem.messages)
    told = [
        " ".join(words) if name == "__all__" else f"{name}: {' '.join(words)}"
        for name, words in problem.message_dict.items()
    ]
    return "; ".join(told)


def read_document(document: Document, owner: User) -> Contents:
    """What is in `document`, for `owner`. Raises ValidationError where it is not as it should be,
    then or while its rows are read.
    """
    members = JSONReader(document).members()
    head = {name: next_of(members, name) for name in HEAD}
    if head["format"] != FORMAT:
        raise ValidationError(_("account.json is of another format."))
    if type(head["version"]) is not int or head["version"] != VERSION:
        words = _("This file is of version %(theirs)s; this program reads version %(ours)d.")
        raise ValidationError(words % {"theirs": str(head["version"])[:20], "ours": VERSION})
    return Contents(
        read_profile(head["profile"]),
        read_last_number(head["last_number"]),
        read_parts(members, owner),
    )


def next_of(members: Iterator[tuple[str, Any]], name: str) -> Any:
    """The value of the next member, which has to be the one of this name."""
    found, value = next(members, ("", None))
    if found != name:
        words = _("account.json has “%(found)s” where “%(name)s” should be.")
        raise ValidationError(words % {"found": str(found)[:50], "name": name})
    if isinstance(value, Iterator) != (name in {part.name for part in PARTS}):
        raise ValidationError(
            _("account.json: “%(name)s” is not what it should be.") % {"name": name}
        )
    return value


def read_profile(told: Any) -> dict[str, Any]:
    try:
        values.refuse_other_names(told, set(PROFILE))
        return {
            name: values.read(User._meta.get_field(name), told[name])  # type: ignore[arg-type]
            for name in PROFILE
        }
    except ValidationError as problem:
        raise ValidationError(f"profile: {sentence_of(problem)}") from None


def read_last_number(told: Any) -> int:
    try:
        return int(values.read_clean(Change._meta.get_field("number"), told))
    except ValidationError as problem:
        raise ValidationError(f"last_number: {sentence_of(problem)}") from None


def read_parts(
    members: Iterator[tuple[str, Any]], owner: User
) -> Iterator[tuple[Part, Iterator[Row]]]:
    for part in PARTS:
        yield part, read_rows(part, next_of(members, part.name), owner)
    if (more := next(members, None)) is not None:
        words = _("account.json has “%(found)s” where its end should be.")
        raise ValidationError(words % {"found": str(more[0])[:50]})


def read_rows(part: Part, rows: Iterator[Any], owner: User) -> Iterator[Row]:
    for number, told in enumerate(rows, 1):
        if number > part.most:
            words = _("%(part)s: these are more than %(most)d.")
            raise ValidationError(words % {"part": part.name, "most": part.most})
        try:
            yield read_row(part, number, told, owner)
        except ValidationError as problem:
            uid = told.get("uid") if isinstance(told, dict) else None
            raise located(part.name, number, uid, problem) from None


def read_row(part: Part, number: int, told: Any, owner: User) -> Row:
    beside = {"tasks": {"tags"}, "changes": {"list"}}.get(part.name, set())
    values.refuse_other_names(told, {*part.fields, *beside})
    fields: dict[str, Any] = {}
    refers: dict[str, Any] = {}
    for name, field_name in part.fields.items():
        try:
            read_field(part, field_name, told[name], owner, fields, refers)
        except ValidationError as problem:
            raise ValidationError({name: problem.messages}) from None
    thing = part.model(owner=owner, **fields)
    if isinstance(thing, Change):
        refers |= read_change(thing, told)
    else:
        clean(part, thing)
    if isinstance(thing, Task):
        refers["tags"] = read_tags(told["tags"])
    return Row(part, number, thing, refers)


def read_field(
    part: Part,
    name: str,
    told: Any,
    owner: User,
    fields: dict[str, Any],
    refers: dict[str, Any],
) -> None:
    """Add the value of one field to `fields`, or what it refers to to `refers`."""
    field: Any = part.model._meta.get_field(name)
    if name in {"before", "after"}:
        return
    if name == "undoes":
        refers[name] = values.read(Change._meta.get_field("follows"), told)
    elif not isinstance(field, models.ForeignKey):
        fields[name] = values.read(field, told)
    elif field.related_model is User:
        fields[field.attname] = owner.pk if values.read_flag(told) else None
    else:
        refers[name] = values.read_uid(told)
        if refers[name] is None and not field.null:
            raise ValidationError(field.error_messages["null"])


def read_tags(told: Any) -> list[UUID]:
    try:
        if not isinstance(told, list):
            raise ValidationError(_("This must be a list of UUIDs."))
        uids = [uid for each in told if (uid := values.read_uid(each))]
        if len(set(uids)) < len(told):
            raise ValidationError(_("A tag is there twice."))
    except ValidationError as problem:
        raise ValidationError({"tags": problem.messages}) from None
    return uids


def clean(part: Part, thing: Any) -> None:
    """Check `thing` as operations do. Raises ValidationError by the names of the document."""
    try:
        if isinstance(thing, Task | TaskList | Section | Tag):
            journal.clean(thing)
        else:
            thing.clean_fields(exclude={"owner", "task", "by"})
        if isinstance(thing, Comment):
            comments.clean(thing)
        if isinstance(thing, Task):
            clean_task(thing)
        if isinstance(thing, Completion):
            check_field("occurrence", values.check_occurrence, thing.occurrence)
        if isinstance(thing, Reminder) and (thing.remind_at is None) == (
            thing.minutes_before is None
        ):
            (one_way,) = Reminder._meta.constraints
            raise ValidationError(one_way.get_violation_error_message())
    except ValidationError as problem:
        raise renamed(part, problem) from None


def clean_task(task: Task) -> None:
    if task.rule:
        task.rule = str(check_field("rule", Rule.parse, task.rule))
    if (task.trashed_at is None) != (task.trashed_with is None):
        raise ValidationError({"trashed_with": _("This goes together with trashed_at.")})


def check_field(name: str, check: Any, value: Any) -> Any:
    try:
        return check(value)
    except ValidationError as problem:
        raise ValidationError({name: problem.messages}) from None


def renamed(part: Part, problem: ValidationError) -> ValidationError:
    if not hasattr(problem, "error_dict"):
        return problem
    names = {field_name: name for name, field_name in part.fields.items()}
    return ValidationError(
        {names.get(name, name): words for name, words in problem.message_dict.items()}
    )
