"""Accounts to be exported, and what their files say."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actor import Actor
from accounts.background import Worker
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import TaskList, Transfer
from todos.transfers import jobs
from todos.transfers.exporting import write_export
from todos.transfers.files import chunks_of


def run_jobs() -> None:
    worker = Worker()
    while worker.step(at=datetime.now(UTC), clock=0):
        pass


def furnish(user: User) -> None:
    """Give `user` something of everything that an account can hold."""
    by, today = Actor(user), timezone.now().date()
    tomorrow = today + timedelta(days=1)
    home, _ = operations.create_list(by=by, name="Home", color="red")
    kitchen, _ = operations.create_section(by=by, task_list=home, name="Kitchen")
    gone, _ = operations.create_section(by=by, task_list=home, name="Attic")
    rent = make_task(
        by, "Pay rent", task_list=home, due_on=tomorrow, rule="FREQ=MONTHLY", tags=["Bank"]
    )
    operations.complete_task(rent, by=by)
    parent = make_task(
        by,
        '=cmd|"/c calc"!A0',
        section=kitchen,
        description="Zwei Zeilen\n<b>fett</b> und ‮ nichts",
        due_on=tomorrow,
        due_time=time(9, 30),
        due_zone="Europe/Berlin",
        start_on=today,
        priority=1,
        tags=["Ärger", "&", "x y", "bank"],
    )
    child = make_task(by, "A part", parent=parent)
    operations.complete_task(make_task(by, "Deeper", parent=child), by=by)
    attic = make_task(by, "In the attic", section=gone)
    operations.move_task(attic, by=by, section=kitchen)
    operations.move_task(attic, by=by, before=parent)
    operations.move_task(attic, by=by, section=gone)
    operations.delete_section(gone, by=by)
    operations.delete_tag(operations.create_tag(by=by, name="Short-lived"), by=by)
    comment = operations.add_comment(parent, by=by, text="@SUM(A1)\nfirst")
    operations.change_comment(comment, by=by, text="@SUM(A1)\nsecond")
    operations.add_reminder(parent, by=by, minutes_before=90)
    operations.add_reminder(child, by=by, remind_at=timezone.now() + timedelta(days=3))
    operations.create_filter(by=by, name="Soon", query="7 days & #Home")
    operations.change_task(parent, by=by, title="=1+1", tags=["Ärger"])
    old, _ = operations.create_list(by=by, name="Old")
    make_task(by, "Of the archive", task_list=old)
    operations.archive_list(old, by=by)
    trashed, _ = operations.create_list(by=by, name="Trashed")
    make_task(by, "Went along", task_list=trashed)
    operations.trash_list(trashed, by=by)
    operations.trash_task(make_task(by, "Alone in the trash"), by=by)
    erased = operations.trash_task(make_task(by, "Secret that was erased"), by=by)
    operations.complete_task(make_task(by, "Done"), by=by)
    operations.erase_task(erased, by=by)
    operations.skip_task(rent, by=by)
    operations.change_list(TaskList.objects.get(owner=user, is_inbox=True), by=by, color="blue")


def file_of(user: User) -> bytes:
    """The file of `user`, made at once."""
    file = io.BytesIO()
    write_export(user, file, at=timezone.now())
    return file.getvalue()


def exported(user: User) -> bytes:
    """The file of `user`, as the worker makes and keeps it."""
    jobs.ask_for_export(user, at=timezone.now())
    run_jobs()
    return b"".join(chunks_of(Transfer.objects.exports_of(user).get(state="done")))


def document_in(file: bytes, name: str = "account.json") -> dict[str, Any]:
    return json.loads(ZipFile(io.BytesIO(file)).read(name))


def imported(user: User, file: bytes) -> Transfer:
    """The import of `file` into the account of `user`, as it ended."""
    jobs.ask_for_import(user, ContentFile(file, "todo.zip"), at=timezone.now())
    run_jobs()
    return Transfer.objects.imports_of(user).get()


def repacked(file: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """`file` with a document that was changed."""
    document = document_in(file)
    change(document)
    return packed(json.dumps(document))


def packed(document: str | bytes, name: str = "account.json") -> bytes:
    """A zip with this document alone."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, document)
    return file.getvalue()
