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


def test_thirty_guesses_at_two_processes_get_five_answers(tmp_path: Path) -> None:
    shared = {"WEB_PROCESSES": "2", "CACHE_URL": os.environ["CACHE_URL"]}
    application = Application(tmp_path, settings=shared)
    application.manage("setup")
    application.manage("migrate", "--verbosity", "0")
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
