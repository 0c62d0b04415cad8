"""The whole account as a file: asked for, made by the worker, fetched, and gone in time."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from accounts.operations import close_account
from tests.accounts.races import at_once, on_postgresql
from tests.conftest import browser_of, program_of
from tests.todos.test_tasks import make_task
from tests.todos.transfers.accounts import document_in, exported, file_of, furnish, run_jobs
from todos import operations, sweeps
from todos.models import Change, Task, TaskList, Transfer, TransferChunk
from todos.transfers import exporting, jobs
from todos.transfers.formats import MEMBERS, PARTS


def test_the_file_has_every_row(alice: User) -> None:
    furnish(alice)
    document = document_in(exported(alice))
    for part in PARTS:
        assert len(document[part.name]) == part.model._base_manager.filter(owner=alice).count() > 0
    assert document["format"], document["version"] == ("todo-account", 1)
    assert document["last_number"] == Change.objects.filter(owner=alice).latest("number").number


def test_the_file_names_nothing_by_an_id(alice: User) -> None:
    furnish(alice)
    document = document_in(exported(alice))
    named = {name for part in PARTS for row in document[part.name] for name in row}
    for change in document["changes"]:
        named |= {*change["before"], *change["after"]}
    assert not {name for name in named if name.endswith("_id") or name in {"id", "pk", "owner"}}
    uids = {row["uid"] for row in document["tasks"]}
    assert {row["task"] for row in document["comments"]} <= uids
    moved = [row for row in document["changes"] if row["after"].get("section")]
    sections = {row["uid"] for row in document["changes"] if row["object"] == "section"}
    assert {row["after"]["section"] for row in moved} <= sections


def test_what_was_erased_is_not_in_it(alice: User) -> None:
    furnish(alice)
    archive = ZipFile(io.BytesIO(exported(alice)))
    assert archive.namelist() == [*MEMBERS]
    for name in archive.namelist():
        assert b"Secret that was erased" not in archive.read(name)


def test_nothing_of_another_person_is_in_it(alice: User, bob: User) -> None:
    furnish(bob)
    make_task(Actor(alice), "Mine")
    document = document_in(exported(alice))
    assert [task["title"] for task in document["tasks"]] == ["Mine"]
    assert [len(document[part.name]) for part in PARTS] == [1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_no_secret_is_in_it(alice: User) -> None:
    alice.set_password("correct horse battery")
    alice.save()
    browser = Client()
    browser.post("/accounts/login/", {"login": alice.email, "password": "correct horse battery"})
    program_of(alice)
    archive = ZipFile(io.BytesIO(exported(alice)))
    kept = document_in(exported(alice), "server.json")
    assert kept["account"][0]["email"] == alice.email
    assert [row["client"] for row in kept["programs"]] == ["token"]
    assert len(kept["pages"]) == 1 and len(kept["security_events"]) >= 2
    text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    secrets = [alice.password, alice.password_fingerprint, browser.session.session_key]
    assert not [secret for secret in secrets if secret in text]


def test_a_table_runs_no_formula(alice: User) -> None:
    furnish(alice)
    archive = ZipFile(io.BytesIO(exported(alice)))
    for name in ("tasks.csv", "comments.csv", "completions.csv"):
        rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]
    tasks = archive.read("tasks.csv").decode("utf-8-sig")
    assert "'=1+1" in tasks and "Pay rent" in tasks


def test_asking_twice_makes_it_once(alice: User) -> None:
    at = timezone.now()
    first, begins = jobs.ask_for_export(alice, at=at)
    again, begins_again = jobs.ask_for_export(alice, at=at + timedelta(minutes=59))
    assert (begins, begins_again) == (True, False)
    assert first == again and DBTaskResult.objects.count() == 1
    run_jobs()
    chunks = list(TransferChunk.objects.values_list("pk", flat=True))
    jobs.make_export.func(first.pk)
    assert list(TransferChunk.objects.values_list("pk", flat=True)) == chunks


def test_one_that_was_given_up_can_be_asked_for_again(alice: User) -> None:
    at = timezone.now()
    jobs.ask_for_export(alice, at=at)
    DBTaskResult.objects.all().delete()
    assert "Make the file" not in browser_of(alice).get("/settings/data").content.decode()
    Transfer.objects.update(asked_at=at - timedelta(hours=1))
    assert "Make the file" in browser_of(alice).get("/settings/data").content.decode()
    assert jobs.ask_for_export(alice, at=at)[1]
    run_jobs()
    assert Transfer.objects.get().is_done


def test_a_mail_leads_to_the_page_and_has_no_secret(alice: User) -> None:
    exported(alice)
    (letter,) = mail.outbox
    assert letter.to == [alice.email]
    assert "/settings/data" in letter.body and "export/file" not in letter.body


def test_a_large_file_is_in_pieces(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TransferChunk, "LARGEST", 1000)
    furnish(alice)
    file = exported(alice)
    assert TransferChunk.objects.count() == -(-len(file) // 1000) > 2
    assert document_in(file)["email"] == alice.email


def test_the_page_asks_tells_and_gives(alice: User, page: Client) -> None:
    make_task(Actor(alice), "Buy oat milk")
    assert page.get("/settings/export/file").status_code == 404
    answer = page.post("/settings/export", follow=True)
    assert answer.redirect_chain == [("/settings/data", 302)]
    assert "The file is being made." in answer.content.decode()
    assert "Make the file" not in answer.content.decode()
    run_jobs()
    shown = page.get("/settings/data").content.decode()
    assert "Download the file" in shown and "kept until" in shown
    answer = page.get("/settings/export/file")
    file = b"".join(answer.streaming_content)
    assert answer["Content-Length"] == str(len(file))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith('attachment; filename="todo-')
    assert document_in(file)["tasks"][0]["title"] == "Buy oat milk"
    assert page.get("/settings/export").status_code == 405


def test_the_api_asks_tells_and_gives(alice: User, api: APIClient) -> None:
    assert api.get("/api/v1/users/me/export").status_code == 404
    assert api.get("/api/v1/users/me/export/file").status_code == 404
    asked = api.post("/api/v1/users/me/export/", headers={"Idempotency-Key": "one"})
    assert (asked.status_code, asked.data["state"]) == (202, "waiting")
    run_jobs()
    repeated = api.post("/api/v1/users/me/export/", headers={"Idempotency-Key": "one"})
    assert repeated.data == asked.data and repeated["Idempotency-Replayed"] == "true"
    told = api.get("/api/v1/users/me/export").data
    assert told["state"] == "done" and told["size"] > 0 and told["error"] == ""
    answer = api.get("/api/v1/users/me/export/file")
    assert document_in(b"".join(answer.streaming_content))["email"] == alice.email


def test_a_stranger_gets_nothing_of_it(alice: User, charlie: User) -> None:
    exported(alice)
    assert browser_of(charlie).get("/settings/export/file").status_code == 404
    assert browser_of().get("/settings/export/file").status_code == 302
    assert program_of(charlie).get("/api/v1/users/me/export/file").status_code == 404
    assert program_of().get("/api/v1/users/me/export/file").status_code == 401
    assert program_of().post("/api/v1/users/me/export").status_code == 401


def test_it_is_limited(page: Client, api: APIClient) -> None:
    for _ in range(5):
        assert api.post("/api/v1/users/me/export").status_code == 202
        run_jobs()
    refused = api.post("/api/v1/users/me/export")
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    assert page.post("/settings/export").status_code == 429
    # The one that is there stays.
    assert page.get("/settings/export/file").status_code == 200


def test_it_is_erased_in_time(alice: User) -> None:
    exported(alice)
    sweeps.erase_old_transfers(timezone.now() + timedelta(days=6, hours=23))
    assert Transfer.objects.count() == 1
    sweeps.erase_old_transfers(timezone.now() + timedelta(days=7, hours=1))
    assert (Transfer.objects.count(), TransferChunk.objects.count()) == (0, 0)


def test_it_is_erased_with_the_account(alice: User, bob: User) -> None:
    exported(alice)
    jobs.ask_for_export(bob, at=timezone.now())
    close_account(bob)
    close_account(alice)
    assert (Transfer.objects.count(), TransferChunk.objects.count()) == (0, 0)
    assert DBTaskResult.objects.filter(status="READY").count() == 0


def test_a_failure_leaves_it_waiting_for_another_try(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.ask_for_export(alice, at=timezone.now())

    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(exporting, "kept_about", fail)
        with pytest.raises(RuntimeError):
            jobs.make_export.func(Transfer.objects.get().pk)
    assert Transfer.objects.get().is_waiting and TransferChunk.objects.count() == 0
    jobs.make_export.func(Transfer.objects.get().pk)
    assert Transfer.objects.get().is_done


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_others_write_while_it_is_made_and_it_is_of_one_moment(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that is made while the file is written, over another connection, is not in it."""
    make_task(Actor(alice), "Before")
    rows_of = exporting.rows_of

    def interrupted(part, owner):  # type: ignore[no-untyped-def]
        if part.name == "tasks":
            at_once(lambda _: make_task(Actor(alice), "Meanwhile"), 1)
        yield from rows_of(part, owner)

    monkeypatch.setattr(exporting, "rows_of", interrupted)
    document = document_in(file_of(alice))
    assert [task["title"] for task in document["tasks"]] == ["Before"]
    assert len(document["changes"]) == document["last_number"] == 1
    assert Task.objects.filter(owner=alice).count() == 2
    assert connection.get_autocommit()
    operations.create_list(by=Actor(alice), name="After")
    assert TaskList.objects.filter(owner=alice).count() == 2
