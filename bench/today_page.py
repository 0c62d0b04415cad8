"""What the page Today with 50 tasks costs, and how much less than stock templates (bench/stock).

    python bench/today_page.py [rounds]          both pages in turn: milliseconds and the ratio
    python bench/today_page.py profile [path]    where the time of one page goes

Each request goes through the whole application, with a session, on one database (SQLite, in a
temporary folder). Times are of the processor: a busy machine tells nearly the same.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from wsgiref.util import setup_testing_defaults

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "todo_project.settings",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DATA_DIR": FOLDER.name,
    "DATABASE_URL": f"sqlite:///{FOLDER.name}/todo.sqlite3",
    "DEBUG": "false",
}

from django.conf import settings  # noqa: E402

settings.ROOT_URLCONF = "bench.stock.urls"
settings.TEMPLATES[0]["DIRS"].append(ROOT / "bench" / "stock" / "templates")

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.actor import Actor  # noqa: E402
from accounts.models import User  # noqa: E402
from todos import operations  # noqa: E402
from todos.management.commands.demo import make_demo  # noqa: E402
from todos.models import Task  # noqa: E402

OURS, STOCK = "/today", "/stock/today"
TASKS = 50
RULES = ("", "", "", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY")


def make_ready() -> User:
    """The demo account, with as many more tasks for today as there are missing."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["redoc", "ext"])
    now = timezone.now()
    person = make_demo(secrets.token_urlsafe(), at=now)
    by, lists = Actor(person), list(person.task_lists.filter(trashed_at=None))
    due = Task.objects.visible_to(person).open().due_by(now.date(), zone=person.zone)
    tags = (["errand"], ["call", "money"], [], ["deep work"], [])
    for number in range(TASKS - due.count()):
        operations.create_task(
            by=by,
            title=f"Write to “R & D” about chapter {number} of the handbook",
            task_list=lists[number % len(lists)],
            tags=tags[number % len(tags)],
            priority=number % 4 + 1,
            due_on=now.date() - timezone.timedelta(days=number % 3 // 2 * number),
            due_time=None if number % 2 else timezone.datetime(2000, 1, 1, number % 24, 30).time(),
            rule=RULES[number % len(RULES)],
        )
    assert due.count() == TASKS  # noqa: S101
    return person


def browser(person: User) -> Callable[[str], bytes]:
    client = Client()
    client.force_login(person)
    cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())

    def get(path: str) -> bytes:
        environ = {"PATH_INFO": path, "HTTP_HOST": "localhost:8000", "HTTP_COOKIE": cookies}
        setup_testing_defaults(environ)
        statuses: list[str] = []
        response = application(environ, lambda status, headers: statuses.append(status))
        body = b"".join(response)
        response.close()
        assert statuses == ["200 OK"], statuses  # noqa: S101
        return body

    return get


def spent(get: Callable[[str], bytes], path: str) -> float:
    """Milliseconds of the processor for one request."""
    start = time.process_time()
    get(path)
    return (time.process_time() - start) * 1000


def compare(get: Callable[[str], bytes], rounds: int) -> None:
    times: dict[str, list[float]] = {OURS: [], STOCK: []}
    for _ in range(rounds):
        for path, spans in times.items():
            spans.append(spent(get, path))
    medians = {path: statistics.median(spans) for path, spans in times.items()}
    for path in times:
        with CaptureQueriesContext(connection) as queries:
            size = len(get(path))
        print(f"{path:13} {medians[path]:6.2f} ms  {size / 1024:5.1f} KB  {len(queries)} queries")  # noqa: T201
    print(f"ratio         {medians[OURS] / medians[STOCK]:6.2f}")  # noqa: T201


def profile(get: Callable[[str], bytes], path: str) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(100):
        get(path)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(110)


def main() -> None:
    get = browser(make_ready())
    for path in (OURS, STOCK) * 10:
        get(path)
    if "profile" in sys.argv:
        profile(get, sys.argv[2] if len(sys.argv) > 2 else OURS)
    else:
        compare(get, int(sys.argv[1]) if len(sys.argv) > 1 else 100)


if __name__ == "__main__":
    main()
