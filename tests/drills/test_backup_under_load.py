"""A backup that is made while people write has all that was acknowledged before it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings

from tests.drills.figures import LONG, record
from tests.servers import Application

BACKUPS, WRITERS = 3, 4

EMPTY = """
from django.db import connection
tables = connection.introspection.table_names()
connection.cursor().execute(f"DROP TABLE {', '.join(tables)} CASCADE")
"""

pytestmark = pytest.mark.skipif(not LONG, reason="takes a minute: make drills")


def test_a_backup_under_load_has_what_was_acknowledged(application: Application) -> None:
    acknowledged: list[int] = []
    ended, enough = Event(), Event()
    backups: list[tuple[str, set[int]]] = []
    with application.serving():
        token = application.sign_in(is_new=True)

        def write() -> None:
            for number in count():
                if ended.is_set():
                    return
                body = {"title": f"Task {number}"}
                acknowledged.append(application.post("/api/v1/tasks/", body, token=token)[1]["id"])
                if len(acknowledged) >= 20:
                    enough.set()

        with ThreadPoolExecutor(WRITERS) as writers:
            writing = [writers.submit(write) for _ in range(WRITERS)]
            try:
                assert enough.wait(60)
                for _ in range(BACKUPS):
                    before = set(acknowledged)
                    said = application.manage("backup").strip()
                    backups.append((said.removeprefix("Backed up to "), before))
            finally:
                ended.set()
            for each in writing:
                each.result()
    for file, before in backups:
        if settings.IS_SQLITE:
            for part in Path(application.data_dir).glob("todo.sqlite3*"):
                part.unlink()
        else:
            application.manage("shell", "--no-imports", "-c", EMPTY)
        application.manage("restore", file, "--no-input")
        with application.serving():
            kept = {task["id"] for task in application.all_tasks(application.sign_in())}
        assert before <= kept <= set(acknowledged)
    record(
        "backup",
        f"{BACKUPS} backups while {WRITERS} clients write, {len(acknowledged)} writes:"
        f" each restored whole, with all of the {len(backups[-1][1])} acknowledged before it",
    )
