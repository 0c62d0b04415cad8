"""The pages as an app on a device, and what of them a browser may store."""

from __future__ import annotations

import json
from unittest import mock

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.conftest import browser_of, program_of
from todo_project import offline


def test_the_manifest_names_pages_and_pictures_that_are_there(page: Client) -> None:
    answer = browser_of().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    links = [manifest["start_url"], *(shortcut["url"] for shortcut in manifest["shortcuts"])]
    assert [page.get(link).status_code for link in links] == [200, 200, 200, 200]
    for icon in manifest["icons"]:
        name = icon["src"].removeprefix("/static/")
        assert (settings.BASE_DIR / "static" / name).read_bytes().startswith(b"\x89PNG")


def test_the_worker_is_asked_for_anew_and_changes_with_the_shell() -> None:
    client = Client()
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert client.get("/sw.js").content == answer.content
    with mock.patch.object(offline, "static", lambda name: f"/static/other-{name}"):
        changed = client.get("/sw.js").content
    assert changed.split(b"VERSION = ")[1][:24] != answer.content.split(b"VERSION = ")[1][:24]


def test_the_offline_page_is_the_same_for_everybody(page: Client) -> None:
    answer = browser_of().get("/offline")
    assert answer.status_code == 200
    assert page.get("/offline").content == answer.content


def test_robots_are_shown_the_first_page_alone(db: None) -> None:
    refused = Client().get("/robots.txt").text.split("Disallow: ")[1:]
    assert not any("/".startswith(path.strip()) for path in refused)
    led_to = Client().get("/today")["Location"]
    assert any(led_to.startswith(path.strip()) for path in refused)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/today", "/inbox", "/tasks", "/settings", "/accounts/email/"])
def test_no_page_of_a_person_is_stored(page: Client, path: str) -> None:
    assert page.get(path)["Cache-Control"] in {
        "private, no-store",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    }


@pytest.mark.django_db
def test_pages_for_everybody_and_answers_to_programs_are_left_alone(alice: User) -> None:
    assert "Cache-Control" not in browser_of().get("/").headers
    assert "Cache-Control" not in program_of(alice).get("/api/v1/users/me/").headers


@pytest.mark.django_db
def test_only_logging_out_empties_what_the_browser_has_stored(page: Client) -> None:
    assert "Clear-Site-Data" not in page.get("/accounts/logout/").headers
    answer = page.post("/accounts/logout/")
    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/", '"storage"')
    assert "Clear-Site-Data" not in page.get("/").headers
