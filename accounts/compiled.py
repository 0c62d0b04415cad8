"""Hot queries, written with the ORM, compiled once a process and run again with other values.

To build and compile a query takes the ORM longer than the database takes to answer it. What is
run here is still the ORM's: nobody writes SQL, and a test compares both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """A value that is named when the query is run, of the type of `output_field`."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def prepared(self, values: dict[str, Any]) -> Any:
        """What the database is sent for this one of `values`."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Statement(NamedTuple):
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]


class Compiled:
    """A query of `values_list`: what `build` makes of the values that `types` names.

    Each type is a field like the one that the value is compared with.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **types: Field[Any, Any]) -> None:
        self.build = build
        self.types = types

    @cached_property
    def statement(self) -> Statement:
        query = self.build(**{name: Given(name, field) for name, field in self.types.items()}).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        return Statement(compiler, sql, tuple(params), converters)

    def rows(
        self, *, limit: int | None = None, offset: int = 0, **values: Any
    ) -> list[Sequence[Any]]:
        """The rows for these values; from `offset` on, and `limit` of them, if that is named."""
        compiler, sql, params, converters = self.statement
        sent = [part.prepared(values) if isinstance(part, Given) else part for part in params]
        if limit is not None:
            sql, sent = f"{sql} LIMIT %s OFFSET %s", [*sent, limit, offset]
        with connection.cursor() as cursor:
            cursor.execute(sql, sent)
            rows: list[Sequence[Any]] = cursor.fetchall()
        return list(compiler.apply_converters(rows, converters)) if converters else rows

    def row(self, **values: Any) -> Sequence[Any] | None:
        """The one row for these values, or None."""
        return next(iter(self.rows(**values)), None)
