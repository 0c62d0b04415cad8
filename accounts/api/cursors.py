"""Where a page of a collection ends, told so that the next begins right after it.

A cursor holds the values that its last row is ordered by: what is inserted or deleted meanwhile
moves no other row. It is signed for one person, one route and one order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _
from rest_framework.request import Request

LONGEST = 4096


class Column(NamedTuple):
    """One of the values that rows are ordered by. What has none comes last both ways."""

    name: str
    descends: bool
    field: models.Field[Any, Any]

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any) -> Q:
        """Rows that this column alone puts after `value`."""
        if value is None:
            return Q(pk__in=[])
        later = Q(**{f"{self.name}__{'lt' if self.descends else 'gt'}": value})
        return later | Q(**{f"{self.name}__isnull": True}) if self.field.null else later


def columns_of(rows: QuerySet[Any]) -> list[Column]:
    """What `rows` are ordered by. Raises ValidationError where a cursor cannot hold it exactly."""
    return [column_of(rows, part) for part in rows.query.order_by]


def column_of(rows: QuerySet[Any], part: Any) -> Column:
    if isinstance(part, OrderBy):
        if part.nulls_first:
            raise no_cursor()
        name, descends = getattr(part.expression, "name", ""), part.descending
    else:
        name, descends = part.removeprefix("-"), part.startswith("-")
    meta = rows.model._meta
    try:
        field = rows.query.annotations[name].output_field
    except KeyError:
        try:
            field = meta.pk if name == "pk" else meta.get_field(name)
        except FieldDoesNotExist:
            raise no_cursor() from None
    if isinstance(field, models.FloatField):
        raise no_cursor()
    return Column("id" if name == "pk" else name, descends, field)


def no_cursor() -> ValidationError:
    return ValidationError({"cursor": _("No cursor holds this order. Name an `ordering`.")})


def beyond_all(columns: Sequence[Column], values: Sequence[Any]) -> Q:
    """The rows after the one that has `values`."""
    found, same = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        found |= same & column.beyond(value)
        same &= column.same(value)
    return found


def is_beyond(columns: Sequence[Column], row: Any, values: Sequence[Any]) -> bool:
    """Whether `row`, which no query found, is after the one that has `values`."""
    for column, own, value in zip(columns, values_of(columns, row), values, strict=True):
        if own != value:
            return (own < value) if column.descends else (own > value)
    return False


def values_of(columns: Iterable[Column], row: Any) -> list[Any]:
    return [
        row[column.name] if isinstance(row, dict) else getattr(row, column.name)
        for column in columns
    ]


class JSON:
    """What a cursor holds, in few characters."""

    def dumps(self, value: Any) -> bytes:
        return orjson.dumps(value)

    def loads(self, data: bytes) -> Any:
        return orjson.loads(data)


def signer(request: Request, columns: Iterable[Column]) -> Signer:
    order = ",".join(f"{'-' if column.descends else ''}{column.name}" for column in columns)
    route = request.path.rstrip("/")
    return Signer(salt=f"cursor of {request.user.pk} on {route} by {order}")


def write(request: Request, columns: Sequence[Column], row: Any) -> str:
    """The cursor that begins after `row`."""
    return signer(request, columns).sign_object(values_of(columns, row), serializer=JSON)


def read(request: Request, columns: Sequence[Column], text: str) -> list[Any]:
    """The values of the row that a cursor begins after.

    Raises ValidationError for what we did not write for this person, route and order.
    """
    try:
        if len(text) > LONGEST:
            raise BadSignature
        values = signer(request, columns).unsign_object(text, serializer=JSON)
    except BadSignature:
        raise ValidationError({"cursor": _("This is no cursor of this collection.")}) from None
    return [column.field.to_python(value) for column, value in zip(columns, values, strict=True)]
