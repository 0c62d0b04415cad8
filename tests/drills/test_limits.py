"""A limit holds for several servers together, and for each of them when Redis is gone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from tests.drills.figures import LONG, record
from tests.servers import PATIENCE, Application, free_port

REDIS = shutil.which("redis-server")
SERVERS, GUESSES = 3, 60
# Wrong sign-ins of one account from one address in five minutes (LIMIT_SIGN_INS).
ALLOWED = 5

pytestmark = [
    pytest.mark.skipif(not LONG, reason="takes a minute: make drills"),
    pytest.mark.skipif(REDIS is None, reason="Redis is not installed"),
]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis of this drill's own: its address and process."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([str(REDIS), *options], stdout=subprocess.PIPE)
    assert process.stdout is not None
    for line in process.stdout:
        if b"Ready to accept connections" in line:
            break
    yield f"redis://127.0.0.1:{port}/0", process
    process.kill()
    process.wait(PATIENCE)
    process.stdout.close()


def test_a_limit_holds_for_all_servers_together(
    application: Application, redis: tuple[str, subprocess.Popen[bytes]]
) -> None:
    url, process = redis
    application.settings |= {"CACHE_URL": url, "WEB_PROCESSES": "2"}
    instances = [replace(application, port=free_port()) for _ in range(SERVERS)]

    def guesses() -> Counter[int]:
        """The answers to wrong sign-ins as somebody, at all servers at once."""
        who = {"username": f"{os.urandom(8).hex()}@example.com", "password": "wrong"}
        body = json.dumps(who).encode()
        asked = [instance for instance, _ in zip(cycle(instances), range(GUESSES), strict=False)]
        with ThreadPoolExecutor(12) as guessers:
            answers = guessers.map(
                lambda each: each.exchange("POST", "/api/v1/login", body).status, asked
            )
            return Counter(answers)

    with ExitStack() as running:
        for instance in instances:
            running.enter_context(instance.serving())
            assert instance.get("/livez")[0] == 200
        together = guesses()
        process.kill()
        process.wait(PATIENCE)
        alone = guesses()
    assert together == {401: ALLOWED, 429: GUESSES - ALLOWED}
    assert set(alone) == {401, 429}
    assert alone[401] <= ALLOWED * SERVERS * 2
    record(
        "limits",
        f"{SERVERS} servers of 2 processes, {GUESSES} guesses: {together[401]} let through;"
        f" without Redis {alone[401]}, at most {ALLOWED} a process; 0 errors",
    )
