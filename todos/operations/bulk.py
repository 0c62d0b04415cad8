"""Many things at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.models import User
from todos.models import Task
from todos.operations.journal import Writer, writing

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Outcome:
    """What became of one of many: the task as it is now, or why it was refused."""

    task: Task | None = None
    refusal: ValidationError | None = None


def do_all(
    owner: User, acts: Iterable[Callable[[], Task]], *, by: Actor, at: datetime | None = None
) -> list[Outcome]:
    """Do `acts`, each an operation on `owner`'s tasks, in one transaction and as one batch.

    One that is refused changes nothing and leaves the others be.
    """
    with writing(owner, by=by, at=at) as writer:
        return [attempt(writer, act) for act in acts]


def attempt(writer: Writer, act: Callable[[], Task]) -> Outcome:
    try:
        with writer.attempt():
            return Outcome(act())
    except ValidationError as refusal:
        return Outcome(refusal=refusal)
