"""Alice owns, Bob has an account of his own, Charlie is a stranger to both."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import sessions
from accounts.actor import Actor, Caller
from accounts.models import User
from accounts.tokens import AccessToken
from todos.models import TaskList

# Tests collect no static files, so there is no manifest of hashed names.
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

PASSWORD = "correct horse battery"


def make_user(name: str, **fields: Any) -> User:
    """An account without the cost of hashing; sign in with `force_login` or a session."""
    return User.objects.create(email=f"{name.lower()}@example.com", display_name=name, **fields)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """No limit counted in one test is felt in another."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def alice(db: None) -> User:
    return make_user("Alice")


@pytest.fixture
def bob(db: None) -> User:
    return make_user("Bob")


@pytest.fixture
def charlie(db: None) -> User:
    return make_user("Charlie")


@pytest.fixture
def by_alice(alice: User) -> Actor:
    return Actor(alice)


@pytest.fixture
def inbox(alice: User) -> TaskList:
    return TaskList.objects.get(owner=alice, is_inbox=True)


def browser_of(user: User | None = None) -> Client:
    """A browser, in which `user` is signed in if one is given."""
    client = Client()
    if user:
        client.force_login(user)
    return client


def program_of(user: User | None = None) -> APIClient:
    """A program that sends JSON, with the access token of a session of `user` if one is given."""
    client = APIClient()
    if user:
        session = sessions.open_session(user, client="token", caller=Caller())
        token = AccessToken.of(session, at=timezone.now())
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def page(alice: User) -> Client:
    """A browser in which Alice is signed in."""
    return browser_of(alice)


@pytest.fixture
def api(alice: User) -> APIClient:
    """A program of Alice's."""
    return program_of(alice)
