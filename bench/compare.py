"""Runs of two applications in turn, and what they come to."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.applications import Application
from bench.load import Reading, run, warm_up

# How many times more of the processor the stock application should take, at the least.
TARGETS = {
    "list": 3.0,
    "one": 2.5,
    "page": 2.0,
    "complete": 1.3,
    "refresh": 2.0,
    "mix": 2.0,
    # The last, because it makes tasks, and the others are to find as many as there were.
    "create": 1.3,
}
OPERATIONS = tuple(TARGETS)
CROWD = 160


@dataclass(frozen=True)
class Pace:
    """How many rounds there are, and how many seconds a run lasts."""

    rounds: int
    seconds: int


@dataclass(frozen=True)
class Ratio:
    """One number of each round against the other, with the spread."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Ratio:
        return cls(statistics.median(values), min(values), max(values))


@dataclass(frozen=True)
class Comparison:
    """All rounds of one operation: `first` against `second`, which the ratios divide by it."""

    operation: str
    first: list[Reading]
    second: list[Reading]

    @property
    def cost(self) -> Ratio:
        """How many times more of the processor the second takes."""
        return self.ratio(lambda reading: reading.cost, of_second=True)

    @property
    def rate(self) -> Ratio:
        """How many times more requests the first answers."""
        return self.ratio(lambda reading: reading.rate, of_second=False)

    @property
    def errors(self) -> int:
        return sum(reading.errors for reading in (*self.first, *self.second))

    def ratio(self, number: Callable[[Reading], float], *, of_second: bool) -> Ratio:
        pairs = [
            (number(one), number(two)) for one, two in zip(self.first, self.second, strict=True)
        ]
        return Ratio.of([two / one if of_second else one / two for one, two in pairs])


def median(readings: Iterable[Reading], name: str) -> float:
    return statistics.median(getattr(reading, name) for reading in readings)


def compare(
    first: Application, second: Application, operations: Iterable[str], pace: Pace
) -> list[Comparison]:
    """Each operation in rounds of one run each, after one that only warms up."""
    found = []
    for operation in operations:
        print(f"  {operation} …", flush=True)  # noqa: T201
        for application in (first, second):
            warm_up(application, operation)
        comparison = Comparison(operation, [], [])
        for _ in range(pace.rounds):
            for application, readings in ((first, comparison.first), (second, comparison.second)):
                readings.append(run(application, operation, seconds=pace.seconds))
        found.append(comparison)
    return found


def require_same_answers(first: Application, second: Application) -> None:
    """Stop unless both show a task alike: the same members, of the same kinds."""
    shapes = []
    for application in (first, second):
        drive = application.drive("one")
        token, task = drive.tokens[0], drive.tasks[0][0]
        page = application.get("/api/v1/tasks/?page=1&size=10", token)
        tasks = page.get("items") or page["results"]
        one = application.get(f"/api/v1/tasks/{task}", token)
        shapes.append([shape(each) for each in (*tasks, one)])
    if shapes[0] != shapes[1]:
        raise SystemExit(f"The answers differ in shape:\n{shapes[0][0]}\n{shapes[1][0]}")


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__
