"""Taking changes back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.models import User
from todos.models import Change
from todos.operations.journal import Writer, writing
from todos.operations.snapshots import Things
from todos.operations.undo_fields import Undone, undo_fields
from todos.operations.undo_moves import MODELS, undo_deletion, undo_move

MOST_AT_ONCE = 1000


def undo_change(change: Change, *, by: Actor, at: datetime | None = None) -> Undone:
    """Put back what `change` changed, where it still holds what the change wrote.

    What came of it, as when sub-tasks went into the trash with their parent, is taken back with
    it. That is a change itself, so it can be undone. Undoing a change twice does nothing more.
    Raises Conflict (404) if the thing is gone, and ValidationError for what cannot come back.
    """
    with writing(change.owner, by=by, at=at) as writer:
        if change.pk in undone_already(writer, [change]):
            return Undone(change, present(writer, change), [])
        return undo(writer, change)


def undo_batch(change: Change, *, by: Actor, at: datetime | None = None) -> list[Undone]:
    """Undo all that was done together with `change`, the latest first; what is gone is left."""
    together = Q(pk=change.pk) if change.batch is None else Q(batch=change.batch)
    return undo_all(change.owner, together, by=by, at=at)


def undo_session(
    owner: User,
    session: uuid.UUID,
    *,
    since: datetime,
    by: Actor,
    at: datetime | None = None,
) -> list[Undone]:
    """Undo what was done to `owner`'s things through `session` since then, the latest first.

    What it took back itself is done again on the way. What is gone is left.
    Raises ValidationError when it is more than `MOST_AT_ONCE` changes.
    """
    return undo_all(owner, Q(session=session, at__gte=since), by=by, at=at)


def undo_all(owner: User, which: Q, *, by: Actor, at: datetime | None) -> list[Undone]:
    """Undo those changes of `owner`'s that nobody else has undone."""
    with writing(owner, by=by, at=at) as writer:
        leading = Change.objects.filter(which, owner=owner, follows=None).order_by("-number")
        changes = list(leading[: MOST_AT_ONCE + 1])
        if len(changes) > MOST_AT_ONCE:
            raise ValidationError(
                _("These are more than %(most)d changes. Choose a later moment.")
                % {"most": MOST_AT_ONCE}
            )
        done = undone_already(writer, changes)
        made = {change.object_id for change in changes if is_making_of_task(change)}
        outcomes = (
            try_to_undo(writer, change)
            for change in changes
            if change.pk not in done
            and not (is_making_of_task(change) and goes_along(change, made))
        )
        return [undone for undone in outcomes if undone]


def is_making_of_task(change: Change) -> bool:
    return change.kind == Change.Kind.CREATED and change.object_kind == Change.Object.TASK


def goes_along(change: Change, made: Collection[int]) -> bool:
    """Whether it made a task below one of those `made`, which goes into the trash with that."""
    return is_making_of_task(change) and change.after.get("parent_id") in made


def undone_already(writer: Writer, changes: Collection[Change]) -> set[int | None]:
    """The ids of changes that others than `changes` have undone, and that was not undone since."""
    if not changes:
        return set()
    since = min(change.number for change in changes)
    ours = {change.pk for change in changes}
    undos = Change.objects.filter(owner=writer.owner, number__gt=since, undoes__isnull=False)
    done: set[int | None] = set()
    for pk, undoes in undos.order_by("-number").values_list("pk", "undoes"):
        if pk not in done and pk not in ours:
            done.add(undoes)
    return done


def try_to_undo(writer: Writer, change: Change) -> Undone | None:
    """What came of undoing `change`: all is kept where that is refused, None where it is gone."""
    try:
        with writer.attempt():
            return undo(writer, change)
    except Conflict:
        return None
    except ValidationError:
        names = sorted(change.after or change.before)
        thing = MODELS[change.object_kind](pk=change.object_id, uid=change.uid, owner=writer.owner)
        with suppress(Conflict):
            thing = writer.reread(thing)
        return Undone(change, thing, names)


def undo(writer: Writer, change: Change) -> Undone:
    number = writer.number
    undone = take_back(writer, change)
    return replace(undone, took_effect=writer.number > number)


def take_back(writer: Writer, change: Change) -> Undone:
    if change.kind == Change.Kind.ERASED:
        raise ValidationError(_("What was deleted for good cannot come back."))
    if change.kind == Change.Kind.DELETED:
        return undo_deletion(writer, change)
    thing = present(writer, change)
    if change.kind in {Change.Kind.CREATED, Change.Kind.TRASHED, Change.Kind.RESTORED}:
        return undo_move(writer, thing, change)
    return undo_fields(writer, thing, change)


def present(writer: Writer, change: Change) -> Things:
    """The thing of `change` as it is now. Raises Conflict (404) if it is gone."""
    return writer.reread(MODELS[change.object_kind](pk=change.object_id))
