"""A password is more than what everybody knows of this application (ASVS 6.2.11)."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.models import User


@pytest.mark.parametrize(
    "password",
    ["todo2026todo", "To-Do-Tasks-1!", "adminadmin12", "example.org9", "T.O.D.O.12345"],
)
@pytest.mark.django_db
def test_the_name_of_the_application_or_its_address_is_no_password(
    password: str, settings: Settings
) -> None:
    settings.PUBLIC_NAME = "lists.example.org"
    account = {"email": "ann@example.com", "password": password}
    refused = APIClient().post("/api/v1/users/", account)
    assert refused.status_code == 400
    assert "name of this application" in str(refused.json()["password"])
    form = {"email": account["email"], "password1": password}
    assert "name of this application" in Client().post("/accounts/signup/", form).text
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["todo correct horse", "my admin is a cat", "x7#kq9!mz2"])
@pytest.mark.django_db
def test_such_words_may_be_part_of_a_password(password: str) -> None:
    account = {"email": "ann@example.com", "password": password}
    assert APIClient().post("/api/v1/users/", account).status_code == 201
