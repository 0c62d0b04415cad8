"""Measure the application against `bench/stock`, the same as most Django developers would write it.

    make bench [QUICK=1] [RECORD=1]          docs/performance.md tells what is measured
    python -m bench full|quick [--record]
    python -m bench guard                    fails when list, create or refresh became much slower
    python -m bench drop                     drops the databases that were kept

They work on databases of their own, todo_bench_…, on the server of DATABASE_URL, or on the local
PostgreSQL; `DATABASE_URL=sqlite:` on SQLite.
"""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import AbstractContextManager

from bench.applications import OURS, STOCK, Application, serving, usual_threads
from bench.compare import CROWD, OPERATIONS, Pace, compare, require_same_answers
from bench.content import DEEP, LARGE, MIDDLE, QUICK, DataSet
from bench.databases import PostgreSQL, SQLite, server_of
from bench.load import Reading, require_wrk, run
from bench.report import Report, recorded_ratios

QUICK_PACE, FULL_PACE = Pace(rounds=3, seconds=2), Pace(rounds=4, seconds=3)
GUARDED = ("list", "refresh", "create")
TOLERATED = 2 / 3
CROWDED = ("list", "one", "page", "mix")
GROWING = ("list", "one", "create")


def measure(
    server: PostgreSQL | SQLite,
    data: DataSet,
    operations: Sequence[str],
    pace: Pace,
    *,
    large: DataSet | None = None,
) -> Report:
    """Everything about `operations`; with `large`, also what happens beyond the ordinary."""
    threads = usual_threads()

    def start(name: str, data: DataSet) -> AbstractContextManager[Application]:
        with_pages = "page" in operations
        return serving(name, data, server, threads=threads, with_pages=with_pages)

    with start(OURS, data) as ours:
        report = Report(server.title, ours.database is not None, data, threads)
        # One at a time beside ours: each keeps as many connections to the database as threads.
        with start(STOCK, data) as stock:
            require_same_answers(ours, stock)
            if large:
                report.crowd = crowded(ours, stock, 3 * pace.seconds)
            report.operations = compare(ours, stock, operations, pace)
        print(f"\n{report.markdown()}\n", flush=True)  # noqa: T201
        if large:
            report.large = large
            with start(OURS, large) as grown:
                report.growth = compare(ours, grown, GROWING, pace)
                report.deep = deep(grown, pace)
            print(f"{report.grown()}\n\n{report.deeper()}")  # noqa: T201
    return report


def crowded(
    ours: Application, stock: Application, seconds: int
) -> dict[str, tuple[Reading, Reading]]:
    found = {}
    for operation in CROWDED:
        print(f"  {operation}, {CROWD} connections …", flush=True)  # noqa: T201
        first, second = (
            run(each, operation, seconds=seconds, connections=CROWD) for each in (ours, stock)
        )
        found[operation] = first, second
    return found


def deep(application: Application, pace: Pace) -> dict[str, list[Reading]]:
    """Pages of somebody with very many tasks, in turn."""
    pages = deep_pages(application)
    found: dict[str, list[Reading]] = {name: [] for name, _ in pages}
    for _ in range(pace.rounds):
        for name, path in pages:
            found[name].append(
                run(application, "path", seconds=pace.seconds, path=path, people=[DEEP])
            )
    return found


def deep_pages(application: Application) -> list[tuple[str, str]]:
    """The first page and the last one of somebody with very many tasks, by number and by cursor."""
    token = application.drive("one", [DEEP]).tokens[0]
    cursor, before = "", ""
    while True:
        page = application.get(f"/api/v1/tasks/?limit=100&cursor={cursor}", token)
        if page["next"] is None:
            break
        cursor, before = page["next"], cursor
    tasks = "/api/v1/tasks/"
    return [
        ("the first page, by number", f"{tasks}?page=1&size=10"),
        ("the last page, by number", f"{tasks}?page={application.data.deep // 10}&size=10"),
        ("the first page, by cursor", f"{tasks}?limit=10"),
        ("one of the last, by cursor", f"{tasks}?limit=10&cursor={before}"),
    ]


def guard(server: PostgreSQL | SQLite) -> None:
    """Fail when two runs agree that an operation fell far below what was recorded."""
    recorded = recorded_ratios()
    suspects = set(GUARDED)
    for _ in range(2):
        report = measure(server, QUICK, [each for each in GUARDED if each in suspects], QUICK_PACE)
        suspects &= {
            each.operation
            for each in report.operations
            if each.errors or each.cost.median < TOLERATED * recorded[each.operation]
        }
        if not suspects:
            return
        print(f"Much slower than recorded: {', '.join(sorted(suspects))}")  # noqa: T201
    raise SystemExit(
        f"Two runs agree: below two thirds of what bench/recorded.json has ({recorded})."
    )


def main() -> None:
    parser = ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("form", choices=["full", "quick", "guard", "drop"])
    parser.add_argument("--record", action="store_true", help="write docs/performance.md anew")
    options = parser.parse_args()
    require_wrk()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Told to end."))
    server = server_of(os.environ.get("DATABASE_URL", ""))
    if options.form == "drop":
        names = server.drop_all() if isinstance(server, PostgreSQL) else []
        print(f"Dropped: {', '.join(names) or 'nothing'}")  # noqa: T201
    elif options.form == "guard":
        guard(server)
    else:
        is_full = options.form == "full" and isinstance(server, PostgreSQL)
        data, pace = (MIDDLE, FULL_PACE) if is_full else (QUICK, QUICK_PACE)
        report = measure(server, data, OPERATIONS, pace, large=LARGE if is_full else None)
        if options.record:
            report.record(server.title.split()[0])
            if is_full:
                report.record_ratios()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
