"""The page that a stranger sees first."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from accounts.models import User
from tests.conftest import browser_of, program_of


@pytest.mark.django_db
def test_it_says_what_it_is_to_people_and_search_engines() -> None:
    html = browser_of().get("/").text
    assert "<title>A calm place for your tasks · Todo</title>" in html
    assert re.search(r'<meta name="description" content="[^"]{80,160}">', html)


@pytest.mark.django_db
def test_a_closed_server_says_kindly_whom_to_ask(settings: Any) -> None:
    settings.SIGN_UP = "closed"
    html = browser_of().get("/").text
    assert "Ask the person who runs this server" in html
    assert "/accounts/signup/" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_its_pictures_are_there_small_and_of_the_size_that_it_says(theme: str) -> None:
    client = Client()
    if theme:
        client.cookies["theme"] = theme
    html = client.get("/").text
    pictures = re.findall(r'src(?:set)?="/static/(pictures/[^"]+)" width="(\d+)"', html)
    assert len(pictures) == (2 if theme else 4)
    for name, width in pictures:
        assert not theme or theme in name
        content = (configured.BASE_DIR / "static" / name).read_bytes()
        assert len(content) < 60_000
        # The width less one, in three bytes of the header (RFC 9649 section 2.7).
        assert int.from_bytes(content[24:27], "little") + 1 == int(width)


def test_the_line_for_curl_does_what_it_shows(alice: User) -> None:
    html = browser_of().get("/").text
    shown = re.search(r'curl http://testserver(\S+) .*-d "(.*?)"', html, re.DOTALL)
    address, body = shown.groups()
    answer = program_of(alice).post(
        address, data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 201
    assert answer.json()["recurrence"]["text"] == "every month on the 1st"
