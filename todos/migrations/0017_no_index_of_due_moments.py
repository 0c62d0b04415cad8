"""Drop the index of due moments: what is due at one is found by its day."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("todos", "0016_newest_outside_trash")]

    operations = [migrations.RemoveIndex("task", "task_due_at_of_owner")]
