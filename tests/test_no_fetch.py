"""The server asks nobody: it opens no address that somebody wrote, nor any other."""

from __future__ import annotations

import ast
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from tests.conftest import PASSWORD
from tests.servers import BASE_DIR

CODE = [
    path
    for package in ("accounts", "todos", "todo_project")
    for path in sorted((BASE_DIR / package).rglob("*.py"))
]
# What can open an address. Mails are sent by Django, at EMAIL_URL alone.
CLIENTS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "http.client.HTTPConnection",
    "http.client.HTTPSConnection",
    "httpx",
    "imaplib",
    "poplib",
    "pycurl",
    "requests",
    "smtplib",
    "smtplib.SMTP",
    "smtplib.SMTP_SSL",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "webbrowser",
    "xmlrpc.client",
}
# They also hold names of errors and statuses.
OF_OTHER_USE = {"http.client", "smtplib"}
ADDRESS = "http://192.0.2.1/picture.png"

WATCHED = {"socket.connect", "socket.getaddrinfo", "urllib.Request"}
watchers: list[list[str]] = []


@cache
def set_watch() -> None:
    """A hook of Python's own audit stays for good; it tells whoever watches."""

    def tell(event: str, arguments: tuple[object, ...]) -> None:
        if event in WATCHED:
            for watcher in watchers:
                watcher.append(f"{event} {arguments[1:]}")

    sys.addaudithook(tell)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Note each connection that Python opens meanwhile."""
    set_watch()
    connections: list[str] = []
    watchers.append(connections)
    try:
        yield connections
    finally:
        watchers.remove(connections)


def modules_of(path: Path) -> set[str]:
    """What the file at `path` imports, also where it does so late."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {node.module} - OF_OTHER_USE
    return names


def test_no_module_of_ours_can_open_an_address() -> None:
    found = {path: modules_of(path) & CLIENTS for path in CODE}
    assert len(found) > 100
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.django_db
@pytest.mark.skipif(not settings.IS_SQLITE, reason="Database and cache are connections, too.")
def test_addresses_that_people_write_are_never_opened() -> None:
    with watched() as connections:
        page, api = Client(), APIClient()
        form = {"email": "ann@example.com", "password1": PASSWORD}
        assert page.post("/accounts/signup/", form).status_code == 302
        answer = api.post("/api/v1/login", {"username": form["email"], "password": PASSWORD})
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access_token']}")
        text = f"![it]({ADDRESS}) <img src={ADDRESS}> {ADDRESS}"
        task = api.post("/api/v1/tasks/", {"title": ADDRESS, "description": text})
        assert task.status_code == 201
        number = task.json()["id"]
        assert page.post(f"/tasks/{number}/comments", {"text": text}).status_code == 302
        shown = page.get(f"/tasks/{number}").content.decode()
        assert ADDRESS in shown and "<img src" not in shown
        assert page.get("/search", {"q": ADDRESS}).status_code == 200
        assert page.get("/accounts/login/", {"next": ADDRESS}).status_code in {200, 302}
    assert connections == []


def test_the_watch_sees_what_connects() -> None:
    with watched() as connections, socket.socket() as probe:
        probe.connect_ex(("127.0.0.1", 9))
    assert len(connections) == 1
