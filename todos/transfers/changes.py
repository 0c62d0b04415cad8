"""Changes of a document, checked so that showing and undoing them meets nothing it cannot bear."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from todos.models import Change, Completion, Task
from todos.operations.snapshots import SNAPSHOT_FIELDS, plain
from todos.recurrence import Rule
from todos.transfers import values
from todos.transfers.formats import MODELS, REFERENCES

Kind = Change.Kind
CALLED = {called: (name, kind) for name, (called, kind) in REFERENCES.items()}
COMPLETION = ("uid", "occurrence", "original_on", "completed_at", "missed")
# What a change of what is still there has to tell, as undoing it asks for that.
TOLD_OF_TASK = {
    Kind.CREATED: {"trashed_at"},
    Kind.TRASHED: {"trashed_at", "trashed_with"},
    Kind.RESTORED: {"trashed_at", "trashed_with"},
}
TOLD_OF_LIST = {kind: {"trashed_at"} for kind in TOLD_OF_TASK}


def read_change(change: Change, told: dict[str, Any]) -> dict[str, Any]:
    """Check `change` and give it its `before` and `after`, with uids for ids. Returns the uids
    that it refers to.
    """
    change.session = None
    try:
        change.clean_fields(exclude={"owner", "by", "undoes", "before", "after", "object_id"})
    except ValidationError as problem:
        names = {"object_kind": "object"}
        raise ValidationError(
            {names.get(name, name): words for name, words in problem.message_dict.items()}
        ) from None
    for name in ("follows", "undoes"):
        if not (told[name] is None or 0 < told[name] < change.number):
            raise ValidationError({name: _("This must be the number of an earlier change.")})
    for name in ("before", "after"):
        try:
            setattr(change, name, read_values(change, told[name]))
        except ValidationError as problem:
            raise ValidationError({name: problem.messages}) from None
    check_shape(change)
    return {"list": values.read_uid(told["list"])}


def read_values(change: Change, told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise ValidationError(_("This must be an object."))
    found = {}
    for called, value in told.items():
        name, _kind = CALLED.get(called, (called, ""))
        try:
            found[name] = read_one(change, called, name, value)
        except ValidationError as problem:
            raise ValidationError(f"{called[:100]}: {' '.join(problem.messages)}") from None
    return found


def read_one(change: Change, called: str, name: str, value: Any) -> Any:
    """One of the values before or after `change`, in the form in which the journal keeps it."""
    model = MODELS[change.object_kind]
    if name == "created_at" and change.kind == Kind.DELETED:
        return plain(values.read_clean(model._meta.get_field(name), value))  # type: ignore[arg-type]
    if model is Task and name == "tags":
        if not isinstance(value, list):
            raise ValidationError(_("This must be a list of UUIDs."))
        return [values.read_uid(each) for each in value]
    if model is Task and name == "completion":
        return read_completion(value)
    if name not in SNAPSHOT_FIELDS[model] or (called == name and name in REFERENCES):
        raise ValidationError(_("There is no such field."))
    if name in REFERENCES:
        return values.read_uid(value)
    found = values.read_clean(model._meta.get_field(name), value)  # type: ignore[arg-type]
    return str(Rule.parse(found)) if name == "rule" and found else plain(found)


def read_completion(told: Any) -> dict[str, Any] | None:
    if told is None:
        return None
    values.refuse_other_names(told, {*COMPLETION, "by_me"})
    found: dict[str, Any] = {}
    for name in COMPLETION:
        field: Any = Completion._meta.get_field(name)
        found[name] = plain(values.read_clean(field, told[name]))
    values.check_occurrence(found["occurrence"])
    return found | {"by_me": values.read_flag(told["by_me"])}


def check_shape(change: Change) -> None:
    """Refuse what no change of its kind has."""
    before, after = change.before, change.after
    if change.kind == Kind.ERASED:
        fits = not before and not after
    elif change.kind == Kind.CREATED:
        fits = not before
    elif change.kind == Kind.DELETED:
        is_kind = change.object_kind in {Change.Object.SECTION, Change.Object.TAG}
        fits = is_kind and not after
    else:
        fits = before.keys() == after.keys()
    if not fits or ("completion" in after and not (before["completion"] or after["completion"])):
        raise ValidationError(_("Before and after do not fit the kind of change."))


def check_told(change: Change) -> None:
    """Refuse a change of something that is still there, without what undoing it asks for."""
    needed = {Change.Object.TASK: TOLD_OF_TASK, Change.Object.LIST: TOLD_OF_LIST}
    of_kind = needed.get(Change.Object(change.object_kind), {})
    if not of_kind.get(Kind(change.kind), set()) <= change.after.keys():
        raise ValidationError(_("Before and after do not fit the kind of change."))


def references_in(change: Change) -> list[tuple[str, UUID]]:
    """The kinds and uids of what `before` and `after` name."""
    found = []
    for told in (change.before, change.after):
        for name, (_called, kind) in REFERENCES.items():
            found.append((kind, told.get(name)))
        found += [(Change.Object.TAG, uid) for uid in told.get("tags") or ()]
    return [(kind, uid) for kind, uid in found if uid is not None]


def with_ids(told: dict[str, Any], ids: dict[str, dict[UUID, int]], *, owner_id: int) -> Any:
    """What the journal keeps: ids in the place of uids."""
    found = dict(told)
    for name, (_called, kind) in REFERENCES.items():
        if found.get(name) is not None:
            found[name] = ids[kind][found[name]]
    if "tags" in found:
        found["tags"] = sorted(ids[Change.Object.TAG][uid] for uid in found["tags"])
    if found.get("completion"):
        done = dict(found["completion"])
        done["by_id"] = owner_id if done.pop("by_me") else None
        found["completion"] = done
    return found
