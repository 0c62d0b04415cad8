"""The disk is full: what is there can be read, and writing is told to be impossible."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from tests.drills.browsers import signed_in
from tests.drills.figures import LONG, record
from tests.servers import Application

BACK_WITHIN = 10

on_sqlite = pytest.mark.skipif(not settings.IS_SQLITE, reason="PostgreSQL's disk is PostgreSQL's")
as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="to make a small disk takes root"
)


@pytest.fixture
def no_room(db: None) -> Iterator[None]:
    """SQLite may add no page to its file, and says what it says when a disk is full."""

    def pragma(value: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {value}")
            return int(cursor.fetchone()[0])

    before = pragma("max_page_count")
    pragma(f"max_page_count = {pragma('page_count')}")
    yield
    pragma(f"max_page_count = {before}")


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_without_room_one_can_read(api: APIClient, page: Client, no_room: None) -> None:
    def add(number: int) -> int:
        task = {"title": f"Task {number}", "description": "x" * 9_000}
        return api.post("/api/v1/tasks/", task, format="json").status_code

    # What room the file has left is used up first.
    statuses = [add(number) for number in range(20)]
    assert set(statuses[5:]) == {503}
    assert api.get("/api/v1/tasks/").json()["total"] == statuses.count(201)
    assert page.get("/inbox").status_code == 200


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = [str(shutil.which("mount")), "-t", "tmpfs", "-o", "size=8m", "todo-drill", str(folder)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run([str(shutil.which("umount")), str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte of `disk` free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return ballast
    raise AssertionError("It has no end.")


@on_sqlite
@as_root
@pytest.mark.skipif(not LONG, reason="takes a minute: make drills")
def test_on_a_full_disk_one_can_read(tmp_path: Path, small_disk: Path) -> None:
    database = small_disk / "todo.sqlite3"
    application = Application(tmp_path, settings={"DATABASE_URL": f"sqlite:///{database}"})
    application.migrate()
    with application.serving() as server:
        token = application.sign_in(is_new=True)
        cookies = {"Cookie": signed_in(application)}
        body = b'{"title": "%s"}' % (b"x" * 200)
        before = len(application.all_tasks(token))

        def add() -> int:
            return application.exchange("POST", "/api/v1/tasks/", body, token=token).status

        assert add() == 201
        ballast = fill(small_disk)
        added, refused = 1, 0
        # What room its files have left is used up first.
        while refused < 20:
            status = add()
            assert status in {201, 503}
            added, refused = added + (status == 201), refused + (status == 503)
            assert added < 2000
        assert len(application.all_tasks(token)) == before + added
        for page in ("/today", "/inbox"):
            assert application.exchange("GET", page, headers=cookies).status == 200
        # A new browser cannot be remembered.
        who = b'{"email": "alice@example.com", "password": "correct horse battery"}'
        answer = application.exchange("POST", "/api/v1/token/", who)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        ballast.unlink()
        began = time.monotonic()
        while add() != 201:
            assert time.monotonic() - began < BACK_WITHIN
        assert len(application.all_tasks(token)) == before + added + 1
        assert server.poll() is None
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    record("full disk", f"reads answered, {refused} writes refused by 503, {added} of {added} kept")
