"""What docs/security.md names as proof exists; and what nothing else proved is proved here."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from tests.accounts.conftest import log_in_on_page
from tests.servers import BASE_DIR

TEXT = (BASE_DIR / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))


def test_it_names_many_tests() -> None:
    assert len(NAMED) > 30


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_proof_that_it_names_is_there(file: str, test: str) -> None:
    code = (BASE_DIR / file).read_text()
    assert f"\ndef {test}(" in code if test else "\ndef test_" in code


def test_password_fields_hide_and_may_be_filled(alice: User) -> None:
    browser = log_in_on_page(alice)
    pages = [
        Client().get(reverse("account_login")),
        Client().get(reverse("account_signup")),
        browser.get(reverse("account_change_password")),
        browser.get(reverse("accounts:close-account")),
    ]
    for page in pages:
        fields = re.findall(r'<input[^>]* name="(?:old)?password\d?"[^>]*>', page.content.decode())
        assert fields, page.request["PATH_INFO"]
        for field in fields:
            assert 'type="password"' in field
            assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in page.content.decode()


def test_a_long_password_is_taken_whole(db: None) -> None:
    client, password = APIClient(), "correct horse " * 70
    body = {"email": "ann@example.com", "password": password.strip()}
    assert client.post("/api/v1/users/", body).status_code == 201
    for given, status in ((body["password"], 200), (body["password"][:-1], 401)):
        answer = client.post("/api/v1/login", {"username": body["email"], "password": given})
        assert answer.status_code == status


def test_every_page_can_be_left(alice: User) -> None:
    browser = log_in_on_page(alice)
    for name in (
        "todos:inbox",
        "todos:today",
        "todos:lists",
        "accounts:settings",
        "accounts:devices",
    ):
        page = browser.get(reverse(name)).content.decode()
        assert reverse("account_logout") in page, name
