"""Find lists in the trash, a person's and all old ones, without reading all lists."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("todos", "0019_index_of_what_follows")]

    operations = [
        migrations.AddIndex(
            "tasklist",
            models.Index(
                fields=["owner", "trashed_at"],
                condition=Q(trashed_at__isnull=False),
                name="list_trashed_of_owner",
            ),
        ),
    ]
