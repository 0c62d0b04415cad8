"""Time stands still around reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import pytest
import time_machine

from accounts import background
from accounts.actor import Actor
from tests.todos.reminders.helpers import (
    DAY,
    NOON,
)
from tests.todos.test_tasks import make_task
from todos.models import Task


@pytest.fixture(autouse=True)
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Time stands still at noon, and nothing is swept."""
    monkeypatch.setattr(background, "sweeps", {})
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def task(by_alice: Actor) -> Task:
    return make_task(by_alice, "Call Ines", due_on=DAY, due_time=time(9))
