"""Find what followed from a change without reading all changes of its owner."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("todos", "0018_indexes_of_what_is_set")]

    operations = [
        migrations.AddIndex(
            "change",
            models.Index(
                fields=["owner", "follows"],
                condition=Q(follows__isnull=False),
                name="change_that_follows",
            ),
        ),
    ]
