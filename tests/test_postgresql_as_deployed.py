"""PostgreSQL with a standby that has to confirm what is acknowledged, and behind PgBouncer."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from accounts.management.commands.serve import listen_at, web_server
from tests.clusters import Cluster, needs_pgbouncer, needs_servers, own_cluster, own_pgbouncer
from tests.servers import BASE_DIR, PATIENCE, Answer, Application, wait_for_line

pytestmark = needs_servers


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_cluster() as cluster:
        cluster.execute("CREATE DATABASE todo")
        yield cluster


def migrated(folder: Path, cluster: Cluster, url: str, **settings: str) -> Application:
    """The application at `url`, whose tables were made in `cluster`."""
    Application(folder, settings={"DATABASE_URL": cluster.url("todo")}).manage("migrate", "-v0")
    return Application(folder, settings={"DATABASE_URL": url, **settings})


@contextmanager
def serving(application: Application) -> Iterator[None]:
    """One web process, without a worker; requests wait in line until it has begun."""
    sockets = listen_at("127.0.0.1", application.port)
    web = subprocess.Popen(
        web_server(sockets),
        cwd=BASE_DIR,
        env=application.environment,
        pass_fds=[each.fileno() for each in sockets],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for each in sockets:
        each.close()
    try:
        yield
    finally:
        web.kill()
        web.wait(PATIENCE)


def send(application: Application, token: str, path: str, body: Any, *, key: str = "") -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    content = json.dumps(body).encode()
    return application.exchange("POST", path, content, token=token, headers=headers)


def add(application: Application, token: str, number: int) -> Answer:
    title = f"Task {number}"
    return send(application, token, "/api/v1/tasks/", {"title": title}, key=title)


def test_a_commit_that_no_standby_confirmed_is_no_success(tmp_path: Path, cluster: Cluster) -> None:
    application = migrated(tmp_path, cluster, cluster.url("todo"))
    with serving(application), ThreadPoolExecutor(1) as program:
        token = application.sign_in(is_new=True)
        cluster.execute(
            "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"
        )
        number = 0
        answer = program.submit(add, application, token, number)
        # The server heeds the new setting after a moment.
        while not is_cancelled(cluster):
            if answer.done():
                assert (answer.result().status, number < 200) == (201, True)
                number += 1
                answer = program.submit(add, application, token, number)
        refused = answer.result()
        words = "The database could not confirm this. Look whether it was done."
        assert (refused.status, json.loads(refused.text)["detail"]) == (503, words)
        cluster.execute("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")
        assert add(application, token, number).status == 201
    assert cluster.execute("SELECT count(*) FROM todos_task", name="todo") == [(number + 1,)]


def is_cancelled(cluster: Cluster) -> bool:
    """End the wait of a commit for its standby, if there is one, as an operator would."""
    waiting = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    return bool(cluster.execute(waiting))


@needs_pgbouncer
def test_everything_goes_through_pgbouncer_in_transaction_mode(
    tmp_path: Path, cluster: Cluster
) -> None:
    with own_pgbouncer(cluster) as port:
        url = f"postgres://postgres@127.0.0.1:{port}/todo?pgbouncer=on&prepared_statements=off"
        application = migrated(tmp_path, cluster, url)
        with serving(application):
            application.sign_in(is_new=True)
            who = {"username": "alice@example.com", "password": "correct horse battery"}
            brought = application.post("/api/v1/login", who)[1]["refresh_token"]
            refreshed = application.post("/api/v1/refresh", {"refresh_token": brought})[1]
            token = refreshed["access_token"]
            with ThreadPoolExecutor(16) as programs:
                answers = programs.map(
                    lambda number: add(application, token, number % 20), range(80)
                )
                statuses = Counter(answer.status for answer in answers)
            assert statuses == {201: 80}
            found = application.get("/api/v1/tasks/?size=50", token=token)[1]
            assert found["total"] == 20
            acts = [{"op": "complete", "id": task["id"]} for task in found["items"]]
            many = send(application, token, "/api/v1/tasks/bulk", {"operations": acts})
            results = json.loads(many.text)["results"]
            assert (many.status, {each["status"] for each in results}) == (200, {200})
            assert send(application, token, "/api/v1/reports/", {}).status == 200
            with application.running("worker") as worker:
                # Mail is printed where the worker runs.
                assert "tasks.csv" in wait_for_line(worker, "-----")
    assert cluster.execute(
        "SELECT count(*) FROM todos_task WHERE completed_at IS NOT NULL", name="todo"
    ) == [(20,)]
