"""Background work: what Django's Tasks API and its database backend leave out.

A job is a row of django_tasks_db, made in the transaction of its cause. Here it is run, tried
again when it fails, and taken up when the worker that ran it has died; and here is the register
of what is swept regularly. A job may thus run more than once, so every task is idempotent.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from traceback import format_exception
from typing import Any

from django.db import Error as DatabaseProblem
from django.db import close_old_connections, connection
from django.db.models import Case, Min, Q, QuerySet, When
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import task
from django_tasks_db.compat import Task, TaskContext
from django_tasks_db.compat import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult, get_date_max

from accounts import trail
from accounts.errors import DATABASE_FAILS
from accounts.signals import job_ended

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
SILENCE = timedelta(seconds=30)
LONGEST_ERROR = 10_000
SWEEP_JOBS = uuid.UUID("4a8d2c0e-6f1b-4b0e-9d55-6a2f0c7e31d4")
FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)


class WorkerDied(Exception):
    """The worker that ran a job gave no sign of life any more."""


# Jobs, their rows and what becomes of them


def due_jobs(*, at: datetime) -> QuerySet[DBTaskResult]:
    """Jobs that wait and may run now, the most urgent first."""
    return DBTaskResult.objects.filter(
        Q(run_after=get_date_max()) | Q(run_after__lte=at), status=Status.READY
    )


def longest_wait(*, at: datetime) -> timedelta:
    """How long the job has waited that could have been run first."""
    due_since = Case(When(run_after=get_date_max(), then="enqueued_at"), default="run_after")
    oldest = due_jobs(at=at).aggregate(since=Min(due_since))["since"]
    return at - oldest if oldest else timedelta()


def unfinished_jobs(task_path: str, *args: object) -> list[DBTaskResult]:
    """Jobs of one task with these arguments that wait or run."""
    jobs = DBTaskResult.objects.filter(
        task_path=task_path, status__in=[Status.READY, Status.RUNNING]
    )
    return [job for job in jobs if job.args_kwargs["args"] == list(args)]


def held(job: DBTaskResult) -> QuerySet[DBTaskResult]:
    """The row of a running `job`, unless someone else has it by now."""
    return DBTaskResult.objects.filter(pk=job.pk, status=Status.RUNNING, started_at=job.started_at)


def queue_once(
    job_id: uuid.UUID, task: Task[..., Any], *arguments: object, run_after: datetime
) -> None:
    """Queue a job under an id of its own: asked again, in this process or another, it is one."""
    job = DBTaskResult(
        id=job_id,
        args_kwargs={"args": list(arguments), "kwargs": {}},
        priority=task.priority,
        task_path=task.module_path,
        queue_name=task.queue_name,
        backend_name=task.backend,
        run_after=run_after,
    )
    DBTaskResult.objects.bulk_create([job], ignore_conflicts=True)


def claim(job: DBTaskResult, *, worker: str, at: datetime) -> bool:
    """Make `job` the worker's, and tell whether nobody was faster.

    While a job runs, its `run_after` is its last sign of life.
    """
    unchanged = DBTaskResult.objects.filter(pk=job.pk, status=job.status, run_after=job.run_after)
    claimed = unchanged.update(
        status=Status.RUNNING,
        started_at=at,
        run_after=at,
        worker_ids=[*job.worker_ids, worker],
    )
    if claimed:
        job.refresh_from_db()
    return claimed == 1


def show_life(job: DBTaskResult, *, at: datetime) -> None:
    held(job).update(run_after=at)


def note_success(job: DBTaskResult, *, at: datetime) -> None:
    held(job).update(
        status=Status.SUCCESSFUL, finished_at=at, exception_class_path="", traceback=""
    )


def note_failure(job: DBTaskResult, error: Exception, *, at: datetime) -> None:
    """Let `job` rest and be tried again, or fail for good after its last attempt.

    The error's text, which may hold an address, is kept in the row for the admin, not logged.
    """
    attempts = len(job.worker_ids)
    held(job).update(
        traceback=storable("".join(format_exception(error)))[-LONGEST_ERROR:],
        **outcome_of(job, error, at=at, pause=pause_after(attempts)),
    )


def storable(text: str) -> str:
    """`text` without what no database keeps: null characters and halves of surrogate pairs."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def give_back(job: DBTaskResult, *, at: datetime) -> None:
    """Let a job whose worker died be tried again at once, unless it shows life after all."""
    held(job).filter(run_after=job.run_after).update(
        traceback="", **outcome_of(job, WorkerDied(), at=at, pause=timedelta())
    )


def try_again(jobs: QuerySet[DBTaskResult], *, at: datetime) -> int:
    """Let those of `jobs` that failed start over. Returns their number."""
    return jobs.filter(status=Status.FAILED).update(
        status=Status.READY, run_after=at, finished_at=None, worker_ids=[]
    )


def outcome_of(
    job: DBTaskResult, error: Exception, *, at: datetime, pause: timedelta
) -> dict[str, Any]:
    """The fields of a job that did not end well: to be tried again, or failed."""
    attempts = len(job.worker_ids)
    name = type(error).__qualname__
    logger.warning("Job %s (%s), attempt %d: %s", job.pk, job.task_path, attempts, name)
    fields: dict[str, Any] = {"exception_class_path": f"{type(error).__module__}.{name}"}
    if attempts < MAX_ATTEMPTS:
        return fields | {"status": Status.READY, "run_after": at + pause}
    return fields | {"status": Status.FAILED, "finished_at": at}


