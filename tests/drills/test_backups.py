"""A backup holds the whole database, and one command puts it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.backups import Backup, superfluous
from tests.servers import Application

ALICE = {"email": "alice@example.com", "password": "correct horse battery"}
TOLD = ("todos", "accounts.user", "account")
ADD_A_MIGRATION = """
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder.Migration.objects.create(app="todos", name="9999_from_the_future")
"""
SWEEP = """
from django.utils import timezone
from accounts import sweeps
from accounts.background import sweeps as registered
registered["accounts.sweeps.back_up"].run(timezone.now())
"""


@pytest.fixture
def backup(application: Application) -> Callable[[], str]:
    def back_up() -> str:
        return application.manage("backup").strip().removeprefix("Backed up to ")

    return back_up


def run(application: Application, code: str) -> str:
    return application.manage("shell", "--no-imports", "-c", code)


def everything(application: Application) -> dict[str, Any]:
    """Every row of people and their lists, by its table and key."""
    rows = json.loads(application.manage("dumpdata", "--skip-checks", *TOLD))
    for row in rows:
        row["fields"].pop("last_login", None)
    return {f"{row['model']} {row['pk']}": row["fields"] for row in rows}


def as_restored(rows: dict[str, Any]) -> dict[str, Any]:
    """`rows` with the gaps that a restore leaves, so that no number means two things."""
    for name, fields in rows.items():
        if name.startswith("todos.journal "):
            fields["last_number"] += 1_000_000
        if name.startswith("todos.task "):
            fields["version"] += 1_000
    return rows


def test_what_was_backed_up_comes_back_while_the_server_runs(
    application: Application, backup: Callable[[], str]
) -> None:
    with application.serving():
        application.post("/api/v1/users/", ALICE)
        token = application.post("/api/v1/token/", ALICE)[1]["access"]
        for number in range(20):
            body = {"title": f"Täsk {number}", "tags": ["one"], "deadline": "2027-01-01"}
            task = application.post("/api/v1/tasks/", body, token=token)[1]
        cursor = application.get("/api/v1/changes", token=token)[1]["next"]
        before = everything(application)
        file = backup()
        application.post("/api/v1/tasks/", {"title": "Later"}, token=token)
        application.post("/api/v1/users/", {**ALICE, "email": "bob@example.com"})

        answer = application.manage("restore", Path(file).name, "--no-input")
        assert "Everybody has to sign in again." in answer
        assert everything(application) == as_restored(before)

        with pytest.raises(AssertionError, match="401"):
            application.get("/api/v1/tasks/", token=token)
        token = application.post("/api/v1/token/", ALICE)[1]["access"]
        assert application.get("/api/v1/tasks/", token=token)[1]["total"] == 20
        with pytest.raises(AssertionError, match="410"):
            application.get(f"/api/v1/changes?since={cursor}", token=token)
        application.post(f"/api/v1/tasks/{task['id']}/comments/", {"text": "Still"}, token=token)

        kept = answer.splitlines()[-1].removeprefix("What was there before is in ")
        application.manage("restore", kept, "--no-input")
        assert sum(name.startswith("accounts.user ") for name in everything(application)) == 2


def test_a_database_that_is_damaged_or_gone_is_made_anew(
    application: Application, backup: Callable[[], str]
) -> None:
    run(application, "from accounts.models import User; User.objects.create(email='a@b.example')")
    before, file = everything(application), backup()
    # So many newer ones that one more backup would erase this one.
    for day in range(1, 9):
        newer = Path(file).with_stem(f"todo-2099010{day}-000000-000000")
        newer.touch()
    if settings.IS_SQLITE:
        path = application.data_dir / "todo.sqlite3"
        path.write_bytes(b"torn" * 1000 + path.read_bytes()[4000:])
        refused = application.try_manage("restore", file, "--no-input")
        assert (refused.returncode, "Move it away first" in refused.stdout) == (1, True)
        path.unlink()
    else:
        run(
            application,
            "from django.db import connection as c; t = c.introspection.table_names(); "
            "c.cursor().execute('DROP TABLE ' + ', '.join(t) + ' CASCADE')",
        )
    application.manage("restore", file, "--no-input")
    assert everything(application) == as_restored(before)


def test_what_is_no_backup_of_this_version_is_refused(
    application: Application, backup: Callable[[], str], tmp_path: Path
) -> None:
    sound = backup()
    run(application, ADD_A_MIGRATION)
    newer = backup()
    application.manage("restore", sound, "--no-input")
    before = everything(application)
    torn = tmp_path / "torn"
    torn.write_bytes(Path(sound).read_bytes()[:5000])
    other = tmp_path / "other"
    other.write_text("Dear diary")
    for file, words in (
        (newer, "todos.9999_from_the_future"),
        (str(torn), "Nothing was restored."),
        (str(other), "Nothing was restored."),
        ("missing", "There is no file missing"),
    ):
        refused = application.try_manage("restore", file, "--no-input")
        assert (refused.returncode, words in refused.stdout) == (1, True), refused.stdout
        assert "Traceback" not in refused.stdout
    assert everything(application) == before
    application.manage("migrate", "--check")


def test_the_operator_is_asked_and_sees_what_there_is(
    application: Application, backup: Callable[[], str]
) -> None:
    assert "There are no backups" in application.manage("restore")
    name = Path(backup()).name
    assert application.manage("restore").startswith(f"{name}  20")
    refused = application.try_manage("restore", name)
    assert refused.returncode == 1
    assert "Nothing was changed." in refused.stdout


def test_the_worker_backs_an_sqlite_file_up_each_day(application: Application) -> None:
    run(application, SWEEP)
    folder = application.data_dir / "backups"
    backups = list(folder.iterdir()) if folder.exists() else []
    assert len(backups) == (1 if settings.IS_SQLITE else 0)
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in backups)


@pytest.mark.skipif(settings.IS_SQLITE, reason="SQLite needs no program of its own.")
def test_a_missing_pg_dump_and_a_missing_server_are_told(application: Application) -> None:
    application.settings["PATH"] = ""
    refused = application.try_manage("backup")
    assert (refused.returncode, "postgresql-client" in refused.stdout) == (1, True)
    application.settings["DATABASE_URL"] = "postgres://todo@127.0.0.1:1/todo"
    refused = application.try_manage("backup")
    assert (refused.returncode, "does not answer" in refused.stdout) == (1, True)
    assert "Traceback" not in refused.stdout


def test_the_last_seven_and_the_first_of_seven_days_are_kept() -> None:
    moments = [datetime(2026, 1, day, hour, tzinfo=UTC) for day in range(1, 13) for hour in (3, 9)]
    moments += [datetime(2026, 1, 13, 0, minute, tzinfo=UTC) for minute in range(20)]
    backups = [Backup(Path(f"{moment:%m%d%H%M}"), moment) for moment in moments]
    gone = superfluous(backups)
    kept = [backup.taken_at for backup in backups if backup not in gone]
    assert kept == [
        *(datetime(2026, 1, day, 3, tzinfo=UTC) for day in range(7, 13)),
        datetime(2026, 1, 13, 0, 0, tzinfo=UTC),
        *(datetime(2026, 1, 13, 0, minute, tzinfo=UTC) for minute in range(13, 20)),
    ]
    assert superfluous(backups[:7]) == []
