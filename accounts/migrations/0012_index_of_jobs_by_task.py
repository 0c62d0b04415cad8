"""Let the unfinished jobs of one task be found among those of all.

Closing an account, and queueing what is swept, read each reminder that waits for its moment.
"""

from django.db import migrations

TABLE = "django_tasks_database_dbtaskresult"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_index_of_sessions")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX job_of_task ON {TABLE} (task_path, status)", "DROP INDEX job_of_task"
        ),
    ]
