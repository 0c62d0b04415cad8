"""Leave rows without a parent, a section or a change that they undo out of the indexes of these.

Most rows have none, and cost an entry in each. To make them anew locks tasks and changes
for some seconds where there are millions; SQLite copies both tables.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("todos", "0017_no_index_of_due_moments")]

    operations = [
        migrations.AlterField(
            "task",
            "parent",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="children",
                to="todos.task",
                verbose_name="parent",
            ),
        ),
        migrations.AlterField(
            "task",
            "section",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="tasks",
                to="todos.section",
                verbose_name="section",
            ),
        ),
        migrations.AlterField(
            "change",
            "undoes",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="undone_by",
                to="todos.change",
            ),
        ),
        migrations.RemoveIndex("task", "task_of_parent"),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["owner", "parent", "position", "id"],
                condition=Q(parent__isnull=False),
                name="task_of_parent",
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="task_parent"),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["section"], condition=Q(section__isnull=False), name="task_section"
            ),
        ),
        migrations.AddIndex(
            "change",
            models.Index(
                fields=["undoes"], condition=Q(undoes__isnull=False), name="change_that_undoes"
            ),
        ),
    ]
