"""Health: /livez answers while the process lives, /readyz when it can take requests."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from tests import jobs
from todo_project import health


def test_livez_asks_no_database(client: Client) -> None:
    answer = client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_livez_asks_no_database_for_a_browser_with_a_session_either(
    page: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert page.get("/livez").status_code == 200


@pytest.mark.django_db
def test_readyz_names_every_part(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": dict.fromkeys(["server", "database", "migrations", "cache", "jobs"], "ok"),
    }


@pytest.mark.django_db
def test_readyz_fails_when_the_database_does_not_answer(client: Client) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("secret host")):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "does not answer"
    assert "secret" not in answer.text


@pytest.mark.django_db
def test_readyz_fails_while_migrations_are_pending(client: Client) -> None:
    health.migrations_are_applied.cache_clear()
    with mock.patch.object(health.MigrationExecutor, "migration_plan", return_value=["0002"]):
        assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_fails_when_a_due_job_has_waited_long(client: Client) -> None:
    jobs.do.enqueue(1)
    assert client.get("/readyz").status_code == 200
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["jobs"].startswith("waiting for 36")


@pytest.mark.django_db
def test_a_job_that_rests_after_a_failure_does_not_count_as_waiting(client: Client) -> None:
    jobs.do.enqueue(1)
    now = timezone.now()
    DBTaskResult.objects.update(enqueued_at=now - timedelta(days=1), run_after=now)
    assert client.get("/readyz").status_code == 200


def test_an_old_sqlite_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    settings.IS_SQLITE = True
    assert [message.id for message in run_checks()] == ["todo.E002"]
    settings.IS_SQLITE = False
    assert run_checks() == []


def test_several_web_processes_need_a_shared_cache(settings: Settings) -> None:
    settings.WEB_PROCESSES = 2
    settings.CACHES = {"default": {"BACKEND": "todo_project.cache.Own"}}
    assert [message.id for message in run_checks()] == ["todo.E001"]
    settings.CACHES = {"default": {"BACKEND": "todo_project.cache.Redis"}}
    assert run_checks() == []


def test_a_server_on_the_network_needs_its_public_address(settings: Settings) -> None:
    settings.IS_LOOPBACK_HOST = False
    settings.PUBLIC_HOST = "localhost"
    assert [message.id for message in run_checks()] == ["todo.W001"]
