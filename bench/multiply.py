"""Many people out of one: rows that the application itself wrote, copied by one statement a table.

Nothing here knows what the tables hold, so that the data sets follow every migration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

Model = type[models.Model]
# Whole numbers that name rows without being foreign keys.
SHIFTED = {"object_id", "list_id"}
# What is unique among all people.
ADDRESSES = {"email", "username"}


def highest(model: Model) -> int:
    found = model._default_manager.aggregate(found=Max("pk"))["found"]
    return int(found or 0)


@contextmanager
def new_rows(tables: Sequence[Model]) -> Iterator[dict[Model, tuple[int, int]]]:
    """The span of the keys of each table that were given within the block: after, and up to."""
    before = {model: highest(model) for model in tables}
    found: dict[Model, tuple[int, int]] = {}
    yield found
    found |= {model: (before[model], highest(model)) for model in tables}


def multiply(spans: dict[Model, tuple[int, int]], times: int, *, fresh: str = "") -> None:
    """Copy the rows of `spans` so many times.

    Keys and references among these tables move on together; what refers elsewhere stays. A UUID is
    new in each copy if it is unique, or in the column `fresh`.
    """
    stride = max(last - first for first, last in spans.values())
    with connection.cursor() as cursor:
        for model, (first, last) in spans.items():
            table, key = model._meta.db_table, model._meta.pk.column
            columns = {
                each.column: copied(each, stride, set(spans), fresh)
                for each in model._meta.local_concrete_fields
            }
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(map(quoted, columns))})"  # noqa: S608
                f" SELECT {', '.join(columns.values())} FROM {series(times)}, {table} AS old"
                f" WHERE old.{quoted(key)} > {first} AND old.{quoted(key)} <= {last}"
            )
        for statement in connection.ops.sequence_reset_sql(no_style(), list(spans)):
            cursor.execute(statement)


@contextmanager
def indexes_afterwards() -> Iterator[None]:
    """Leave out what makes many rows slow on PostgreSQL, and make it up at the end.

    That is the indexes that no constraint needs and, if we may, the checks of references one by
    one, which are right by construction.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone() == ("on",):
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid IN (SELECT relid FROM pg_stat_user_tables) AND NOT EXISTS"
            " (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _, definition in indexes:
            cursor.execute(definition)


def copied(field: models.Field, stride: int, tables: set[Model], fresh: str) -> str:
    """What a copy has in the column of `field`, in SQL."""
    old = f"old.{quoted(field.column)}"
    refers = field.remote_field.model if field.remote_field else field.model
    if field.column == fresh or (isinstance(field, models.UUIDField) and field.unique):
        return new_uuid()
    if field.column in ADDRESSES:
        return f"replace({old}, '@', '+' || n || '@')"
    is_key = field.primary_key or field.remote_field
    if (is_key and refers in tables) or field.column in SHIFTED:
        return f"{old} + n * {stride}"
    return old


def series(number: int) -> str:
    """A table of the numbers from 1, in its column n."""
    if connection.vendor == "postgresql":
        return f"generate_series(1, {number}) AS n"
    numbers = f"SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {number}"  # noqa: S608
    return f"(WITH RECURSIVE numbers(n) AS ({numbers}) SELECT n FROM numbers)"  # noqa: S608


def new_uuid() -> str:
    if connection.vendor == "postgresql":
        return "gen_random_uuid()"
    return "lower(hex(randomblob(16)))"


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
