"""Hot statements, made by the ORM, compiled once a process and run again with other values.

To build and compile a query takes the ORM longer than the database takes to answer it. What is
run here is still the ORM's: nobody writes SQL, and a test compares both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar

import django
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.subqueries import DeleteQuery, InsertQuery, UpdateQuery

Row = TypeVar("Row", bound=Model)
# What writes "RETURNING …" has another name since Django 6.
RETURNING = "returning_columns" if django.VERSION >= (6, 0) else "return_insert_columns"


class Given(Expression):
    """A value that is named when the query is run, of the type of `output_field`."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def prepared(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """What the database is sent for this one of `values`."""
        return self.output_field.get_db_prep_save(values[self.name], connection)


class Limit(Given):
    """How many rows the slice of this name has."""

    def prepared(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return values[self.name].stop - values[self.name].start


class Offset(Given):
    """How many rows there are before the slice of this name."""

    def prepared(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return values[self.name].start


# Stands for a slice while its query is compiled: the ORM writes its bounds into the statement.
SOME = slice(7_000_001, 8_000_004)
BOUNDS = f" LIMIT {SOME.stop - SOME.start} OFFSET {SOME.start}"


class Statement(NamedTuple):
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]

    def rows(self, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        # To ask for this thread's connection costs something each time.
        here = connections[DEFAULT_DB_ALIAS]
        sent = [
            part.prepared(values, here) if isinstance(part, Given) else part for part in self.params
        ]
        with transaction.mark_for_rollback_on_error(here.alias), here.cursor() as cursor:
            cursor.execute(self.sql, sent)
            rows: list[Sequence[Any]] = cursor.fetchall()
        if self.converters:
            rows = list(self.compiler.apply_converters(rows, self.converters))
        return rows


class Compiled:
    """A query of `values_list`: what `build` makes of the values that `types` names.

    Each type is a field like the one that the value is compared with, or `slice`, with both
    bounds, for a part of the rows.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], **types: Field[Any, Any] | type[slice]
    ) -> None:
        self.build = build
        self.types = types

    def query(self) -> QuerySet[Any, Any]:
        return self.build(
            **{
                name: SOME if kind is slice else Given(name, kind)
                for name, kind in self.types.items()
            }
        )

    @cached_property
    def statement(self) -> Statement:
        compiler = self.query().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        for name, kind in self.types.items():
            if kind is slice:
                before, after = sql.split(BOUNDS)
                place = before.count("%s")
                sql = f"{before} LIMIT %s OFFSET %s{after}"
                params = (*params[:place], Limit(name), Offset(name), *params[place:])
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        return Statement(compiler, sql, tuple(params), converters)

    def rows(self, **values: Any) -> list[Sequence[Any]]:
        if values.keys() != self.types.keys() or None in values.values():
            raise TypeError(f"This needs values of {[*self.types]}, not {values}.")
        return self.statement.rows(values)

    def row(self, **values: Any) -> Sequence[Any] | None:
        """The one row for these values, or None."""
        return next(iter(self.rows(**values)), None)


class CompiledUpdate(Compiled):
    """An update of the rows of such a query to `new` values; it finds these of each row."""

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        new: Mapping[str, Any],
        **types: Field[Any, Any],
    ) -> None:
        super().__init__(build, **types)
        self.new = new

    @cached_property
    def statement(self) -> Statement:
        return updating(self.query(), self.new, returning=self.new)


def columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def instance_of(model: type[Row], values: Sequence[Any]) -> Row:
    """The row of `model` that has these `values` in its columns."""
    return model.from_db(DEFAULT_DB_ALIAS, columns_of(model), values)


def insert(*rows: Model) -> None:
    """Store new `rows` of one model, with the keys that they have or get. Receivers are not told.

    Several are left to `bulk_create`.
    """
    model = type(rows[0])
    if len(rows) > 1:
        model._base_manager.bulk_create(rows, batch_size=500)
        return
    [row] = rows
    [[row.pk]] = insert_of(model, has_key=row.pk is not None).rows(vars(row))
    row._state.adding, row._state.db = False, connection.alias


def update(row: Model, names: Iterable[str]) -> None:
    """Store the fields of `row` of these `names`. Receivers are not told."""
    if not update_of(type(row), tuple(names)).rows(vars(row)):
        raise DatabaseError("The row that was to be updated is gone.")


def put(row: Model) -> None:
    """Store `row`, in the place of the one that has its key, if any. Receivers are not told."""
    insert_of(type(row), has_key=True, replaces=True).rows(vars(row))


def delete(row: Model) -> None:
    """Delete `row`, to which nothing refers. Receivers are not told."""
    delete_of(type(row)).rows(vars(row))


@cache
def insert_of(model: type[Model], *, has_key: bool, replaces: bool = False) -> Statement:
    meta, row = model._meta, model()
    fields = [field for field in meta.concrete_fields if has_key or field is not meta.pk]
    for field in fields:
        setattr(row, field.attname, Given(field.attname, field))
    query: Any = InsertQuery(model)
    if replaces:
        query.on_conflict, query.unique_fields = OnConflict.UPDATE, [meta.pk]
        query.update_fields = [field for field in fields if field is not meta.pk]
    query.insert_values(fields, [row])
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = [meta.pk]
    [(sql, params)] = compiler.as_sql()
    return Statement(compiler, sql, tuple(params), converters_of(compiler, [meta.pk]))


@lru_cache(maxsize=256)
def update_of(model: type[Model], names: tuple[str, ...]) -> Statement:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    new = {field.name: Given(field.attname, field) for field in fields}
    return updating(row_of(model), new, returning=["pk"])


@cache
def delete_of(model: type[Model]) -> Statement:
    return statement_of(row_of(model).query.chain(DeleteQuery), returning=["pk"])


def row_of(model: type[Row]) -> QuerySet[Row]:
    """The row that has the key of the one whose values are given."""
    key: Any = model._meta.pk
    return model._base_manager.filter(pk=Given(key.attname, key))


def updating(
    rows: QuerySet[Any, Any], new: Mapping[str, Any], *, returning: Iterable[str]
) -> Statement:
    """What updates `rows` to `new` values, and finds the fields `returning` of each of them."""
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(dict(new))
    return statement_of(query, returning=returning)


def statement_of(query: Any, *, returning: Iterable[str]) -> Statement:
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    meta = query.get_meta()
    fields = [meta.pk if name == "pk" else meta.get_field(name) for name in returning]
    returned, _params = getattr(connection.ops, RETURNING)(fields)
    return Statement(compiler, f"{sql} {returned}", tuple(params), converters_of(compiler, fields))


def converters_of(compiler: SQLCompiler, fields: Iterable[Any]) -> dict[int, Any]:
    """What makes Python values of what the database returns of `fields`."""
    return compiler.get_converters([field.get_col(field.model._meta.db_table) for field in fields])
