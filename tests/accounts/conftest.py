"""People with a password, and ways to sign in over the API."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import PASSWORD, make_user

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWN = {"HTTP_ORIGIN": "http://testserver"}


@cache
def hashed_password() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def alice(db: None) -> User:
    return make_user("Alice", password=hashed_password())


@pytest.fixture
def bob(db: None) -> User:
    return make_user("Bob", password=hashed_password())


def log_in(client: APIClient, user: User, *, own_origin: bool = False, **fields: Any) -> Any:
    """The body of a successful `POST /login`; from our own pages when `own_origin`."""
    response = client.post(
        "/api/v1/login",
        {"username": user.email, "password": PASSWORD, **fields},
        **(OWN if own_origin else {}),
    )
    assert response.status_code == 200, response.content
    return response.json()


def bearer(token: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def refresh(client: APIClient, token: str, **headers: str) -> Any:
    return client.post("/api/v1/refresh", {"refresh_token": token}, **headers)


def log_in_on_page(user: User, **headers: str) -> Client:
    """A browser in which `user` signed in through the page."""
    client = Client()
    response = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}, **headers
    )
    assert response.status_code == 302, response.content
    return client
