"""What Lighthouse says of the page Today with 50 tasks, on a phone and on a desktop.

    make lighthouse                              gets Lighthouse into .npm, runs this (needs npm)
    python bench/lighthouse.py [folder]          also keeps the full reports in the folder

The application is served as `make run` does it, with a session, on a free port.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.actor import Actor  # noqa: E402
from accounts.models import User  # noqa: E402
from todos import operations  # noqa: E402
from todos.management.commands.demo import make_demo  # noqa: E402
from todos.models import Task  # noqa: E402

TODAY, TASKS = "/today", 50
RULES = ("", "", "", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY")
LIGHTHOUSE = ROOT / ".npm" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PRESETS = {"Mobile": [], "Desktop": ["--preset=desktop"]}
SCORES = {
    "performance": "Performance",
    "accessibility": "Accessibility",
    "best-practices": "Best practices",
    "seo": "SEO",
}
METRICS = {
    "First paint of content": "first-contentful-paint",
    "Largest paint": "largest-contentful-paint",
    "Total blocking time": "total-blocking-time",
    "Layout shift": "cumulative-layout-shift",
    "Speed index": "speed-index",
    "Server": "server-response-time",
    "Transferred": "total-byte-weight",
}

WORDS_BEFORE = {
    "server-response-time": "Root document took ",
    "total-byte-weight": "Total size was ",
}


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(port: int) -> subprocess.Popen[bytes]:
    """The application, once it answers."""
    environ = {**os.environ, "PORT": str(port), "PUBLIC_URL": f"http://localhost:{port}"}
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=environ)
    for _ in range(120):
        time.sleep(0.5)
        try:
            urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=5)
        except OSError:
            continue
        return server
    server.terminate()
    raise SystemExit("The server did not begin to answer.")


def measure(address: str, cookies: str, preset: list[str], report: Path) -> dict[str, Any]:
    browser = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, BROWSERS)), "")
    command = [
        *(str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={report}"),
        f"--extra-headers={json.dumps({'Cookie': cookies})}",
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage --disable-gpu",
        *preset,
    ]
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": browser})  # noqa: S603
    return json.loads(report.read_text())


def in_markdown(found: dict[str, dict[str, Any]]) -> str:
    first = next(iter(found.values()))
    lines = [
        f"{datetime.now(UTC):%-d %B %Y}; Lighthouse {first['lighthouseVersion']},"
        f" {first['environment']['hostUserAgent'].split('HeadlessChrome/')[-1].split()[0]}"
        f" as browser; Today with {TASKS} tasks.\n",
        f"| | {' | '.join(found)} |",
        f"|---|{'---:|' * len(found)}",
    ]
    for name, words in SCORES.items():
        scores = (f"{run['categories'][name]['score'] * 100:.0f}" for run in found.values())
        lines.append(f"| {words} | {' | '.join(scores)} |")
    for words, name in METRICS.items():
        values = (run["audits"][name]["displayValue"] for run in found.values())
        plain = (value.removeprefix(WORDS_BEFORE.get(name, "")) for value in values)
        lines.append(f"| {words} | {' | '.join(plain)} |")
    for preset, run in found.items():
        for category in SCORES:
            for each in run["categories"][category]["auditRefs"]:
                audit = run["audits"][each["id"]]
                if audit["score"] is not None and audit["score"] < 1:
                    told = f"{audit['title']} {audit.get('displayValue', '')}".strip()
                    lines.append(f"\n{preset}, {category}: {told} ({audit['score']})")
    return "\n".join(lines)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    person = make_ready()
    client = Client()
    client.force_login(person)
    cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    port = free_port()
    server = serve(port)
    try:
        found = {
            name: measure(
                f"http://localhost:{port}{TODAY}", cookies, preset, folder / f"{name.lower()}.json"
            )
            for name, preset in PRESETS.items()
        }
    finally:
        server.terminate()
        server.wait()
    print(in_markdown(found))  # noqa: T201


if __name__ == "__main__":
    main()
