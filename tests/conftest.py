"""Alice owns, Bob has an account of his own, Charlie is a stranger to both."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
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


@pytest.fixture
def page(alice: User) -> Client:
    """A browser in which Alice is signed in."""
    client = Client()
    client.force_login(alice)
    return client
