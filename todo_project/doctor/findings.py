"""What the doctor finds, in two plain sentences: how it is, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    PROBLEM = "problem"
    WARNING = "warning"
    OK = "ok"


@dataclass(frozen=True)
class Finding:
    """Something found, told without a secret and without a word of a person."""

    state: State
    found: str
    advice: str = ""
    about: str = ""


Findings = Iterable[Finding]


def ok(found: str) -> Finding:
    return Finding(State.OK, found)


def warning(found: str, advice: str) -> Finding:
    return Finding(State.WARNING, found, advice)


def problem(found: str, advice: str) -> Finding:
    return Finding(State.PROBLEM, found, advice)
