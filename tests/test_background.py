"""Jobs run, are tried again, and outlive their worker; sweeps run once a period."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts import background
from accounts import sweeps as accounts_sweeps
from accounts.actor import Actor
from accounts.background import MAX_ATTEMPTS, Worker
from accounts.models import ApiSession, AuthEvent, User
from tests import jobs
from todos import operations
from todos import sweeps as todos_sweeps
from todos.models import Change, Task, TaskList

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Status = background.Status


@pytest.fixture(autouse=True)
def noon(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Time stands still at noon, nothing is swept, and no job has been done."""
    monkeypatch.setattr(background, "sweeps", {})
    jobs.done.clear()
    jobs.trouble.clear()
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def the_job() -> DBTaskResult:
    return DBTaskResult.objects.get()


def test_a_job_runs_once_and_is_then_done() -> None:
    jobs.do.enqueue(7)
    worker = Worker()
    assert worker.step(at=NOON, clock=0)
    assert not worker.step(at=NOON, clock=1)
    assert jobs.done == [7]
    assert the_job().status == Status.SUCCESSFUL
    assert the_job().finished_at == NOON


def test_a_job_of_a_transaction_that_failed_never_was() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.do.enqueue(7)
        1 / 0  # noqa: B018
    assert not Worker().step(at=NOON, clock=0)


def test_a_failed_job_rests_longer_each_time_and_keeps_its_last_error(
    noon: time_machine.Traveller,
) -> None:
    jobs.do.enqueue(7)
    jobs.trouble.append(OSError("no route to smtp.example.org"))
    worker = Worker()
    at = NOON
    for pause in (15, 30, 60, 120):
        assert worker.step(at=at, clock=0)
        assert not worker.step(at=at + timedelta(seconds=pause - 1), clock=0)
        at += timedelta(seconds=pause)
        noon.move_to(at)
    assert the_job().status == Status.READY
    assert the_job().exception_class_path == "builtins.OSError"
    assert "no route to smtp.example.org" in the_job().traceback
    jobs.trouble.clear()
    assert worker.step(at=at, clock=0)
    assert jobs.done == [7]
    assert (the_job().status, the_job().traceback) == (Status.SUCCESSFUL, "")


def test_the_text_of_an_error_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    jobs.do.enqueue(7)
    jobs.trouble.append(ValueError("alice@example.com"))
    with caplog.at_level(logging.DEBUG):
        Worker().step(at=NOON, clock=0)
    assert "ValueError" in caplog.text
    assert "alice" not in caplog.text


def test_an_error_of_any_characters_is_kept() -> None:
    jobs.do.enqueue(7)
    jobs.trouble.append(ValueError("null \x00, half \ud800, whole \u2713"))
    Worker().step(at=NOON, clock=0)
    assert "null , half ?, whole \u2713" in the_job().traceback


def test_a_job_fails_for_good_after_its_last_attempt_and_can_start_over() -> None:
    jobs.do.enqueue(7)
    jobs.trouble.append(OSError())
    DBTaskResult.objects.update(worker_ids=["w"] * (MAX_ATTEMPTS - 1))
    Worker().step(at=NOON, clock=0)
    assert (the_job().status, the_job().finished_at) == (Status.FAILED, NOON)
    assert not Worker().step(at=NOON + timedelta(days=1), clock=0)
    jobs.trouble.clear()
    assert background.try_again(DBTaskResult.objects.all(), at=NOON) == 1
    assert Worker().step(at=NOON, clock=0)
    assert jobs.done == [7]


def test_two_workers_that_want_one_job_run_it_once() -> None:
    jobs.do.enqueue(7)
    seen_by_first, seen_by_second = the_job(), the_job()
    assert background.claim(seen_by_first, worker="first", at=NOON)
    assert not background.claim(seen_by_second, worker="second", at=NOON)
    assert the_job().worker_ids == ["first"]


def killed_worker_with_a_job() -> DBTaskResult:
    """A job that a worker claimed, which was then killed."""
    jobs.do.enqueue(7)
    job = the_job()
    background.claim(job, worker="killed", at=NOON)
    return job


def test_the_job_of_a_killed_worker_is_taken_up_when_it_was_silent_long_enough() -> None:
    killed_worker_with_a_job()
    worker = Worker()
    assert not worker.step(at=NOON, clock=1000)
    assert not worker.step(at=NOON, clock=1029)
    assert jobs.done == []
    assert worker.step(at=NOON, clock=1034)
    assert jobs.done == [7]
    assert the_job().worker_ids == ["killed", worker.name]


def test_a_job_that_shows_life_is_left_alone_however_long_it_takes() -> None:
    job = killed_worker_with_a_job()
    worker = Worker()
    for second in range(0, 600, 10):
        background.show_life(job, at=NOON + timedelta(seconds=second))
        assert not worker.step(at=NOON, clock=second)
    assert jobs.done == []


def test_clocks_of_two_machines_are_never_compared() -> None:
    killed_worker_with_a_job()
    tomorrow = NOON + timedelta(days=1)
    assert not Worker().step(at=tomorrow, clock=0)
    assert the_job().status == Status.RUNNING


