"""Many write at once: nothing is locked out, done twice or lost."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.drills.figures import LONG, record
from tests.servers import PATIENCE, Application, kill_group
from tests.test_serve import child_of, sees_processes

WRITERS = 4
WRITES = 60
READ_THEN_WRITE = f"""
from django.db import transaction
from accounts.actor import Actor
from accounts.models import User
from todos import operations
from todos.models import Task
alice = User.objects.get_or_create(email="alice@example.com")[0]
for number in range({WRITES}):
    with transaction.atomic():
        before = Task.objects.filter(owner=alice).count()
        operations.create_task(by=Actor(alice), title=f"After {{before}}")
"""


def test_processes_that_write_at_once_lock_nobody_out(application: Application) -> None:
    shell = ("shell", "--no-imports", "-c")
    application.manage(*shell, READ_THEN_WRITE)
    writers = [application.start(*shell, READ_THEN_WRITE) for _ in range(WRITERS)]
    said = [writer.communicate(timeout=4 * PATIENCE)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS, said
    asked = "from todos.models import Task; print('tasks:', Task.objects.count())"
    assert f"tasks: {WRITES * (WRITERS + 1)}\n" in application.manage(*shell, asked)
    record("writers", f"{WRITERS} processes, {WRITES} read-then-write each: 0 locked out, all kept")


EDITORS, EDITS = 4, 50 if LONG else 15


def test_nobodys_edit_is_lost(application: Application) -> None:
    with application.serving():
        token = application.sign_in(is_new=True)
        task = application.post("/api/v1/tasks/", {"title": "Shared"}, token=token)[1]
        path = f"/api/v1/tasks/{task['id']}"

        def edit(name: str) -> tuple[str, int]:
            """Read, then write what was read and one word more."""
            before = application.exchange("GET", path, token=token)
            text = json.loads(before.text)["description"] or ""
            body = json.dumps({"description": f"{text} {name}".strip()}).encode()
            condition = {"If-Match": before.headers["ETag"]}
            answer = application.exchange("PATCH", path, body, token=token, headers=condition)
            return name, answer.status

        with ThreadPoolExecutor(EDITORS) as editors:
            edits = list(editors.map(edit, [f"e{number}" for number in range(EDITORS * EDITS)]))
        kept = application.get(path, token=token)[1]["description"].split()
    statuses = Counter(status for _, status in edits)
    assert set(statuses) <= {200, 412}
    assert sorted(kept) == sorted(name for name, status in edits if status == 200)
    record(
        "edits",
        f"{len(edits)} edits: {statuses[200]} applied, {statuses[412]} answered 412, 0 lost",
    )


REQUESTS, KEYS, KILLS = (800, 100, 8) if LONG else (120, 15, 2)


@sees_processes
def test_a_retry_never_duplicates(application: Application) -> None:
    """Two in five requests are cut off, and the web server is killed amid them."""
    chance = random.Random(7)  # noqa: S311
    plan = [(number % KEYS, number % 5 < 2) for number in range(REQUESTS)]
    chance.shuffle(plan)
    amid = {REQUESTS * part // (KILLS + 1) for part in range(1, KILLS + 1)}
    with application.serving() as server:
        token = application.sign_in(is_new=True)

        def send(step: tuple[int, bool]) -> int:
            key, is_cut = step
            body = json.dumps({"title": f"Task {key}"}).encode()
            try:
                if is_cut:
                    return cut_off(application, token, key, body, after=chance.random() / 20)
                keyed = {"Idempotency-Key": f"key-{key}"}
                return application.exchange(
                    "POST", "/api/v1/tasks/", body, token=token, headers=keyed
                ).status
            except OSError:
                return 0

        def send_or_kill(number: int) -> int:
            if number in amid:
                web = child_of(server.pid, "todo_project.server")
                assert web is not None
                os.kill(web, signal.SIGKILL)
            return send(plan[number])

        with ThreadPoolExecutor(8) as clients:
            statuses = Counter(clients.map(send_or_kill, range(REQUESTS)))
            # Whoever got no answer asks once more.
            last = Counter(clients.map(send, [(key, False) for key in range(KEYS)]))
        titles = Counter(task["title"] for task in application.all_tasks(token))
        kill_group(server)
    assert set(statuses) <= {0, 201, 409}
    assert set(last) == {201}
    assert titles == Counter(f"Task {key}" for key in range(KEYS))
    record(
        "retries",
        f"{REQUESTS} requests, {KEYS} keys, {statuses[0]} without an answer, the server killed"
        f" {KILLS} times: {titles.total()} tasks",
    )


def cut_off(application: Application, token: str, key: int, body: bytes, *, after: float) -> int:
    """Send a request and hang up without its answer."""
    head = (
        "POST /api/v1/tasks/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nIdempotency-Key: key-{key}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", application.port), timeout=PATIENCE) as connection:
        connection.sendall(head.encode() + body)
        connection.settimeout(after + 0.001)
        with suppress(TimeoutError):
            first = connection.recv(100)
            assert re.match(rb"HTTP/1.1 (201|409)|$", first), first
    return 0
