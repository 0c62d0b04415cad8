"""How long quick add takes to read a line, and whether that grows with the line alone.

    python bench/quick_add.py [rounds]

Times are of the processor, so that a busy machine tells nearly the same; only the ratios mean
something elsewhere. Twice the line should take about twice the work, whatever is in it.
"""

from __future__ import annotations

import cProfile
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.conf import settings

settings.configure(USE_I18N=False)

from todos.quickadd import LONGEST_LINE, parse  # noqa: E402
from todos.quickadd.lexing import ESCAPED, QUOTED, WORD  # noqa: E402
from todos.quickadd.marks import MARK  # noqa: E402
from todos.recurrence import Rule, first_due  # noqa: E402

NOW = datetime(2026, 11, 23, 14, 4, tzinfo=ZoneInfo("Europe/Berlin"))
LISTS = ["Home", "Home Office", "Work"]
ORDINARY = [
    "Buy milk",
    "Buy milk tomorrow",
    "Call Ann about the contract next monday at 5pm #Work @phone p2",
    "Read https://example.com/a?b=c and answer to bob@example.com",
    'Watch "Tomorrow" tonight',
]
REPEATING = [
    "Stretch every day at 9",
    "Gym every mon, wed and fri 18:00",
    "Pay rent every month on the 31st #Home",
]
HOSTILE = [
    *(
        "#",
        "# ",
        '#"',
        '"',
        '" ',
        "\\ ",
        '\\"',
        '\\#" ',
        "@,",
        "#a ",
        "p1 ",
        "// ",
        "\t",
        ". ",
        ".",
    ),
    *("a", "1", "5 ", "every ", "every mon and ", "every 1st 2nd ", "1st and ", "the ", "in 3 "),
    *("monday and ", "tomorrow ", "x tomorrow ", "daily 1 times ", "27/1 ", "sat 5pm "),
]


def timed(work: Callable[[], object], rounds: int) -> float:
    """Seconds of the processor for `work`, the median of some batches."""
    batches = []
    for _ in range(7):
        start = time.process_time()
        for _ in range(rounds):
            work()
        batches.append((time.process_time() - start) / rounds)
    return statistics.median(batches)


def spent(line: str, rounds: int) -> float:
    return timed(lambda: parse(line, now=NOW, lists=LISTS), rounds)


def spent_on_first_day(line: str, rounds: int) -> float:
    parsed = parse(line, now=NOW)
    rule = Rule.parse(parsed.rule)
    return timed(lambda: first_due(rule, time=parsed.time, now=NOW), rounds)


def growth(unit: str) -> float:
    """How many times more calls a line of 1,000 characters of `unit` takes than one of 500."""
    calls = []
    for length in (LONGEST_LINE // 2, LONGEST_LINE):
        profile = cProfile.Profile()
        profile.runcall(parse, (unit * length)[:length], now=NOW, lists=LISTS)
        calls.append(sum(entry.callcount for entry in profile.getstats()))
    return calls[1] / calls[0]


def pattern_growth(unit: str) -> float:
    """How many times longer the patterns alone take for 10,000 characters than for 5,000."""
    times = []
    for length in (5_000, 10_000):
        text = (unit * length)[:length]
        start = time.process_time()
        for _ in range(20):
            for pattern in (WORD, QUOTED, ESCAPED, MARK):
                sum(1 for _match in pattern.finditer(text))
        times.append(time.process_time() - start)
    return times[1] / times[0]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    print("Lines; of which the first day of a rule")  # noqa: T201
    for line in ORDINARY:
        print(f"  {spent(line, rounds) * 1e6:4.0f} µs {'':8}  {line}")  # noqa: T201
    for line in REPEATING:
        whole, first = spent(line, rounds) * 1e6, spent_on_first_day(line, rounds) * 1e6
        print(f"  {whole:4.0f} µs {first:5.0f} µs  {line}")  # noqa: T201
    print("Twice the length takes so many times the calls, and the time of the patterns")  # noqa: T201
    for unit in HOSTILE:
        print(f"  {growth(unit):5.1f} {pattern_growth(unit):5.1f}  {unit!r}")  # noqa: T201


if __name__ == "__main__":
    main()
