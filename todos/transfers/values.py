"""Values of fields, from the form in which JSON has them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from todos.models import validate_day

OCCURRENCE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?", re.ASCII)
# Far more than any account has, and so little that what counts on from there still fits.
LARGEST_NUMBER = 2**40
LARGEST_POSITION = 2**58
UID, FLAG = models.UUIDField(null=True), models.BooleanField()
LARGEST = {
    "position": LARGEST_POSITION,
    "number": LARGEST_NUMBER,
    "version": 2**30,
    "attempts": 1000,
    "missed": 2**30,
}


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError
    at = at.astimezone(UTC)
    validate_day(at.date())
    return at


def day(text: str) -> date:
    on = date.fromisoformat(text)
    validate_day(on)
    return on


def clock(text: str) -> time:
    at = time.fromisoformat(text)
    if at.tzinfo is not None:
        raise ValueError
    return at


def same(value: Any) -> Any:
    return value


# In an order in which a field of several kinds meets the right one first.
KINDS: tuple[tuple[type[models.Field[Any, Any]], type, Callable[[Any], Any], Any], ...] = (
    (models.DateTimeField, str, moment, _lazy("This must be a moment: 2026-11-24T08:00:00Z.")),
    (models.DateField, str, day, _lazy("This must be a day: 2026-11-24.")),
    (models.TimeField, str, clock, _lazy("This must be a time of day: 09:30:00.")),
    (models.UUIDField, str, uuid.UUID, _lazy("This must be a UUID.")),
    (models.BooleanField, bool, same, _lazy("This must be true or false.")),
    (models.IntegerField, int, same, _lazy("This must be a whole number.")),
    (models.Field, str, same, _lazy("This must be text.")),
)


@cache
def kind_of(field: models.Field[Any, Any]) -> tuple[type, Callable[[Any], Any], Any]:
    """The type that a value of `field` has in JSON, what makes ours of it, and else the refusal."""
    return next(rest for kind, *rest in KINDS if isinstance(field, kind))  # type: ignore[return-value]


def read(field: models.Field[Any, Any], value: Any) -> Any:
    """`value` as `field` holds it, unchecked but for its type. Raises ValidationError."""
    if value is None:
        if field.null:
            return None
        raise ValidationError(field.error_messages["null"])
    type_, convert, words = kind_of(field)
    if type(value) is not type_:
        raise ValidationError(words)
    try:
        found = convert(value)
    except (ValueError, OverflowError):
        raise ValidationError(words) from None
    if type_ is int and found > LARGEST.get(field.name, found):
        raise ValidationError(_("This number is too large."))
    return found


def read_clean(field: models.Field[Any, Any], value: Any) -> Any:
    """`value` as `field` holds it, checked by the validators of the field."""
    found = read(field, value)
    return found if found is None else field.clean(found, None)


def read_uid(value: Any) -> uuid.UUID | None:
    """The uid of another row, or None."""
    return read(UID, value)


def read_flag(value: Any) -> bool:
    return bool(read(FLAG, value))


def check_occurrence(text: str) -> None:
    """Refuse what is no day, or day and time, on which a task was due."""
    try:
        if text and not OCCURRENCE.fullmatch(text):
            raise ValueError
        if text:
            validate_day(datetime.fromisoformat(text).date())
    except (ValueError, ValidationError):
        raise ValidationError(_("This must be a day, with a time or without.")) from None


def refuse_other_names(row: Any, names: set[str]) -> None:
    """Refuse what is no object with exactly these members."""
    if not isinstance(row, dict):
        raise ValidationError(_("This must be an object."))
    for name in sorted(names - row.keys()):
        raise ValidationError({name: _("This is missing.")})
    for name in sorted(row.keys() - names):
        raise ValidationError({name[:100]: _("There is no such field.")})
