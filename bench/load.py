"""One run of wrk against one application, and what it cost."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.applications import Application

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("load.lua")
# How often the time of processes is looked at while wrk runs, in seconds.
GLANCE = 0.5


@dataclass(frozen=True)
class Reading:
    """What one run found. Times are in milliseconds, `server` and `database` of the processor."""

    requests: int
    rate: float
    p50: float
    p99: float
    longest: float
    refused: int
    broken: int
    server: float
    database: float
    memory: float

    @property
    def cost(self) -> float:
        """Processor time of one request, in all."""
        return self.server + self.database

    @property
    def errors(self) -> int:
        return self.refused + self.broken


def require_wrk() -> None:
    if not shutil.which("wrk"):
        raise SystemExit(
            "The benchmark needs wrk, which sends the requests.\n"
            "  Debian, Ubuntu: sudo apt-get install wrk\n"
            "  macOS:          brew install wrk"
        )


def run(
    application: Application,
    operation: str,
    *,
    seconds: int,
    connections: int = CONNECTIONS,
    path: str = "",
    people: list[str] | None = None,
) -> Reading:
    """Send `operation` as fast as it is answered, for so long."""
    data = {**asdict(application.drive(operation, people)), "operation": operation, "path": path}
    if operation == "path":
        # One file cannot hold the ids of somebody with very many tasks.
        data |= {"tasks": [], "open": []}
    before = application.spent()
    return reading(send(application, data, seconds, connections), before, application)


def warm_up(application: Application, operation: str) -> None:
    data = {**asdict(application.drive(operation)), "operation": operation}
    send(application, data, 1, CONNECTIONS)


def send(application: Application, data: dict[str, Any], seconds: int, connections: int) -> str:
    """What wrk prints of requests that follow from `data`."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as file:
        file.write(f"return {lua(data)}\n")
        file.flush()
        wrk = subprocess.Popen(  # noqa: S603
            [
                *("wrk", "--threads=1", f"--connections={connections}"),
                *(f"--duration={seconds}s", "--timeout=30s", f"--script={SCRIPT}"),
                *(application.address, "--", file.name),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            return watched(wrk, application)
        finally:
            wrk.kill()


def watched(wrk: subprocess.Popen[str], application: Application) -> str:
    """What wrk prints in the end."""
    while True:
        try:
            return wrk.communicate(timeout=GLANCE)[0]
        except subprocess.TimeoutExpired:
            application.spent()


def reading(output: str, before: tuple[float, float], application: Application) -> Reading:
    last = (output.splitlines() or [""])[-1]
    if not last.startswith("{"):
        raise SystemExit(f"wrk did not end well:\n{output}")
    found = json.loads(last)
    requests = found.pop("requests")
    if not requests:
        raise SystemExit(f"{application.name} answered no request:\n{output}")
    after = application.spent()
    server, database = (
        (end - start) * 1000 / requests for start, end in zip(before, after, strict=True)
    )
    return Reading(
        requests=requests,
        rate=requests / found.pop("seconds"),
        server=server,
        database=database,
        memory=application.memory(),
        **found,
    )


def lua(value: Any) -> str:
    """`value` as Lua writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"[{lua(key)}] = {lua(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "{" + ", ".join(map(lua, value)) + "}"
    return json.dumps(value)
