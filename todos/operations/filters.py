"""The verbs of a saved filter."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from todos import filters
from todos.models import SavedFilter
from todos.operations.journal import not_found

MOST_FILTERS = 200


class FilterFields(TypedDict, total=False):
    """What a person can set on a saved filter."""

    name: str
    query: str


@transaction.atomic
def create_filter(
    *, by: Actor, at: datetime | None = None, **fields: Unpack[FilterFields]
) -> SavedFilter:
    """Save a filter. Raises ValidationError by field, and names the place in the query."""
    at = at or timezone.now()
    if SavedFilter.objects.filter(owner=by.user).count() >= MOST_FILTERS:
        raise ValidationError(_("You have %(most)d filters already.") % {"most": MOST_FILTERS})
    saved = SavedFilter(owner=by.user, created_at=at, **fields)
    check(saved, by=by, at=at)
    saved.save(force_insert=True)
    return saved


@transaction.atomic
def change_filter(
    saved: SavedFilter, *, by: Actor, at: datetime | None = None, **fields: Unpack[FilterFields]
) -> SavedFilter:
    """Set the given fields of `saved` and return it. Raises ValidationError by field.

    A query that is left as it is may name what is gone meanwhile.
    """
    saved = reread(saved)
    before = saved.query
    for name, value in fields.items():
        setattr(saved, name, value)
    check(saved, by=by, at=at or timezone.now(), before=before)
    if fields:
        saved.save(update_fields=fields)
    return saved


def delete_filter(saved: SavedFilter, *, by: Actor) -> None:
    """Delete `saved` for good; the tasks that it finds stay."""
    SavedFilter.objects.filter(owner=saved.owner, pk=saved.pk).delete()


def reread(saved: SavedFilter) -> SavedFilter:
    """`saved` as it is now, and nobody else's to change. Raises Conflict (404) if it is gone."""
    rows = SavedFilter.objects.select_for_update().filter(owner=saved.owner, pk=saved.pk)
    row = rows.first()
    if row is None:
        raise not_found(saved)
    return row


def check(saved: SavedFilter, *, by: Actor, at: datetime, before: str | None = None) -> None:
    """Normalise and check the fields. Raises ValidationError by field."""
    saved.clean_fields(exclude={"owner"})
    if saved.query == before:
        return
    try:
        expression = filters.parse_for(saved.owner, saved.query, now=at.astimezone(by.zone))
        expression.asked_by(saved.owner).refuse_unknown_names()
    except ValidationError as refusal:
        raise ValidationError({"query": refusal}) from None
