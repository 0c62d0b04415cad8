"""The doctor, as a command and as a page for staff: what is wrong, and what to do."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from accounts.models import User
from tests import jobs
from tests.servers import Application, free_port, mail_server
from todo_project.doctor import database, examine, machine, outside

SECRET = "a secret that must not be shown"

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = settings.BASE_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    tmp_path.chmod(0o700)
    return tmp_path


def found(about: str, *, seconds: float = 2) -> str:
    """All that is told about one thing."""
    findings = [each for each in examine(seconds=seconds) if each.about == about]
    assert all(each.advice for each in findings if each.state != "ok")
    return " ".join(f"{each.state}: {each.found} {each.advice}" for each in findings)


@contextmanager
def silent_server() -> Iterator[int]:
    """A port where connections are taken and nothing is ever said."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield listener.getsockname()[1]


def send_by(settings: Settings, port: int, **more: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.MAIL_STAYS_HERE = False
    for name, value in more.items():
        setattr(settings, name, value)


def test_a_mail_server_is_asked_and_sent_nothing(settings: Settings) -> None:
    with mail_server() as server:
        send_by(settings, server.server_address[1])
        assert found("Mail").startswith("ok: The mail server at 127.0.0.1")
        assert server.received.empty()


def test_a_mail_server_that_is_not_there_is_a_problem(settings: Settings) -> None:
    send_by(settings, free_port(), EMAIL_HOST_USER="todo", EMAIL_HOST_PASSWORD=SECRET)
    told = found("Mail")
    assert told.startswith("problem:")
    assert "ConnectionRefused" in told
    assert SECRET not in told


def test_a_mail_server_without_a_sign_in_is_a_problem(settings: Settings) -> None:
    with mail_server() as server:
        port = server.server_address[1]
        send_by(settings, port, EMAIL_HOST_USER="todo", EMAIL_HOST_PASSWORD=SECRET)
        assert found("Mail").startswith("problem:")
        send_by(settings, port, EMAIL_HOST_USER="", EMAIL_USE_TLS=True)
        assert found("Mail").startswith("problem:")


def test_mail_that_stays_here_is_told_where_people_come_from_elsewhere(settings: Settings) -> None:
    settings.PUBLIC_NAME = "todo.example.org"
    assert "warning: Mail stays" in found("Mail")
    settings.PUBLIC_NAME = "localhost"
    assert "ok: Mail stays" in found("Mail")


def test_servers_that_say_nothing_keep_nobody_waiting(settings: Settings) -> None:
    with silent_server() as port:
        send_by(settings, port)
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": f"redis://127.0.0.1:{port}/0",
            }
        }
        before = time.monotonic()
        told = {each.about: each for each in examine(seconds=1)}
        assert time.monotonic() - before < 10
    assert told["Mail"].state == told["Cache"].state == "problem"
    assert "No answer within 1 seconds" in told["Cache"].found


def test_a_cache_that_is_away_or_not_shared_is_a_problem(settings: Settings) -> None:
    settings.WEB_PROCESSES = 2
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert "problem: 2 web processes" in found("Cache")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://:{SECRET}@127.0.0.1:{free_port()}/0".replace(" ", "_"),
        }
    }
    assert "problem: The cache does not answer" in found("Cache")


def test_jobs_tell_whether_a_worker_lives() -> None:
    assert "warning: No background job was ever done" in found("Background jobs")
    jobs.do.enqueue(1)
    now = timezone.now()
    DBTaskResult.objects.update(enqueued_at=now - timedelta(minutes=7))
    assert "problem: A job has been due for 7 minutes" in found("Background jobs")
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=now - timedelta(hours=5))
    assert "problem: The worker did its last job 5 hours ago" in found("Background jobs")
    DBTaskResult.objects.update(status="FAILED", finished_at=now)
    assert found("Background jobs").count("warning: 1 background job(s) failed") == 1


def test_the_age_of_the_newest_backup_is_told(data_dir: Path) -> None:
    assert "warning: There is no backup" in found("Backups")
    folder = data_dir / "backups"
    folder.mkdir()
    backup = folder / "todo-20260101-000000-000000.sqlite3"
    backup.touch()
    (folder / "todo-20260102-000000-000000.part").touch()
    assert "ok: The newest backup is 0 hours old" in found("Backups")
    three_days_ago = (timezone.now() - timedelta(days=3)).timestamp()
    os.utime(backup, (three_days_ago, three_days_ago))
    assert "warning: The newest backup is 3 days old" in found("Backups")


def test_secrets_are_long_and_for_one_reader(data_dir: Path, settings: Settings) -> None:
    settings.SECRET_KEY = "x" * 50
    settings.SECRET_KEY_FALLBACKS = settings.REFRESH_SECRET_KEY_FALLBACKS = []
    (data_dir / "secret_key").touch(0o600)
    (data_dir / ".env").touch(0o600)
    assert found("Secrets").startswith("ok:")
    for path in (data_dir, data_dir / "secret_key", data_dir / ".env"):
        path.chmod(path.stat().st_mode | 0o040)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = SECRET, [SECRET]
    told = found("Secrets")
    assert told.count("warning:") == 5
    assert told.count("can be read by others") == 3
    assert SECRET not in told


