"""A server that real clients talk to, an account, and a clock that the tests move."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.accounts.conftest import hashed_password
from tests.conftest import PASSWORD, make_user
from tests.e2e.conftest import browser, open_page
from tests.servers import BASE_DIR

__all__ = ["browser", "open_page"]

EMAIL = "me@example.com"
Later = Callable[[timedelta], None]


@pytest.fixture
def me(transactional_db: None) -> User:
    """The person of the examples."""
    user = make_user("me", password=hashed_password())
    assert (user.email, PASSWORD) == (EMAIL, "correct horse battery")
    return user


@pytest.fixture
def later() -> Iterator[Later]:
    """A function that lets time go by at once: for the server, and for clients in Python."""
    with time_machine.travel(timezone.now()) as clock:
        yield clock.shift


def code_under(title: str) -> str:
    """The code under `title` in docs/clients.md."""
    text = (BASE_DIR / "docs" / "clients.md").read_text()
    found = re.search(rf"## {re.escape(title)}\n(?:(?!## ).)*?```\w+\n(.*?)```", text, re.DOTALL)
    assert found, f"docs/clients.md has no code under {title}."
    return found[1]


def example(title: str, server: LiveServer) -> str:
    """The code under `title`, with the address of `server`."""
    return code_under(title).replace("http://localhost:8000", server.url)
