"""Bringing the file of an account: on the page, over the API, and how large it may be."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from accounts.models import AuthEvent, User
from accounts.operations import close_account
from tests.conftest import browser_of, program_of
from tests.todos.transfers.accounts import file_of, imported, packed, repacked, run_jobs
from todos import sweeps
from todos.models import Task, Transfer, TransferChunk
from todos.transfers import jobs

API = "/api/v1/users/me/import"


def upload(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("todo.zip", content, "application/zip")}


def test_the_page_takes_it_and_tells(file: bytes, dora: User) -> None:
    page = browser_of(dora)
    answer = page.post("/settings/import", upload(file), follow=True)
    assert answer.redirect_chain == [("/settings/data", 302)]
    assert "The file is being imported." in answer.content.decode()
    run_jobs()
    assert "Imported on" in page.get("/settings/data").content.decode()
    assert "Pay rent" in page.get("/tasks").content.decode()
    again = page.post("/settings/import", upload(file), follow=True).content.decode()
    assert "This account is not empty." in again


def test_the_page_tells_what_is_wrong(file: bytes, dora: User) -> None:
    page = browser_of(dora)
    nothing = page.post("/settings/import", follow=True).content.decode()
    assert "Choose the file that you exported." in nothing
    refused = page.post("/settings/import", upload(b"%PDF" * 20), follow=True).content.decode()
    assert "This is no export of an account." in refused
    lie = repacked(file, lambda document: document["tasks"][0].update(title="<b>" * 80))
    page.post("/settings/import", upload(lie))
    run_jobs()
    shown = page.get("/settings/data").content.decode()
    assert "Nothing was imported. tasks, number 1 (" in shown
    assert "title: Ensure this value has at most 200 characters" in shown
    assert page.get("/settings/import").status_code == 405


def test_a_form_of_another_site_imports_nothing(file: bytes, dora: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(dora)
    assert browser.post("/settings/import", upload(file)).status_code == 403
    assert Transfer.objects.count() == 0


def test_the_api_takes_it_and_tells(file: bytes, dora: User) -> None:
    api = program_of(dora)
    assert api.get(API).status_code == 404
    key = {"Idempotency-Key": "one"}
    asked = api.post(API, upload(file), format="multipart", headers=key)
    assert (asked.status_code, asked.data["state"], asked.data["size"]) == (
        *(202, "waiting"),
        len(file),
    )
    second = api.post(API, upload(file), format="multipart")
    assert (second.status_code, second.data["detail"]) == (
        400,
        "A file is being imported already.",
    )
    run_jobs()
    assert api.get(f"{API}/").data["state"] == "done"
    repeated = api.post(API, upload(file), format="multipart", headers=key)
    assert repeated.data == asked.data and repeated["Idempotency-Replayed"] == "true"
    assert api.get("/api/v1/tasks/?list=0&size=1").status_code == 400
    assert api.get("/api/v1/tasks/").data["total"] == Task.objects.visible_to(dora).count() > 5


def test_the_api_tells_what_is_wrong(file: bytes, dora: User) -> None:
    api = program_of(dora)
    assert api.post(API, {}, format="multipart").data.keys() == {"file"}
    assert api.post(API, {"file": "x"}, format="multipart").status_code == 400
    assert api.post(API, {"file": "x"}, format="json").status_code == 415
    strange = api.post(API, {**upload(file), "owner": 1}, format="multipart")
    assert (strange.status_code, strange.data.keys()) == (400, {"owner"})
    lie = repacked(file, lambda document: document.update(version=2))
    assert api.post(API, upload(lie), format="multipart").status_code == 202
    run_jobs()
    told = api.get(API).data
    assert (told["state"], told["error"]) == (
        "refused",
        "This file is of version 2; this program reads version 1.",
    )


def test_a_stranger_sees_nothing_of_it(file: bytes, dora: User, charlie: User) -> None:
    imported(dora, file)
    assert program_of(charlie).get(API).status_code == 404
    assert program_of().post(API, upload(file), format="multipart").status_code == 401
    assert browser_of().post("/settings/import", upload(file)).status_code == 302
    assert Transfer.objects.exclude(owner=dora).count() == 0


def test_it_is_limited(dora: User) -> None:
    api = program_of(dora)
    for _ in range(5):
        assert api.post(API, upload(b"x"), format="multipart").status_code == 400
    refused = api.post(API, upload(b"x"), format="multipart")
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0


def test_only_its_addresses_take_a_large_body(dora: User) -> None:
    assert [reverse("todos:import"), reverse("api:import")] == settings.IMPORT_PATHS
    api, page, large = program_of(dora), browser_of(dora), bytes(2 * 1024 * 1024)
    assert page.post("/settings/import", upload(large)).status_code == 302
    assert page.post("/tasks/add", upload(large)).status_code == 413
    for answered, path in ((400, API), (400, f"{API}/"), (413, "/api/v1/tasks/")):
        assert api.post(path, upload(large), format="multipart").status_code == answered
    too_large = str(settings.LARGEST_IMPORT + 2 * 1024 * 1024)
    answer = page.generic("POST", "/settings/import", b"x", CONTENT_LENGTH=too_large)
    assert answer.status_code == 413 and b"50 MiB" in answer.content
    # The rest of a form is no larger than elsewhere.
    form = api.post(API, {"file": "x" * 2 * 1024 * 1024}, format="multipart")
    assert form.status_code == 413


def test_one_that_is_too_large_is_refused(
    file: bytes, dora: User, settings: pytest.FixtureRequest
) -> None:
    settings.LARGEST_IMPORT = len(file) - 1
    refused = program_of(dora).post(API, upload(file), format="multipart")
    assert (refused.status_code, refused.data["detail"]) == (
        400,
        "A file to be imported has 50 MiB at most.",
    )


def test_its_file_is_erased_with_it_and_by_the_sweep(file: bytes, dora: User) -> None:
    jobs.ask_for_import(dora, ContentFile(file, "todo.zip"), at=timezone.now())
    assert TransferChunk.objects.filter(owner=dora).count() == 1
    sweeps.erase_old_transfers(timezone.now() + timedelta(days=8))
    assert Transfer.objects.count() == TransferChunk.objects.count() == 0
    run_jobs()
    assert imported(dora, packed("{}")).state == "refused"
    assert TransferChunk.objects.count() == 0


def test_it_is_forgotten_with_the_account(file: bytes, dora: User) -> None:
    transfer = jobs.ask_for_import(dora, ContentFile(file, "todo.zip"), at=timezone.now())
    close_account(dora)
    assert TransferChunk.objects.count() == 0
    assert not DBTaskResult.objects.filter(task_path__endswith="run_import").exists()
    jobs.run_import.func(transfer.pk)


def test_whoever_switches_mails_off_by_a_file_is_told(alice: User, dora: User) -> None:
    """As when it is done on the page: it may be a thief."""
    alice.new_device_mails = False
    alice.save()
    assert imported(dora, file_of(alice)).is_done
    assert AuthEvent.objects.filter(user=dora, kind="device_mails_off").count() == 1


def test_a_large_upload_is_not_held_in_memory(dora: User, file: bytes) -> None:
    """It lies in a file, and goes to the database in pieces of a megabyte."""
    large = io.BytesIO(b"PK" + bytes(3 * 1024 * 1024))
    answer = browser_of(dora).post("/settings/import", {"file": large})
    handled = answer.wsgi_request.FILES["file"]
    assert hasattr(handled, "temporary_file_path")


def test_the_form_is_there_without_javascript(page: Client) -> None:
    shown = page.get("/settings/data").content.decode()
    assert 'action="/settings/import" enctype="multipart/form-data"' in shown
    assert 'type="file" id="import-file" name="file"' in shown


def test_an_api_client_sees_both_in_the_schema(api: APIClient) -> None:
    schema = api.get("/api/v1/schema/?format=json").content.decode()
    assert "/users/me/import" in schema and "multipart/form-data" in schema
