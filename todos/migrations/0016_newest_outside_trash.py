"""Count the tasks outside the trash by the index of the newest alone.

To make it anew locks tasks for some seconds where there are millions.
"""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("todos", "0015_open_tasks_of_lists")]

    operations = [
        migrations.RemoveIndex("task", "task_newest_of_owner"),
        migrations.AddIndex(
            "task",
            models.Index(
                F("owner"),
                F("id").desc(),
                condition=Q(trashed_at=None),
                name="task_newest_of_owner",
            ),
        ),
    ]
