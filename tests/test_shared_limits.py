"""A limit holds for all processes together, when they share Redis."""

from __future__ import annotations

import http.client
import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.servers import Application

pytestmark = pytest.mark.skipif(
    not os.environ.get("CACHE_URL", "").startswith("redis"),
    reason="several processes share their counts in Redis (CACHE_URL)",
)


def prepared(folder: Path, **settings: str) -> Application:
    shared = {"WEB_PROCESSES": "2", "CACHE_URL": os.environ["CACHE_URL"]}
    application = Application(folder, settings=shared | settings)
    application.manage("setup")
    application.migrate()
    return application


def test_thirty_guesses_at_two_processes_get_five_answers(tmp_path: Path) -> None:
    application = prepared(tmp_path)
    # Counts in Redis outlive this test, so every run has an address of its own.
    body = {"username": f"{os.urandom(8).hex()}@example.com", "password": "wrong"}

    def guess(_number: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", application.port, timeout=60)
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/api/v1/login", json.dumps(body), headers)
        status = connection.getresponse().status
        connection.close()
        return status

    with application.serving(), ThreadPoolExecutor(30) as guessers:
        statuses = Counter(guessers.map(guess, range(30)))
    assert statuses == {401: 5, 429: 25}


def test_an_account_asks_the_whole_api_so_often_however_many_processes(tmp_path: Path) -> None:
    # A period that does not end in the middle of the test.
    application = prepared(tmp_path, LIMIT_REQUESTS="100/d")
    body = {"email": f"{os.urandom(8).hex()}@example.com", "password": "correct horse battery"}

    def ask(number: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", application.port, timeout=60)
        path = ("/api/v1/tasks/", "/api/v1/users/me/", "/api/v1/changes")[number % 3]
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        status = connection.getresponse().status
        connection.close()
        return status

    with application.serving(), ThreadPoolExecutor(16) as programs:
        application.post("/api/v1/users/", body)
        signed_in = {"username": body["email"], "password": body["password"]}
        token = application.post("/api/v1/login", signed_in)[1]["access_token"]
        statuses = Counter(programs.map(ask, range(400)))
    assert statuses == {200: 100, 429: 300}