def pause_after(attempts: int) -> timedelta:
    """How long a job rests after so many attempts: 15 seconds, each time twice as long."""
    return min(timedelta(seconds=15 * 2 ** (attempts - 1)), timedelta(hours=1))


def call(job: DBTaskResult) -> None:
    """Run the task of `job` with its arguments."""
    result = job.task_result
    context = [TaskContext(task_result=result)] if result.task.takes_context else []
    result.task.call(*context, *result.args, **result.kwargs)


# Sweeps: what is done once a period, by one worker


@dataclass(frozen=True)
class Sweep:
    """Something done once a period, given the time. Safe to repeat."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]

    def job_id(self, *, at: datetime) -> uuid.UUID:
        """The id of this period's job, the same whichever worker asks."""
        return uuid.uuid5(SWEEP_JOBS, f"{self.name} {(at - FIRST_DAY) // self.every}")


sweeps: dict[str, Sweep] = {}


def sweep(
    *, every: timedelta
) -> Callable[[Callable[[datetime], object]], Callable[[datetime], object]]:
    """Register a function of an application's `sweeps` module to be run once each period."""

    def register(run: Callable[[datetime], object]) -> Callable[[datetime], object]:
        name = f"{run.__module__}.{run.__qualname__}"
        sweeps[name] = Sweep(name, every, run)
        return run

    return register


@task(priority=-10)
def run_sweep(name: str) -> None:
    """Run the sweep of this name; nothing when the application no longer has it."""
    if name in sweeps:
        sweeps[name].run(timezone.now())


def queue_due_sweeps(*, at: datetime) -> None:
    """Queue each sweep that this period has not seen, unless its last job is unfinished.

    Several workers may ask at once: the id of the job makes it one.
    """
    wanted = {each.job_id(at=at): each for each in sweeps.values()}
    known = DBTaskResult.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    for job_id in wanted.keys() - set(known):
        name = wanted[job_id].name
        if not unfinished_jobs(run_sweep.module_path, name):
            queue_once(job_id, run_sweep, name, run_after=at)


# The worker


class Worker:
    """Runs jobs, one after the other, and takes up those of workers that died.

    Any number may share a database. No clock is compared with another machine's: a job counts as
    left behind when this worker, which looked all the while, saw its last sign of life unchanged
    for the length of `silence`.
    """

    def __init__(self, *, silence: timedelta = SILENCE, interval: float = 1) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{get_random_string(8)}"
        self.silence = silence.total_seconds()
        self.interval = interval
        self.stopping = False
        self.signs: dict[tuple[uuid.UUID, datetime], float] = {}
        self.next_look = 0.0

    def run(self) -> None:
        """Work until `stop`; a database that is away is waited for."""
        while not self.stopping:
            close_old_connections()
            try:
                busy = self.step(at=timezone.now(), clock=time.monotonic())
            except DATABASE_FAILS as problem:
                logger.warning("The database does not answer: %s", type(problem).__qualname__)
                self.signs.clear()
                busy = False
            if not (busy or self.stopping):
                time.sleep(self.interval)

    def stop(self, *_: object) -> None:
        """End after the job that is running."""
        self.stopping = True

    def step(self, *, at: datetime, clock: float) -> bool:
        """Look for work and do one job. Returns whether there was one.

        `at` is the time, `clock` a number of seconds that never jumps.
        """
        if clock >= self.next_look:
            self.next_look = clock + min(5, self.silence / 6)
            queue_due_sweeps(at=at)
            self.give_back_silent_jobs(at=at, clock=clock)
        for job in due_jobs(at=at)[:5]:
            if claim(job, worker=self.name, at=at):
                self.run_job(job)
                return True
        return False

    def run_job(self, job: DBTaskResult) -> None:
        """Run `job`, showing signs of life, and note how it ended."""
        with trail.within(job=str(job.pk), task=job.task_path):
            began = time.monotonic()
            try:
                with self.signs_of_life(job):
                    call(job)
            except Exception as error:
                outcome = "failed"
                note_failure(job, error, at=timezone.now())
            else:
                outcome = "done"
                note_success(job, at=timezone.now())
            seconds = time.monotonic() - began
            logger.info("Job %s in %d ms", outcome, seconds * 1000)
            job_ended.send(None, task=job.task_path, seconds=seconds, outcome=outcome)

    def give_back_silent_jobs(self, *, at: datetime, clock: float) -> None:
        """Let jobs be tried again whose worker has fallen silent."""
        running = list(DBTaskResult.objects.running())
        seen = {(job.pk, job.run_after): clock for job in running}
        self.signs = {sign: self.signs.get(sign, since) for sign, since in seen.items()}
        for job in running:
            silent_for = clock - self.signs[job.pk, job.run_after]
            if silent_for >= self.silence:
                give_back(job, at=at)

    @contextmanager
    def signs_of_life(self, job: DBTaskResult) -> Iterator[None]:
        """Show every now and then that `job` is still being run, from a thread of its own."""
        done = threading.Event()

        def show() -> None:
            while not done.wait(self.silence / 6):
                try:
                    show_life(job, at=timezone.now())
                except DatabaseProblem:
                    connection.close()
            connection.close()

        thread = threading.Thread(target=show, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
