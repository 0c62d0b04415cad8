"""Find all API sessions of a person, and those that ended long ago, by an index.

Closing an account read the sessions of everybody: the index knew the live ones alone.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_user_shortcuts_and_mails")]

    operations = [
        migrations.RemoveIndex("apisession", "api_session_of_user"),
        migrations.AddIndex(
            "apisession",
            models.Index(fields=["user", "revoked_at"], name="api_session_of_user"),
        ),
        migrations.AddIndex(
            "apisession",
            models.Index(
                fields=["revoked_at"],
                condition=Q(revoked_at__isnull=False),
                name="api_session_end",
            ),
        ),
    ]
