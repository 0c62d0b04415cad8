"""Indexes of tables in use: PostgreSQL makes and drops them beside those who read and write.

A migration that uses these has `atomic = False`. SQLite, which is migrated while nobody is served,
does what Django's plain operations do.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres import operations
from django.db import migrations


class WherePossible:
    """An operation that is `concurrent` on PostgreSQL, and `plain` elsewhere."""

    concurrent: ClassVar[Any]
    plain: ClassVar[Any]

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        self.kind_on(schema_editor).database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        self.kind_on(schema_editor).database_backwards(self, app_label, schema_editor, *states)

    def kind_on(self, schema_editor: Any) -> Any:
        return self.concurrent if schema_editor.connection.vendor == "postgresql" else self.plain


class AddIndexConcurrently(WherePossible, operations.AddIndexConcurrently):
    """Adds an index while others read and write the table."""

    concurrent, plain = operations.AddIndexConcurrently, migrations.AddIndex


class RemoveIndexConcurrently(WherePossible, operations.RemoveIndexConcurrently):
    """Removes an index while others read and write the table."""

    concurrent, plain = operations.RemoveIndexConcurrently, migrations.RemoveIndex
