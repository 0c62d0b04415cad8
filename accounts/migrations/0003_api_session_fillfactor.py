"""Leave room in each page of the sessions for the new version of a row that was refreshed.

PostgreSQL then writes it beside the old one and touches no index (a heap-only update).
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def leave_room(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE accounts_apisession SET (fillfactor = 70)")


def fill_up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE accounts_apisession RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_page_session")]

    operations = [migrations.RunPython(leave_room, fill_up, elidable=False)]
