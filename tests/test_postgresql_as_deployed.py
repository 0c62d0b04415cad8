"""PostgreSQL with a standby that has to confirm what is acknowledged, and behind PgBouncer."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from tests.clusters import Cluster, needs_pgbouncer, needs_servers, own_cluster, own_pgbouncer
from tests.servers import BASE_DIR, Application

pytestmark = needs_servers

WHO = {"email": "alice@example.com", "password": "correct horse battery"}
SIGN_IN = {"username": WHO["email"], "password": WHO["password"]}
PATIENCE = 60


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
    """One web process, as soon as it answers. It has no static files, which take long to make."""
    web = subprocess.Popen(
        [sys.executable, "-m", "todo_project.server"],
        cwd=BASE_DIR,
        env=application.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_answer(application)
        yield
    finally:
        web.kill()
        web.wait(PATIENCE)


def wait_for_answer(application: Application) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError):
            application.get("/livez")
            return
        time.sleep(0.05)
    raise AssertionError("The server does not answer.")


def signed_in(application: Application) -> str:
    application.post("/api/v1/users/", WHO)
    return application.post("/api/v1/login", SIGN_IN)[1]["access_token"]


def send(
    application: Application, token: str, path: str, body: Any, *, key: str = ""
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    connection = http.client.HTTPConnection("127.0.0.1", application.port, timeout=PATIENCE)
    with closing(connection):
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.load(answer)


def add(application: Application, token: str, number: int) -> tuple[int, Any]:
    title = f"Task {number}"
    return send(application, token, "/api/v1/tasks/", {"title": title}, key=title)


def test_a_commit_that_no_standby_confirmed_is_no_success(tmp_path: Path, cluster: Cluster) -> None:
    application = migrated(tmp_path, cluster, cluster.url("todo"))
    with serving(application), ThreadPoolExecutor(1) as program:
        token = signed_in(application)
        cluster.execute(
            "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"
        )
        number = 0
        answer = program.submit(add, application, token, number)
        # The server heeds the new setting after a moment.
        while not is_cancelled(cluster):
            if answer.done():
                assert (answer.result()[0], number < 200) == (201, True)
                number += 1
                answer = program.submit(add, application, token, number)
        status, told = answer.result()
        words = "The database could not confirm this. Look whether it was done."
        assert (status, told["detail"]) == (503, words)
        cluster.execute("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")
        assert add(application, token, number)[0] == 201
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
            token = signed_in(application)
            brought = application.post("/api/v1/login", SIGN_IN)[1]["refresh_token"]
            token = application.post("/api/v1/refresh", {"refresh_token": brought})[1][
                "access_token"
            ]
            with ThreadPoolExecutor(16) as programs:
                statuses = Counter(
                    status
                    for status, _ in programs.map(
                        lambda number: add(application, token, number % 20), range(80)
                    )
                )
            assert statuses == {201: 80}
            found = application.get("/api/v1/tasks/?size=50", token=token)[1]
            assert found["total"] == 20
            acts = [{"op": "complete", "id": task["id"]} for task in found["items"]]
            status, answer = send(application, token, "/api/v1/tasks/bulk", {"operations": acts})
            assert (status, {each["status"] for each in answer["results"]}) == (200, {200})
            assert send(application, token, "/api/v1/reports/", {})[0] == 200
            with application.running("worker"):
                wait_for_jobs(cluster)
    assert cluster.execute(
        "SELECT count(*) FROM todos_task WHERE completed_at IS NOT NULL", name="todo"
    ) == [(20,)]


def wait_for_jobs(cluster: Cluster) -> None:
    """Until the worker has done the report."""
    table = DBTaskResult._meta.db_table
    statement = f"SELECT status FROM {table} WHERE task_path LIKE '%report%'"  # noqa: S608
    deadline = time.monotonic() + PATIENCE
    while cluster.execute(statement, name="todo") != [("SUCCESSFUL",)]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
