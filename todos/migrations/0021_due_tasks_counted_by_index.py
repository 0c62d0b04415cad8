"""Count what is due by its index alone, with the moments and the lists that this asks for.

The rail does so on every page. To make it anew locks tasks for some seconds where there
are millions.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("todos", "0020_index_of_trashed_lists")]

    operations = [
        migrations.RemoveIndex("task", "task_due_of_owner"),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["owner", "due_on", "due_at", "task_list"],
                condition=Q(completed_at=None, trashed_at=None),
                name="task_due_of_owner",
            ),
        ),
    ]
