"""A crowd in a database of its own: what is quick among few rows may be slow among many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

ROWS = Path(__file__).with_name("crowd.sql")
# How many there are; who has 50 tasks, as most; and who has 100,000.
PEOPLE, SOMEONE, HEAVY = 2000, 1000, 2000
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND indexdef NOT LIKE 'CREATE UNIQUE %'
"""


@contextmanager
def crowded_database() -> Iterator[None]:
    """Let the connection be to a copy of the test database that holds a crowd. PostgreSQL only."""
    ours, creation = connection.settings_dict, connection.creation
    creation.clone_test_db("crowd", verbosity=0, autoclobber=True)
    connection.close()
    connection.settings_dict = creation.get_test_db_clone_settings("crowd")
    try:
        gather()
        yield
    finally:
        connection.close()
        connection.settings_dict = ours
        creation.destroy_test_db(suffix="crowd", verbosity=0)


def gather() -> None:
    """Make the rows of `crowd.sql`: no key is checked, and most indexes are built at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '256MB'; SET statement_timeout = 0")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(ROWS.read_text())
        for _name, definition in indexes:
            cursor.execute(definition)
        for reset in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(reset)
        cursor.execute("VACUUM ANALYZE")
    connection.close()