@pytest.mark.parametrize(("gib", "state"), [(2, "ok"), (0.5, "warning"), (0.05, "problem")])
def test_a_disk_that_fills_up_is_told(
    monkeypatch: pytest.MonkeyPatch, gib: float, state: str
) -> None:
    usage = type("Usage", (), {"free": int(gib * machine.GIB)})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    assert found("Disk").startswith(f"{state}:")


def test_old_rules_of_time_zones_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "release_of_time_zones", lambda: f"{timezone.now().year}a")
    assert found("Time zones").startswith("ok:")
    monkeypatch.setattr(machine, "release_of_time_zones", lambda: "2019c")
    assert found("Time zones").startswith("warning:")


def test_what_must_not_be_on_a_server_is_told(data_dir: Path, settings: Settings) -> None:
    assert found("Static files").startswith("problem:")
    settings.DEBUG = True
    assert "problem: DEBUG is on" in found("Settings")
    settings.PUBLIC_NAME = "todo.example.org"
    assert "problem: People come over plain HTTP" in found("Address")


def test_the_database_is_looked_at() -> None:
    told = found("Database")
    assert ("ok: SQLite answers" if configured.IS_SQLITE else "ok: PostgreSQL") in told
    assert found("Migrations").startswith("ok:")
    assert configured.IS_SQLITE or found("Clocks").startswith("ok:")


@pytest.mark.skipif(configured.IS_SQLITE, reason="Only a server has a clock of its own.")
def test_clocks_that_disagree_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    late = timezone.now() - timedelta(seconds=30)
    monkeypatch.setattr(database, "asked", lambda statement: late)
    assert found("Clocks").startswith("warning:")


def test_a_check_that_breaks_is_told_by_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(outside, "look_at_cache", fail)
    assert "problem: This could not be looked at: ValueError" in found("Cache")


def test_the_command_prints_the_worst_first_and_says_that_it_is_bad(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="problem"):
        call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("problem  Static files: ")
    assert lines[1].strip().startswith("→ ")
    assert mail.outbox == []


def test_a_mail_is_sent_when_it_is_asked_for(data_dir: Path) -> None:
    with pytest.raises(CommandError):
        call_command("doctor", send_mail_to="operator@example.com")
    (sent,) = mail.outbox
    assert sent.to == ["operator@example.com"]


@pytest.fixture
def staff(alice: User) -> Client:
    alice.is_staff = True
    alice.save()
    client = Client()
    client.force_login(alice)
    return client


def test_staff_see_it_in_the_admin(staff: Client, settings: Settings) -> None:
    assert 'href="/admin/doctor/"' in staff.get("/admin/").text
    page = staff.get("/admin/doctor/")
    assert page.status_code == 200
    for about in ("Mail", "Cache", "Database", "Background jobs", "Secrets", "Address"):
        assert f"<strong>{about}: " in page.text
    assert "as people&#x27;s do" in page.text
    assert settings.SECRET_KEY not in page.text
    assert staff.post("/admin/doctor/").status_code == 405


@pytest.mark.parametrize(
    ("count", "forwarded", "words"),
    [
        (0, None, "ok.</strong> Addresses of visitors are known"),
        (0, "192.0.2.1", "warning.</strong> A proxy adds X-Forwarded-For"),
        (1, "192.0.2.1", "ok.</strong> Addresses of visitors are known"),
        (2, "192.0.2.1", "problem.</strong> TRUSTED_PROXY_COUNT is 2"),
    ],
)
def test_the_page_looks_at_the_way_it_was_asked(
    staff: Client, settings: Settings, count: int, forwarded: str | None, words: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = count
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert words in staff.get("/admin/doctor/", headers=headers).text
    assert "under another name" in staff.get("/admin/doctor/", headers={"Host": "localhost"}).text


def test_nobody_else_sees_it(bob: User) -> None:
    client = Client()
    assert client.get("/admin/doctor/").status_code == 302
    client.force_login(bob)
    answer = client.get("/admin/doctor/")
    assert (answer.status_code, answer["Location"].startswith("/admin/login/")) == (302, True)


@pytest.mark.skipif(not configured.IS_SQLITE, reason="It looks at a file of SQLite.")
def test_a_server_that_runs_is_well_and_a_damaged_file_is_not(tmp_path: Path) -> None:
    application = Application(tmp_path)
    tmp_path.chmod(0o700)
    application.migrate()
    application.manage("backup")
    with application.serving():
        for _ in range(5):
            told = application.try_manage("doctor")
            if "The worker does what is due" in told.stdout:
                break
    assert (told.returncode, "problem  " in told.stdout) == (0, False), told.stdout
    assert "its file is whole" in told.stdout
    with (tmp_path / "todo.sqlite3").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    told = application.try_manage("doctor")
    assert told.returncode == 1
    assert "problem  Database: The file of SQLite is damaged" in told.stdout
