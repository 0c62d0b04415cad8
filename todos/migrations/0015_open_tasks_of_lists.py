"""Find and count the open tasks of a list by its index alone.

It was an index of all tasks, of which a list page leaves most. To make it locks writing to tasks
for some seconds where there are millions.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("todos", "0014_words_of_tasks")]

    operations = [
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["owner", "task_list", "position", "id"],
                condition=Q(completed_at=None, trashed_at=None),
                name="task_open_of_list",
            ),
        ),
        migrations.RemoveIndex("task", "task_of_list"),
    ]
