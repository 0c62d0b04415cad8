"""A closed account leaves no row, in any table, that holds its words or names its rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from accounts import sessions
from accounts.actor import Caller
from accounts.models import User
from accounts.operations import close_account
from tests.conftest import browser_of, make_user, program_of
from tests.todos.transfers.accounts import furnish, run_jobs
from todos.sweeps import forget_erased_words
from todos.tasks import queue_report
from todos.transfers import jobs as transfers

# Tables of the application itself, the same whoever is in it.
NOBODYS = {"django_migrations", "django_content_type", "auth_permission"}


def rows_that_hold(mark: str) -> list[str]:
    """Where `mark` is in any column of any table, whatever its case."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in NOBODYS:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
                columns = [column[0] for column in cursor.description or ()]
                found += [
                    f"{table}.{name}"
                    for row in cursor.fetchall()
                    for name, value in zip(columns, row, strict=True)
                    if mark in text_of(value)
                ]
    return found


def text_of(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1").lower()
    return str(value).lower()


def use_everything(user: User, staff: User, word: str) -> None:
    """Leave traces of `user`, with `word` in them, wherever the application keeps any."""
    furnish(user)
    page, api = browser_of(user), program_of(user)
    page.get("/today")
    sessions.open_session(user, client="token", caller=Caller(user_agent=word), label=word)
    api.post("/api/v1/tasks/", {"title": word}, HTTP_IDEMPOTENCY_KEY=word)
    page.post("/accounts/login/", {"login": user.email, "password": word})
    LogEntry.objects.create(
        user=staff,
        action_flag=CHANGE,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=user.email,
    )
    transfers.ask_for_export(user, at=timezone.now())
    run_jobs()
    transfers.ask_for_export(user, at=timezone.now())
    queue_report(user)
    with pytest.raises(Exception, match="empty"):
        transfers.ask_for_import(user, ContentFile(word.encode()), at=timezone.now())


@pytest.mark.django_db
def test_a_closed_account_leaves_no_trace() -> None:
    staff = make_user("Staff", is_staff=True)
    zelda = make_user("Zeldamark")
    use_everything(zelda, staff, "zeldamark")
    assert len(set(rows_that_hold("zeldamark"))) > 8
    close_account(zelda)
    # SQLite's index of words forgets what was erased within a day.
    forget_erased_words(timezone.now())
    assert rows_that_hold("zeldamark") == []
    connection.check_constraints()
