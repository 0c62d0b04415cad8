"""What a drill found, on one line; `make drills` keeps it in docs/reliability.md."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

# `make drills` asks for the long form.
LONG = "DRILLS" in os.environ
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
START, END = "<!-- drills: measured -->\n", "<!-- drills: end -->"


def record(drill: str, figures: str) -> None:
    """Print the figures of `drill`, and keep them in place of the last if this is the long form."""
    engine = "SQLite" if settings.IS_SQLITE else "PostgreSQL"
    print(f"{drill}, {engine}: {figures}")  # noqa: T201
    if LONG:
        before, start, rest = PAGE.read_text().partition(START)
        table, end, after = rest.partition(END)
        line = f"| {drill} | {engine} | {figures} | {datetime.now(UTC):%Y-%m-%d} |"
        PAGE.write_text(before + start + with_line(table, line) + end + after)


def with_line(table: str, line: str) -> str:
    """`table` with `line` in the place of the one that has the same two first cells."""
    head, rule, *lines = table.splitlines()
    others = [each for each in lines if each.split("|")[1:3] != line.split("|")[1:3]]
    return "\n".join([head, rule, *sorted([*others, line]), ""])