def test_a_worker_that_comes_back_to_a_job_taken_up_by_another_changes_nothing() -> None:
    job = killed_worker_with_a_job()
    later = NOON + timedelta(minutes=1)
    background.give_back(job, at=later)
    worker = Worker()
    assert worker.step(at=later, clock=0)
    background.note_failure(job, OSError(), at=later)
    background.show_life(job, at=later + timedelta(hours=1))
    assert the_job().status == Status.SUCCESSFUL
    assert the_job().run_after == later


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    job = killed_worker_with_a_job()
    DBTaskResult.objects.update(worker_ids=["killed"] * MAX_ATTEMPTS)
    job.refresh_from_db()
    background.give_back(job, at=NOON)
    assert the_job().status == Status.FAILED
    assert the_job().exception_class_path == "accounts.background.WorkerDied"


def test_a_sweep_runs_once_a_period_whichever_worker_asks() -> None:
    swept: list[datetime] = []
    background.sweep(every=timedelta(days=1))(swept.append)
    for worker in (Worker(), Worker()):
        while worker.step(at=NOON, clock=0):
            pass
    assert swept == [NOON]
    tomorrow = Worker()
    assert tomorrow.step(at=NOON + timedelta(days=1), clock=0)
    assert len(swept) == 2


def test_a_sweep_waits_for_its_last_run_to_end() -> None:
    background.sweep(every=timedelta(days=1))(jobs.done.append)
    background.queue_due_sweeps(at=NOON)
    background.claim(the_job(), worker="slow", at=NOON)
    background.queue_due_sweeps(at=NOON + timedelta(days=1))
    assert DBTaskResult.objects.count() == 1


def test_old_trash_is_erased_and_younger_trash_stays(
    alice: User, bob: User, inbox: TaskList
) -> None:
    def trashed(owner: User, *, days_ago: int) -> Task:
        at = NOON - timedelta(days=days_ago)
        by = Actor(owner)
        task, _ = operations.create_task(by=by, at=at, title="Old")
        return operations.trash_task(task, by=by, at=at)

    for owner in (alice, bob):
        trashed(owner, days_ago=31)
    young = trashed(alice, days_ago=29)
    todos_sweeps.erase_old_trash(NOON)
    todos_sweeps.erase_old_trash(NOON)
    assert list(Task.objects.all()) == [young]


def test_old_trash_is_erased_though_that_of_another_cannot_be(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    at = NOON - timedelta(days=31)
    for owner in (alice, bob):
        task, _ = operations.create_task(by=Actor(owner), at=at, title="Old")
        operations.trash_task(task, by=Actor(owner), at=at)
    first = min(alice, bob, key=lambda user: user.pk)
    empty = operations.empty_trash

    def empty_or_fail(owner: User, **how: Any) -> Any:
        if owner == first:
            raise OSError("secret")
        return empty(owner, **how)

    monkeypatch.setattr(operations, "empty_trash", empty_or_fail)
    with pytest.raises(todos_sweeps.SweepFailed) as failure:
        todos_sweeps.erase_old_trash(NOON)
    assert [task.owner for task in Task.objects.all()] == [first]
    assert "OSError" in caplog.text
    assert "secret" not in caplog.text + str(failure.value)


def test_old_changes_are_erased(alice: User) -> None:
    by = Actor(alice)
    operations.create_task(by=by, at=NOON - timedelta(days=91), title="Old")
    operations.create_task(by=by, at=NOON - timedelta(days=89), title="Young")
    todos_sweeps.erase_old_changes(NOON)
    assert [change.after["title"] for change in Change.objects.all()] == ["Young"]


def test_old_events_sessions_and_jobs_are_erased(alice: User) -> None:
    for days in (10, 100, 190):
        ago = NOON - timedelta(days=days)
        AuthEvent.objects.create(user=alice, at=ago, kind=AuthEvent.Kind.SIGNED_IN)
        ApiSession.objects.create(user=alice, client="token", label=str(days), expires_at=ago)
        Session.objects.create(session_key=str(days), session_data="", expire_date=ago)
    live = ApiSession.objects.create(
        user=alice, client="token", expires_at=NOON + timedelta(days=1)
    )
    jobs.do.enqueue(1)
    DBTaskResult.objects.update(status=Status.SUCCESSFUL, finished_at=NOON - timedelta(days=8))
    jobs.do.enqueue(2)
    for sweep in (
        accounts_sweeps.erase_old_auth_events,
        accounts_sweeps.erase_ended_sessions,
        accounts_sweeps.erase_finished_jobs,
    ):
        sweep(NOON)
    assert AuthEvent.objects.count() == 2
    assert set(ApiSession.objects.values_list("label", flat=True)) == {"10", live.label}
    assert not Session.objects.exists()
    assert the_job().args_kwargs["args"] == [2]


def test_the_admin_shows_jobs_with_their_last_error(db: None) -> None:
    operator = User.objects.create_superuser("root@example.com", "a password for tests")
    jobs.do.enqueue(7)
    jobs.trouble.append(OSError("the mail server is away"))
    Worker().step(at=NOON, clock=0)
    client = Client()
    client.force_login(operator)
    page = client.get(reverse("admin:django_tasks_database_dbtaskresult_changelist"))
    assert "OSError" in page.text
    detail = client.get(
        reverse("admin:django_tasks_database_dbtaskresult_change", args=[the_job().pk])
    )
    assert "the mail server is away" in detail.text
