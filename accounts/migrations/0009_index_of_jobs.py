"""Let workers find the jobs that are due among those that wait for their moment.

The table is of django-tasks-db, whose own indexes serve its order of priority alone: 100,000
reminders to come cost each look of a worker some 50 ms without this one.
"""

from django.db import migrations

TABLE = "django_tasks_database_dbtaskresult"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_user_dates_and_clock"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX job_due ON {TABLE} (status, run_after)", "DROP INDEX job_due"
        ),
    ]
