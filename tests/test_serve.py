"""The commands that set up, back up and serve, run as an operator runs them."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from accounts.management.commands import serve
from accounts.processes import MOST_DEATHS
from tests.servers import Application, wait_for_line

pytestmark = pytest.mark.skipif(
    not settings.IS_SQLITE, reason="The commands do the same whatever the database."
)


sees_processes = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="Processes are looked at as Linux shows them."
)


@pytest.fixture
def application(tmp_path: Path) -> Application:
    return Application(tmp_path / "data")


@pytest.fixture(scope="module")
def ready_application(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """Set up, migrated, and with its static files prepared, for the tests of this module."""
    application = Application(tmp_path_factory.mktemp("data"))
    application.migrate()
    return application


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_setup_makes_a_secret_once_that_nobody_else_may_read(application: Application) -> None:
    application.settings = {"SECRET_KEY": "", "REFRESH_SECRET_KEY": ""}
    refusal = application.try_manage("check")
    assert refusal.returncode != 0
    assert "manage.py setup" in refusal.stdout
    application.manage("setup")
    secret = application.data_dir / "secret_key"
    text = secret.read_text()
    assert len(text.strip()) >= 50
    assert (mode_of(secret), mode_of(application.data_dir)) == (0o600, 0o700)
    assert application.manage("setup") == ""
    assert secret.read_text() == text
    assert list(application.data_dir.iterdir()) == [secret]
    application.manage("check")


def test_there_may_be_nothing_to_back_up(application: Application) -> None:
    application.manage("setup")
    assert "no database" in application.manage("backup")
    application.settings["DATABASE_URL"] = "postgres://todo@127.0.0.1:1/todo"
    assert application.try_manage("backup", "--if-sqlite").returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("DEBUG", "perhaps"),
        ("PUBLIC_URL", "todo.example.org"),
        ("DATABASE_URL", "oracle9://x"),
        ("DATABASE_URL", "postgres://x/y?prepared_statements=perhaps"),
        ("CACHE_URL", "nonsense"),
        ("EMAIL_URL", "pigeon://x"),
        ("SIGN_UP", "sometimes"),
        ("ALGORITHM", "none"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "-1"),
        ("REFRESH_TOKEN_IDLE_MINUTES", "9999999"),
        ("SECRET_KEY", "short"),
        ("TRASH_DAYS", "0"),
        ("WEB_PROCESSES", "0"),
    ],
)
def test_a_nonsensical_setting_stops_the_start_by_name(
    application: Application, name: str, value: str
) -> None:
    application.settings[name] = value
    answer = application.try_manage("check")
    assert answer.returncode == 1
    assert name in answer.stdout
    assert "Traceback" not in answer.stdout


def test_every_setting_is_in_the_example() -> None:
    root = Path(settings.BASE_DIR)
    example = (root / ".env.example").read_text()
    explained = (root / "docs/settings.md").read_text()
    source = (root / "todo_project/settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    assert len(names) > 20
    assert {name for name in names if f"{name}=" not in example} == set()
    assert {name for name in names if f"`{name}`" not in explained} == set()


def test_serve_says_what_to_do_first(ready_application: Application) -> None:
    with ready_application.running("serve") as server:
        said = wait_for_line(server, "Ctrl-C")
        port = ready_application.port
        assert f"http://localhost:{port}/accounts/signup/" in said
        assert "createsuperuser" in said
        assert ready_application.get("/livez") == (200, {"status": "ok"})
        if socket.has_ipv6 and f"[::1]:{port}" in said:
            socket.create_connection(("::1", port)).close()


@sees_processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_cleanly_when_told(ready_application: Application, number: int) -> None:
    with ready_application.serving() as server:
        ready_application.get("/livez")
        os.killpg(server.pid, number)
        assert server.wait(30) == 0
        assert no_process_is_left(server.pid)


@sees_processes
@pytest.mark.parametrize("part", ["todo_project.server", "worker"])
def test_a_part_that_is_killed_comes_back(ready_application: Application, part: str) -> None:
    with ready_application.serving() as server:
        ready_application.get("/livez")
        killed = child_of(server.pid, part)
        os.kill(killed, signal.SIGKILL)
        # Whoever asks meanwhile waits in line.
        assert ready_application.get("/livez")[0] == 200
        while (part_now := child_of(server.pid, part)) in {None, killed}:
            assert server.poll() is None
        assert part_now != killed


def test_parts_that_end_again_and_again_are_given_up() -> None:
    script = (
        "import sys; from pathlib import Path; from accounts.processes import supervise; "
        "sys.exit(supervise([[sys.executable, '-c', 'raise SystemExit(3)']], folder=Path.cwd()))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert answer.returncode == 1
    assert answer.stderr.count(b" ended: 3") == MOST_DEATHS


HANGS = {
    "threads": "server.application = lambda *_: time.sleep(60)",
    "loop": "server.wasyncore.loop = lambda **_: time.sleep(60)",
}


@pytest.mark.parametrize("part", HANGS)
def test_a_server_that_hangs_ends_and_tells_where(
    ready_application: Application, part: str
) -> None:
    script = f"import time; from todo_project import server; server.HANG = 2; {HANGS[part]}"
    hanging = subprocess.Popen(
        [sys.executable, "-c", f"{script}; server.main([])"],
        cwd=settings.BASE_DIR,
        env={**ready_application.environment, "WEB_THREADS": "1"},
        stderr=subprocess.PIPE,
    )
    try:
        while hanging.poll() is None:
            with suppress(OSError):
                ready_application.get("/livez")
    finally:
        hanging.kill()
    assert hanging.wait(60) == 1
    assert hanging.stderr is not None
    log = hanging.stderr.read()
    assert b"Timeout (0:00:02)" in log
    assert b"in <lambda>" in log


@sees_processes
def test_no_child_outlives_a_killed_parent(ready_application: Application) -> None:
    with ready_application.serving() as server:
        ready_application.get("/livez")
        children = [os.pidfd_open(pid) for pid in processes_of(server.pid) if pid != server.pid]
        assert len(children) == 2
        os.kill(server.pid, signal.SIGKILL)
        for child in children:
            assert select.select([child], [], [], 30)[0] == [child]
            os.close(child)


def test_a_port_in_use_is_told_in_words(ready_application: Application) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = Application(
            ready_application.data_dir,
            port=port,
        ).try_manage("serve")
    assert answer.returncode == 1
    assert f"port {port}" in answer.stdout
    assert f"PORT={port + 1}" in answer.stdout


def test_serve_refuses_a_database_that_is_not_migrated(application: Application) -> None:
    application.manage("setup")
    answer = application.try_manage("serve")
    assert answer.returncode == 1
    assert "manage.py migrate" in answer.stdout


def test_the_demo_account_signs_in_with_the_printed_password(
    ready_application: Application,
) -> None:
    first = ready_application.manage("demo")
    second = ready_application.manage("demo")
    assert "Made the demo account" in first
    assert "new password" in second
    password = second.rpartition("password: ")[2].strip()
    with ready_application.serving():
        who = {"email": "demo@example.com", "password": password}
        _, tokens = ready_application.post("/api/v1/token/", who)
        _, page = ready_application.get("/api/v1/tasks/?size=100", token=tokens["access"])
    assert 35 <= page["total"] <= 60
    assert {task["completed"] for task in page["items"]} == {True, False}


def processes_of(group: int) -> dict[int, str]:
    """The command lines of the live processes in a process group, by id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text()
        except OSError:
            continue
        if int(status[2]) == group and status[0] != "Z":
            found[int(folder.name)] = command
    return found


def child_of(group: int, command: str) -> int | None:
    found = (pid for pid, line in processes_of(group).items() if command in line)
    return next(found, None)


def no_process_is_left(group: int) -> bool:
    return processes_of(group) == {}


def test_static_files_are_prepared_anew_by_another_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = serve.fingerprint_of_static_files()
    assert serve.fingerprint_of_static_files() == before
    changed = tmp_path / "storage.py"
    changed.write_text("# Another version.")
    monkeypatch.setattr(serve, "getfile", lambda _storage: str(changed))
    assert serve.fingerprint_of_static_files() != before
