"""Store the words of the tasks that there are, so that search finds them."""

from collections import defaultdict

from django.db import migrations

from todos.search import stored_words

AT_ONCE = 500


def store_words(apps, schema_editor):
    Task = apps.get_model("todos", "Task")
    Comment = apps.get_model("todos", "Comment")
    SearchText = apps.get_model("todos", "SearchText")
    tasks = Task.objects.filter(search_text=None).order_by("pk")
    while some := list(tasks.only("owner", "title", "description")[:AT_ONCE]):
        texts = defaultdict(list)
        for comment in Comment.objects.filter(task__in=some).order_by("-pk"):
            texts[comment.task_id].append(comment.text)
        SearchText.objects.bulk_create(
            SearchText(
                owner_id=task.owner_id,
                task_id=task.pk,
                words=stored_words(task.owner_id, task.title, [task.description, *texts[task.pk]]),
            )
            for task in some
        )


class Migration(migrations.Migration):
    """Safe to run twice: it looks for what has no words. Backwards, the table goes."""

    dependencies = [
        ("todos", "0013_index_of_words"),
    ]

    operations = [
        migrations.RunPython(store_words, migrations.RunPython.noop),
    ]
