"""What is counted for /metrics, when it is on: in files that all processes of a machine share.

Each process has a place of its own there for as long as it lives; the next one that takes the place
counts on, so a process that is started again loses nothing.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Metric,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts.background import longest_wait
from accounts.signals import job_ended, limit_reached, security_event
from todo_project.doctor.machine import age_of_backup
from todo_project.logs import method_of, route_of

KINDS = ("counter", "histogram")
# Room for every label there can be, written at the start: a full disk then stops no process.
FILE_SIZE = 2 * 1024 * 1024
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
JOB_SECONDS = (0.01, 0.1, 1, 10, 60, 600)
STATES = {Status.READY: "waiting", Status.RUNNING: "running", Status.FAILED: "failed"}

logger = logging.getLogger(__name__)
held_open: list[TextIO] = []


class Counts:
    """The metrics of this process."""

    def __init__(self) -> None:
        self.requests = counter("requests", "Requests answered.", "method", "route", "status")
        self.request_seconds = histogram(
            "request_seconds", "Time to answer a request.", REQUEST_SECONDS, "route"
        )
        self.statements = counter("statements", "Statements that requests asked.", "route")
        self.jobs = counter("jobs", "Background jobs that were run.", "task", "outcome")
        self.job_seconds = histogram("job_seconds", "Time to run a job.", JOB_SECONDS, "task")
        self.security_events = counter(
            "security_events", "What happened to the security of accounts.", "kind"
        )
        self.limits_reached = counter("limits_reached", "Tries that were too many.", "limit")


def counter(name: str, words: str, *labels: str) -> Counter:
    return Counter(f"todo_{name}", words, labels, registry=None)


def histogram(name: str, words: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(f"todo_{name}", words, labels, registry=None, buckets=buckets)


@cache
def counts() -> Counts:
    """What this process counts, in its place; kept to itself when there is none to be had."""
    try:
        number = take_place(settings.METRICS_DIR)
    except OSError as problem:
        logger.error("Metrics of this process are not told: %s", type(problem).__qualname__)
    else:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.METRICS_DIR)
        values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]
    return Counts()


def take_place(folder: Path) -> int:
    """The lowest number that no living process has, and its files made ready."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in count():
        lock = (folder / f"{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        held_open.append(lock)
        for kind in KINDS:
            file = folder / f"{kind}_{number}.db"
            if not file.exists() or file.stat().st_size < FILE_SIZE:
                file.write_bytes(bytes(FILE_SIZE))
        return number
    raise AssertionError("There is always a next number.")


def count_request(
    request: HttpRequest, response: HttpResponse, *, seconds: float, statements: int
) -> None:
    route, told = route_of(request), counts()
    status = f"{response.status_code // 100}xx"
    told.requests.labels(method_of(request), route, status).inc()
    told.request_seconds.labels(route).observe(seconds)
    if statements:
        told.statements.labels(route).inc(statements)


def count_job(sender: object, *, task: str, seconds: float, outcome: str, **rest: Any) -> None:
    counts().jobs.labels(task, outcome).inc()
    counts().job_seconds.labels(task).observe(seconds)


def count_security_event(sender: object, *, kind: str, **rest: Any) -> None:
    counts().security_events.labels(kind).inc()


def count_limit(sender: object, *, name: str, **rest: Any) -> None:
    counts().limits_reached.labels(name).inc()


def listen() -> None:
    job_ended.connect(count_job)
    security_event.connect(count_security_event)
    limit_reached.connect(count_limit)


class Present(Collector):
    """How things are at this moment, which is looked up when it is asked."""

    def collect(self) -> Iterator[Metric]:
        try:
            yield from jobs()
        except DatabaseError:
            yield gauge("database_up", "Whether the database answers.", 0)
        else:
            yield gauge("database_up", "Whether the database answers.", 1)
        if (age := age_of_backup()) is not None:
            seconds = age.total_seconds()
            yield gauge("backup_age_seconds", "Age of the newest backup.", seconds)
        disk = os.statvfs(settings.DATA_DIR)
        free = disk.f_bavail * disk.f_frsize
        yield gauge("disk_free_bytes", "Space left where the data are.", free)


def jobs() -> Iterator[Metric]:
    states = GaugeMetricFamily("todo_jobs", "Background jobs that are not done.", labels=["state"])
    rows = DBTaskResult.objects.filter(status__in=STATES).order_by()
    numbers = dict(rows.values_list("status").annotate(Count("pk")))
    for status, state in STATES.items():
        states.add_metric([state], numbers.get(status, 0))
    wait = longest_wait(at=timezone.now()).total_seconds()
    yield states
    yield gauge("job_longest_wait_seconds", "How long the job has waited that is due first.", wait)


def gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"todo_{name}", words, value=value)


def page() -> bytes:
    """All that is known of this machine's processes, in Prometheus' text format."""
    counts()
    registry = CollectorRegistry()
    if settings.METRICS_DIR.is_dir():
        MultiProcessCollector(registry, path=str(settings.METRICS_DIR))  # type: ignore[no-untyped-call]
    registry.register(Present())
    return generate_latest(registry)
