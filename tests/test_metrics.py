"""/metrics: off at first, guarded when on, and the sum of all processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest import mock
from urllib.request import Request, urlopen

import pytest
from django.conf import settings as configured
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import values
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts import background, limits
from accounts.models import User
from tests import jobs
from tests.conftest import PASSWORD
from tests.redis import OwnRedis, needs_redis, own_redis
from tests.servers import Application
from todo_project import counting

TOKEN = "a token for tests alone, not for a server"

Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def counted(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Metrics are on, and nothing has been counted."""
    settings.METRICS_TOKEN, settings.METRICS_DIR = TOKEN, tmp_path
    settings.DATA_DIR = tmp_path
    counting.counts.cache_clear()
    counting.listen()
    with mock.patch.object(values, "ValueClass", values.ValueClass):
        yield
    counting.job_ended.disconnect(counting.count_job)
    counting.security_event.disconnect(counting.count_security_event)
    counting.limit_reached.disconnect(counting.count_limit)
    counting.counts.cache_clear()


def samples_of(text: str) -> Samples:
    """What Prometheus' own parser reads: values by name and the labels' values, in their order."""
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scrape() -> Samples:
    answer = Client().get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    return samples_of(answer.text)


def test_without_a_token_in_the_settings_there_is_nothing() -> None:
    assert Client().get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer ü"])
def test_without_the_right_token_nothing_is_told(settings: Settings, header: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = Client().get("/metrics", HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.usefixtures("counted")
def test_requests_are_counted_by_route_and_never_by_what_was_asked(api: APIClient) -> None:
    for number in range(3):
        api.get("/api/v1/tasks/", {"q": f"secret{number}"})
        Client().get(f"/secret{number}")
        Client().generic(f"BREW{number}", "/livez")
    told = scrape()
    assert told["todo_requests_total", ("GET", "api:tasks", "4xx")] == 3
    assert told["todo_requests_total", ("GET", "none", "4xx")] == 3
    assert told["todo_requests_total", ("other", "livez", "4xx")] == 3
    assert told["todo_request_seconds_count", ("api:tasks",)] == 3
    assert told["todo_statements_total", ("api:tasks",)] >= 3
    assert "secret" not in str(told)


@pytest.mark.usefixtures("counted")
def test_what_happens_to_accounts_is_counted(alice: User, settings: Settings) -> None:
    settings.LIMIT_REPORTS = 1, timedelta(days=1)
    Client().post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    Client().post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    limits.REPORTS.use("somebody", at=timezone.now())
    with pytest.raises(limits.LimitReached):
        limits.REPORTS.use("somebody", at=timezone.now())
    told = scrape()
    assert told["todo_security_events_total", ("sign_in_refused",)] == 2
    assert told["todo_limits_reached_total", ("reports",)] == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("counted")
def test_jobs_are_told_as_they_are_and_as_they_went() -> None:
    jobs.do.enqueue(1)
    jobs.do.enqueue(2)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6))
    told = scrape()
    assert told["todo_jobs", ("waiting",)] == 2
    assert 350 < told["todo_job_longest_wait_seconds", ()] < 380
    worker = background.Worker()
    for job in background.due_jobs(at=timezone.now()):
        assert background.claim(job, worker="a worker", at=timezone.now())
        worker.run_job(job)
    told = scrape()
    assert told["todo_jobs", ("waiting",)] == told["todo_job_longest_wait_seconds", ()] == 0
    assert told["todo_jobs_total", ("done", "tests.jobs.do")] == 2
    assert told["todo_job_seconds_count", ("tests.jobs.do",)] == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("counted")
def test_counts_are_told_while_the_database_is_away(tmp_path: Path) -> None:
    Client().get("/livez")
    (tmp_path / "backups").mkdir()
    backup = tmp_path / "backups" / "todo-20260101-000000-000000.sqlite3"
    backup.touch()
    os.utime(backup, (timezone.now().timestamp() - 3600,) * 2)
    with mock.patch.object(counting, "longest_wait", side_effect=DatabaseError):
        told = scrape()
    assert told["todo_database_up", ()] == 0
    assert told["todo_requests_total", ("GET", "livez", "2xx")] == 1
    assert 3600 <= told["todo_backup_age_seconds", ()] < 3700
    assert told["todo_disk_free_bytes", ()] > 0
    assert scrape()["todo_database_up", ()] == 1


@pytest.mark.usefixtures("counted")
def test_a_disk_that_is_full_stops_no_request() -> None:
    with mock.patch.object(Path, "write_bytes", side_effect=OSError):
        assert Client().get("/livez").status_code == 200


def test_each_process_has_a_place_of_its_own(tmp_path: Path) -> None:
    assert [counting.take_place(tmp_path) for _ in range(3)] == [0, 1, 2]
    counting.held_open[-2].close()
    assert counting.take_place(tmp_path) == 1
    assert (tmp_path / "counter_1.db").stat().st_size == counting.FILE_SIZE


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    with own_redis() as server:
        yield server


@pytest.mark.skipif(not configured.IS_SQLITE, reason="It is the same whatever the database.")
@needs_redis
def test_two_processes_and_the_worker_add_up_and_a_death_loses_nothing(
    tmp_path: Path, redis: OwnRedis
) -> None:
    folder = tmp_path / "metrics"
    settings = {"WEB_PROCESSES": "2", "METRICS_TOKEN": TOKEN}
    settings["CACHE_URL"] = redis.url
    application = Application(tmp_path, settings=settings)
    application.migrate()
    folder.mkdir()
    (folder / "counter_7.db").write_text("left by a former release")
    with application.serving():
        who = {"email": "alice@example.com", "password": PASSWORD}
        application.post("/api/v1/users/", who)
        asked = ask_until_both_have_counted(application, folder)
        assert scraped(application)["todo_requests_total", ("GET", "livez", "2xx")] == asked
        assert scraped(application)["todo_requests_total", ("POST", "api:users", "2xx")] == 1
        os.kill(a_web_process(), signal.SIGKILL)
        application.get("/livez")
        told = scraped(application)
        assert told["todo_requests_total", ("GET", "livez", "2xx")] == asked + 1
        assert any(name == "todo_job_seconds_count" for name, _ in told)


def ask_until_both_have_counted(application: Application, folder: Path) -> int:
    for number in range(1, 500):
        application.get("/livez")
        files = [file.read_bytes() for file in folder.glob("counter_*.db")]
        if sum(b'"livez"' in file for file in files) == 2:
            return number
    raise AssertionError("One process answered all of 500 requests.")


def scraped(application: Application) -> Samples:
    request = Request(f"http://127.0.0.1:{application.port}/metrics")
    request.add_header("Authorization", f"Bearer {TOKEN}")
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        return samples_of(answer.read().decode())


def a_web_process() -> int:
    """One that `serve` has started below this process."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"todo_project.server" in command and TOKEN.encode() in environment:
            return int(folder.name)
    raise AssertionError("There is no web process.")
