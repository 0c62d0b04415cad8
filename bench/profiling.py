"""Where the time of one operation of the benchmark goes, or of one page.

    python -m bench.profiling list|one|create|complete|refresh|page|/PATH [ours|stock]

Requests go through the whole application in this process, as one of the driven people of the quick
data set, on the server of DATABASE_URL or the local PostgreSQL.
"""

from __future__ import annotations

import cProfile
import io
import json
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any
from wsgiref.util import setup_testing_defaults

from bench import inside
from bench.applications import OURS, prepared
from bench.content import DRIVEN, QUICK, Drive
from bench.databases import server_of

TIMES = 300
Answer = dict[str, Any]
Request = tuple[str, str, dict[str, Any] | None]


def requests(operation: str, drive: Drive) -> Iterator[Request]:
    """Method, address and body of each request; a refresh is sent the answer of the one before."""
    tasks = "/api/v1/tasks/"
    for number, (task, is_open) in enumerate(cycle(drive.open[0] if drive.open else [(0, True)])):
        if operation == "list":
            yield "GET", f"{tasks}?page={number % 100 + 1}&size=10", None
        elif operation == "one":
            yield "GET", f"{tasks}{task}", None
        elif operation == "create":
            yield "POST", tasks, {"title": f"Write to the printer about proof {number}"}
        elif operation == "complete":
            is_first = number // len(drive.open[0]) % 2 == 0
            yield "PUT", f"{tasks}complete/{task}", {"completed": is_open == is_first}
        elif operation == "page":
            yield "GET", "/today", None
        else:
            yield "GET", operation, None


def refreshes(ask: Callable[[Request], Answer], drive: Drive) -> None:
    member = drive.refresh["member"]
    for latest in drive.refresh_tokens[: TIMES // 10]:
        for _ in range(10):
            latest = ask(("POST", drive.refresh["path"], {member: latest}))[member]


def asker(drive: Drive) -> Callable[[Request], Answer]:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    def ask(request: Request) -> Answer:
        method, address, content = request
        path, _, query = address.partition("?")
        body = json.dumps(content).encode() if content else b""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        if drive.cookies:
            environ["HTTP_COOKIE"] = drive.cookies[0]
        if drive.tokens:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {drive.tokens[0]}"
        setup_testing_defaults(environ)
        statuses: list[str] = []
        response = application(environ, lambda status, headers: statuses.append(status))
        text = b"".join(response)
        response.close()
        if not statuses[0].startswith("2"):
            raise SystemExit(f"{method} {address}: {statuses[0]}\n{text[:500]!r}")
        return json.loads(text) if text.startswith(b"{") else {}

    return ask


def profile(operation: str) -> None:
    kind = "page" if operation.startswith("/") and "/api/" not in operation else operation
    drive = inside.drive(kind, [DRIVEN])
    ask = asker(drive)
    profiler = cProfile.Profile(time.process_time)
    if operation == "refresh":
        refreshes(ask, Drive(drive.refresh, refresh_tokens=[drive.refresh_tokens.pop()]))
        profiler.runcall(refreshes, ask, drive)
    else:
        sent = requests(operation, drive)
        for _ in range(10):
            ask(next(sent))
        profiler.enable()
        for _ in range(TIMES):
            ask(next(sent))
        profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(110)


def main(operation: str, name: str = OURS) -> None:
    server = server_of(os.environ.get("DATABASE_URL", ""))
    with prepared(name, QUICK, server) as (_, helper):
        helper.submit(profile, operation).result()


if __name__ == "__main__":
    main(*sys.argv[1:])
