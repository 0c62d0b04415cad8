"""Give every task that is done the completion that completing it would have left."""

from django.db import migrations
from uuid_utils.compat import uuid7

AT_ONCE = 1000


def note_past_completions(apps, schema_editor):
    Task = apps.get_model("todos", "Task")
    Completion = apps.get_model("todos", "Completion")
    tasks = Task.objects.filter(completed_at__isnull=False, completions=None)
    while some := list(tasks.order_by("pk")[:AT_ONCE]):
        Completion.objects.bulk_create(
            Completion(
                owner_id=task.owner_id,
                task_id=task.pk,
                uid=uuid7(),
                occurrence=occurrence_of(task),
                completed_at=task.completed_at,
                by_id=task.owner_id,
            )
            for task in some
        )


def occurrence_of(task):
    if task.due_on is None:
        return ""
    return task.due_on.isoformat() + (f"T{task.due_time:%H:%M}" if task.due_time else "")


class Migration(migrations.Migration):
    """Safe to run twice: it looks for what has no completion. Backwards, the table goes."""

    dependencies = [
        ("todos", "0005_completions"),
    ]

    operations = [
        migrations.RunPython(note_past_completions, migrations.RunPython.noop),
    ]
