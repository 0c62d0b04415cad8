"""Looks whether all that the application needs is well, for `manage.py doctor` and for staff.

What is asked of other machines is asked in threads, all at once: one that does not answer keeps
nobody waiting for longer than a few seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from queue import Empty, Queue
from threading import Thread

from django.http import HttpRequest

from todo_project.doctor import database, machine, outside, serving
from todo_project.doctor.findings import Finding, Findings, State, problem

PATIENCE = 4

Check = Callable[[], Findings]


def examine(request: HttpRequest | None = None, *, seconds: float = PATIENCE) -> list[Finding]:
    """All findings, the worst first. `request` is one that came the way people's requests come."""
    outer: dict[str, Check] = {
        "Mail": partial(outside.look_at_mail, seconds=seconds),
        "Cache": outside.look_at_cache,
    }
    inner: dict[str, Check] = {
        "Database": partial(database.look_at_database, seconds=seconds),
        "Migrations": database.look_at_migrations,
        "Clocks": database.look_at_clocks,
        "Background jobs": database.look_at_jobs,
        "Backups": machine.look_at_backups,
        "Secrets": machine.look_at_secrets,
        "Disk": machine.look_at_disk,
        "Time zones": machine.look_at_time_zones,
        "Static files": machine.look_at_static_files,
        "Address": partial(serving.look_at_address, request),
        "Settings": serving.look_at_settings,
    }
    deadline = time.monotonic() + seconds
    awaited = {about: started(about, check) for about, check in outer.items()}
    findings = [finding for about, check in inner.items() for finding in carried_out(about, check)]
    for about, answer in awaited.items():
        try:
            findings += answer.get(timeout=max(0.1, deadline - time.monotonic()))
        except Empty:
            late = problem(
                f"No answer within {seconds:.0f} seconds.",
                "See whether the server in the settings is the right one, and can be reached.",
            )
            findings.append(replace(late, about=about))
    return sorted(findings, key=lambda finding: list(State).index(finding.state))


def started(about: str, check: Check) -> Queue[list[Finding]]:
    """Where the findings of `check` will be, which is carried out meanwhile."""
    answer: Queue[list[Finding]] = Queue()
    Thread(target=lambda: answer.put(carried_out(about, check)), daemon=True).start()
    return answer


def carried_out(about: str, check: Check) -> list[Finding]:
    try:
        return [replace(finding, about=about) for finding in check()]
    except Exception as error:
        # The kind alone: what it says may be of somebody.
        name = type(error).__qualname__
        failed = problem(f"This could not be looked at: {name}.", "See the other findings first.")
        return [replace(failed, about=about)]
