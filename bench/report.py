"""What was measured, as tables for a terminal and for docs/performance.md."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.chart import Bar, Group, svg
from bench.compare import CROWD, OPERATIONS, TARGETS, Comparison, median
from bench.content import DataSet
from bench.databases import ROOT
from bench.load import CONNECTIONS, Reading
from bench.serve import PROGRAM

PAGE = ROOT / "docs" / "performance.md"
RECORDED = Path(__file__).with_name("recorded.json")
TITLES = {
    "list": "list, 10 of 1,000",
    "one": "one task",
    "create": "create",
    "complete": "complete, open again",
    "refresh": "refresh",
    "mix": "80 % reading, 20 % writing",
    "page": "HTML page of 50 tasks",
}
SHARE = 0.85
# What one person asks for when they work with their tasks, and how much of a server to plan with.
REQUESTS_AN_HOUR, SPARE = 150, 0.1


@dataclass
class Report:
    """All that one run of the benchmark found."""

    database: str
    tells_database: bool
    data: DataSet
    threads: int
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    operations: list[Comparison] = field(default_factory=list)
    crowd: dict[str, tuple[Reading, Reading]] = field(default_factory=dict)
    large: DataSet | None = None
    growth: list[Comparison] = field(default_factory=list)
    deep: dict[str, list[Reading]] = field(default_factory=dict)

    @property
    def in_order(self) -> list[Comparison]:
        order = list(TITLES)
        return sorted(self.operations, key=lambda each: order.index(each.operation))

    def markdown(self) -> str:
        parts = [self.heading(), self.readings(), self.ratios()]
        parts += [self.crowded()] if self.crowd else []
        parts += [self.grown()] if self.growth else []
        parts += [self.deeper()] if self.deep else []
        parts += [self.carried()] if self.database == "SQLite" else []
        return "\n\n".join(parts)

    def heading(self) -> str:
        where = "" if self.tells_database else ", whose own time is not told apart"
        return (
            f"{self.at:%-d %B %Y}; {processor()}, {os.cpu_count()} cores (load before it began:"
            f" {self.load:.1f}); Python {platform.python_version()}, Django {version('Django')},"
            f" {self.database}{where}; {PROGRAM} {version(PROGRAM)}, 2 processes with"
            f" {self.threads} threads each; {self.data.tasks:,} tasks of"
            f" {self.data.people + self.data.driven:,} people; {CONNECTIONS} connections;"
            f" {len(self.operations[0].first)} rounds in turn, medians."
        )

    def readings(self) -> str:
        rows = []
        for each in self.in_order:
            for name, readings in (("ours", each.first), ("stock", each.second)):
                rows.append([f"{TITLES[each.operation]}: {name}", *numbers(readings)])
        return table(
            ["", "requests/s", "p50 ms", "p99 ms", "server ms", "database ms", "both ms", "errors"],
            rows,
        ) + (
            "\n\nServer, database and both: time of the processor for one request. Memory of a"
            f" worker: ours {self.memory(0):.0f} MiB, stock {self.memory(1):.0f} MiB."
        )

    def memory(self, place: int) -> float:
        runs = [(each.first, each.second)[place] for each in self.operations]
        return max(reading.memory for readings in runs for reading in readings)

    def ratios(self) -> str:
        rows = []
        for each in self.in_order:
            cost, target = each.cost, TARGETS[each.operation]
            rows.append(
                [
                    TITLES[each.operation],
                    f"{cost.median:.2f}",
                    f"{cost.lowest:.2f} to {cost.highest:.2f}",
                    f"{target:.1f}",
                    reached(each, round(cost.median, 2) >= target),
                    f"{each.rate.median:.2f}",
                ]
            )
        titles = ["stock ÷ ours", "processor", "rounds", "at least", "reached", "in requests/s"]
        return table(titles, rows)

    def crowded(self) -> str:
        rows = []
        for operation, pair in self.crowd.items():
            for name, reading in zip(("ours", "stock"), pair, strict=True):
                rows.append(
                    [
                        f"{TITLES[operation]}: {name}",
                        f"{reading.rate:.0f}",
                        f"{reading.p50:.0f}",
                        f"{reading.p99:.0f}",
                        f"{reading.longest:.0f}",
                        str(reading.errors),
                    ]
                )
        titles = [f"{CROWD} connections", "requests/s", "p50 ms", "p99 ms", "longest ms", "errors"]
        return table(titles, rows)

    def grown(self) -> str:
        assert self.large  # noqa: S101
        rows = []
        for each in self.growth:
            small, large = median(each.first, "cost"), median(each.second, "cost")
            share = 1 / each.cost.median
            rows.append(
                [
                    TITLES[each.operation],
                    f"{small:.2f}",
                    f"{large:.2f}",
                    f"{share:.2f}",
                    f"{1 / each.rate.median:.2f}",
                    reached(each, round(share, 2) >= SHARE),
                ]
            )
        titles = [
            "ours, by the number of tasks",
            f"ms at {self.data.tasks:,}",
            f"ms at {self.large.tasks:,}",
            "as fast (processor)",
            "as fast (requests/s)",
            f"at least {SHARE}",
        ]
        return table(titles, rows)

    def deeper(self) -> str:
        assert self.large  # noqa: S101
        rows = [[name, *numbers(readings)] for name, readings in self.deep.items()]
        titles = [
            f"ours, pages of 10 of {self.large.deep:,}",
            *("requests/s", "p50 ms", "p99 ms", "server ms", "database ms", "both ms", "errors"),
        ]
        return table(titles, rows)

    def chart(self) -> str:
        groups = []
        for each in self.in_order:
            ours, stock = (
                Bar(name, median(readings, "server"), median(readings, "database"))
                for name, readings in (("ours", each.first), ("stock", each.second))
            )
            goal = stock.whole / TARGETS[each.operation]
            groups.append(Group(TITLES[each.operation], ours, stock, goal))
        title = f"Processor time of one request, in milliseconds ({self.database})"
        return svg(title, groups)

    def carried(self) -> str:
        """For how many people it is enough, from what it does with a mix of requests."""
        runs = {each.operation: each.first for each in self.operations}
        people = median(runs["mix"], "rate") * SPARE * 3600 / REQUESTS_AN_HOUR
        step = 10 ** int(math.log10(people))
        carried = int(people // step * step)
        return (
            f"{CONNECTIONS} connections at once read {median(runs['list'], 'rate'):.0f} lists or"
            f" write {median(runs['create'], 'rate'):.0f} tasks a second; of the mix they get"
            f" {median(runs['mix'], 'rate'):.0f} answers, 99 in 100 within"
            f" {median(runs['mix'], 'p99'):.0f} ms. Somebody who is busy with their tasks sends"
            f" some {REQUESTS_AN_HOUR} requests an hour, a fifth of which write. With nine tenths"
            f" to spare this carries about **{carried:,} people at work in the same hour**."
        )

    def record(self, name: str) -> None:
        """Write it into docs/performance.md between the marks of `name`."""
        start, end = f"<!-- {name}: measured -->\n", f"<!-- {name}: end -->"
        before, _, rest = PAGE.read_text().partition(start)
        _, _, after = rest.partition(end)
        if not rest or not after:
            raise SystemExit(f"{PAGE} has no place for {name}.")
        chart = PAGE.with_name(f"performance-{name.lower()}.svg")
        chart.write_text(self.chart())
        shown = f"![The processor time of the table below, as bars]({chart.name})"
        PAGE.write_text(f"{before}{start}\n{shown}\n\n{self.markdown()}\n\n{end}{after}")

    def record_ratios(self) -> None:
        """Keep the ratios that the guard compares with."""
        ratios = {each.operation: round(each.cost.median, 2) for each in self.in_order}
        text = json.dumps({"on": f"{self.at:%Y-%m-%d}", "stock ÷ ours": ratios}, indent=2)
        RECORDED.write_text(text.replace("\\u00f7", "÷") + "\n")


def recorded_ratios() -> dict[str, float]:
    return json.loads(RECORDED.read_text())["stock ÷ ours"]


def reached(comparison: Comparison, is_good: bool) -> str:
    """An answer that was refused may have cost nothing, and so proves nothing."""
    if comparison.errors:
        return f"{comparison.errors:,} errors"
    return "yes" if is_good else "no"


def numbers(readings: Sequence[Reading]) -> list[str]:
    return [
        f"{median(readings, 'rate'):.0f}",
        *(f"{median(readings, name):.1f}" for name in ("p50", "p99")),
        *(f"{median(readings, name):.2f}" for name in ("server", "database", "cost")),
        str(sum(reading.errors for reading in readings)),
    ]


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown that is also good to read as it is."""
    lines = [titles, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]

    def written(line: Sequence[str]) -> str:
        first = line[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))
        return f"| {' | '.join((first, *rest))} |"

    rule = "|".join(("-" * (widths[0] + 2), *(f"{'-' * (width + 1)}:" for width in widths[1:])))
    return "\n".join((written(titles), f"|{rule}|", *map(written, rows)))


def processor() -> str:
    """The name of the processor, as far as this system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


assert set(TITLES) == set(OPERATIONS)  # noqa: S101
