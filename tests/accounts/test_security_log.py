"""The log of what happened to an account, in words."""

from __future__ import annotations

from rest_framework.test import APIClient

from accounts.models import User
from tests.accounts.conftest import log_in, log_in_on_page


def words_of(user: User, **headers: str) -> str:
    return log_in_on_page(user, **headers).get("/security-log").content.decode()


def test_it_tells_what_happened_where_and_how_often(alice: User) -> None:
    for _number in range(3):
        body = {"username": alice.email, "password": "wrong"}
        APIClient(REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="curl/8").post("/api/v1/login", body)
    log_in(APIClient(REMOTE_ADDR="192.0.2.1"), alice)
    words = words_of(alice)
    assert words.index("Signed in") < words.index("Sign-in refused") < words.index("3 times")
    assert "198.51.100.7" in words
    assert "curl/8" in words


def test_it_is_each_persons_own(alice: User, bob: User) -> None:
    log_in(APIClient(REMOTE_ADDR="198.51.100.7"), bob)
    assert "198.51.100.7" not in words_of(alice)
