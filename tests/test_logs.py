"""The log: one line an event, that names the request or job, and holds no word of a person."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from io import StringIO
from pathlib import Path
from smtplib import SMTPException
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as configured
from django.core.exceptions import SuspiciousOperation
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.background import Worker
from accounts.models import User
from tests import jobs
from tests.conftest import PASSWORD
from tests.servers import Application, kill_group
from todo_project.logs import JSONLines, Lines

MARK = "Quetzalcoatlus"


@pytest.fixture
def text_log() -> Iterator[StringIO]:
    yield from logged_as(Lines())


@pytest.fixture
def json_log() -> Iterator[StringIO]:
    yield from logged_as(JSONLines())


def logged_as(formatter: logging.Formatter) -> Iterator[StringIO]:
    """All that is logged, at the levels of the settings."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def events(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_has_a_line_with_its_route_and_whose_it_was(
    page: Client, alice: User, json_log: StringIO
) -> None:
    answer = page.get("/search", {"q": MARK})
    (event,) = events(json_log)
    assert event["request"] == answer["X-Request-ID"]
    assert (event["method"], event["route"], event["status"]) == ("GET", "todos:search", 200)
    assert (event["user"], event["level"]) == (alice.pk, "INFO")
    assert 0 < event["ms"] < 10_000
    assert 0 < event["statements"] < 30
    assert MARK not in json_log.getvalue()


def test_a_request_of_a_program_names_its_session(
    api: APIClient, alice: User, json_log: StringIO
) -> None:
    api.get("/api/v1/tasks/")
    (event,) = events(json_log)
    session = alice.api_sessions.get()
    assert (event["route"], event["user"]) == ("api:tasks", alice.pk)
    assert event["session"] == str(session.pk)


def test_the_line_can_be_read(api: APIClient, text_log: StringIO) -> None:
    answer = api.get("/api/v1/tasks/")
    line = text_log.getvalue()
    assert " INFO todo_project.observing: GET api:tasks: 200 method=GET ms=" in line
    assert f" request={answer['X-Request-ID']} " in line
    assert line.count("\n") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/static/none.css"])
def test_what_machines_ask_all_the_time_is_logged_when_it_fails(
    path: str, json_log: StringIO
) -> None:
    status = Client().get(path).status_code
    assert [event["status"] for event in events(json_log)] == ([404] if status == 404 else [])


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, "0af7651916cd43dd8448eb211c80319c", True),
        (1, "3e1d2f00-5a9c-4c1e-9f4a-0d6a1d0f7c11", True),
        (0, "0af7651916cd43dd8448eb211c80319c", False),
        (1, "short", False),
        (1, "a" * 65, False),
        (1, "a line\nand another", False),
        (1, "\u0660af7651916cd43dd", False),
    ],
)
def test_only_a_well_formed_id_of_our_proxy_is_taken(
    settings: Settings, proxies: int, given: str, is_taken: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    one, two = (Client().get("/livez", HTTP_X_REQUEST_ID=given) for _ in range(2))
    assert (one["X-Request-ID"] == given) is is_taken
    assert (one["X-Request-ID"] == two["X-Request-ID"]) is is_taken


def test_a_fault_shows_the_number_that_the_log_has(
    alice: User, page: Client, api: APIClient, json_log: StringIO
) -> None:
    page.raise_request_exception = api.raise_request_exception = False
    with failing_with(ZeroDivisionError(MARK)):
        shown = page.get("/today")
        told = api.get("/api/v1/tasks/")
    assert (shown.status_code, told.status_code) == (500, 500)
    assert shown["X-Request-ID"] in shown.text
    assert told.json()["request_id"] == told["X-Request-ID"]
    failures = [event for event in events(json_log) if "errors" in event]
    assert [event["request"] for event in failures] == [
        shown["X-Request-ID"],
        told["X-Request-ID"],
    ]
    (error,) = failures[0]["errors"]
    assert error["type"] == "ZeroDivisionError"
    assert any(place.startswith("todos/views/") for place in error["trace"])
    with failing_with(OperationalError(MARK)):
        assert api.get("/api/v1/tasks/").json()["request_id"]
        gone = page.get("/today")
    assert (gone.status_code, gone["X-Request-ID"] in gone.text) == (503, True)
    assert MARK not in json_log.getvalue()


@contextmanager
def failing_with(error: Exception) -> Iterator[None]:
    """Have Today and every request of a program raise `error`."""
    with (
        mock.patch("todos.models.completions.CompletionQuerySet.since", side_effect=error),
        mock.patch("accounts.sessions.find_session", side_effect=error),
    ):
        yield


def test_no_word_of_a_person_is_logged(
    alice: User, page: Client, api: APIClient, json_log: StringIO, settings: Settings
) -> None:
    walk(page, alice)
    ask(api, alice)
    be_refused(alice)
    settings.EMAIL_BACKEND = f"{__name__}.NoMail"
    assert Client().post("/accounts/password/reset/", {"email": alice.email}).status_code == 302
    fail(page, api)
    run_jobs()
    log_like_libraries()
    text = json_log.getvalue()
    assert MARK.lower() not in text.lower()
    assert alice.email not in text
    assert PASSWORD not in text
    routes = {event.get("route") for event in events(json_log)}
    assert {"todos:search", "api:tasks", "none", "account_login"} <= routes
    assert {event["level"] for event in events(json_log)} == {"INFO", "WARNING", "ERROR"}


class NoMail(EmailBackend):
    def send_messages(self, *args: Any) -> int:
        raise SMTPException(f"550 {MARK}@example.com is unknown")


def walk(page: Client, alice: User) -> None:
    for path in ("/search", "/today", "/palette", "/filters/new", f"/tags/{MARK}"):
        page.get(path, {"q": MARK, "title": MARK})
    page.post("/tasks", {"title": MARK, "text": MARK})
    page.get(f"/{MARK}/%0a%1b[31m{MARK}")
    page.get("/today", HTTP_USER_AGENT=MARK, HTTP_REFERER=f"http://testserver/?q={MARK}")
    Client().post("/accounts/login/", {"login": f"{MARK}@example.com", "password": MARK})
    Client().post("/accounts/login/", {"login": alice.email, "password": PASSWORD})


def ask(api: APIClient, alice: User) -> None:
    task = api.post("/api/v1/tasks/", {"title": MARK, "tags": [MARK]}).json()
    api.patch(f"/api/v1/tasks/{task['id']}/", {"description": MARK})
    api.get("/api/v1/tasks/", {"q": MARK, MARK: 1})
    api.post("/api/v1/tasks/", f'{{"title": "{MARK}', content_type="application/json")
    api.post("/api/v1/token/", {"email": f"{MARK}@example.com", "password": MARK})
    api.post("/api/v1/token/refresh/", {"refresh": MARK})
    APIClient().get("/api/v1/tasks/", HTTP_AUTHORIZATION=f"Bearer {MARK}")


def be_refused(alice: User) -> None:
    """Meet a foreign host, a form without its token, and one that is too large."""
    Client(HTTP_HOST=f"{MARK}.example").get(f"/{MARK}")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    strict.post(f"/tags/{MARK}", {"title": MARK}, HTTP_REFERER=f"http://evil.example/?q={MARK}")
    strict.post("/accounts/login/", {str(n): MARK for n in range(600)})


def fail(page: Client, api: APIClient) -> None:
    """Have exceptions say what databases and libraries let them say."""
    page.raise_request_exception = api.raise_request_exception = False
    for error in (
        ValueError(MARK),
        SuspiciousOperation(MARK),
        IntegrityError(f"Key (email)=({MARK}@example.com) already exists."),
        OperationalError(f'connection to server as "{MARK}" failed'),
        KeyError(MARK),
    ):
        with failing_with(error):
            page.get("/today", {"q": MARK})
            api.get("/api/v1/tasks/", {"q": MARK})


def run_jobs() -> None:
    jobs.do.enqueue(1)
    jobs.trouble.append(ValueError(MARK))
    try:
        work()
    finally:
        jobs.trouble.clear()


def work() -> None:
    worker = Worker()
    while worker.step(at=timezone.now(), clock=time.monotonic()):
        pass


def log_like_libraries() -> None:
    """Log as the libraries do which put a message together before they hand it over."""
    try:
        raise ValueError(MARK) from KeyError(MARK)
    except ValueError:
        logging.getLogger("waitress").exception("Exception while serving %s" % f"/{MARK}")  # noqa: UP031
        logging.getLogger("a.library").exception("%r and %d", MARK, Decimal(3))
        logging.getLogger("another").error("%s has %d", MARK, 3)


def test_a_librarys_line_keeps_its_sentence_and_numbers(text_log: StringIO) -> None:
    log_like_libraries()
    waitress, odd, plain = text_log.getvalue().splitlines()
    assert "waitress: tests/test_logs.py:" in waitress
    assert "error=ValueError at tests/test_logs.py:" in waitress
    assert "error=KeyError at" in waitress
    assert "log_like_libraries" in odd
    assert "another: … has 3" in plain


def test_an_event_is_one_line_whatever_it_holds(text_log: StringIO) -> None:
    logging.getLogger("accounts.test").warning("a\nb\r\x1b[31m\u202e\u2028c")
    assert "accounts.test: a\\nb\\r\\x1b[31m\\u202e\\u2028c" in text_log.getvalue()
    assert len(text_log.getvalue().splitlines()) == 1


@pytest.mark.django_db
def test_the_lines_of_a_job_carry_its_number(json_log: StringIO) -> None:
    run = jobs.do.enqueue(1)
    work()
    (event,) = [event for event in events(json_log) if event.get("job") == str(run.id)]
    assert (event["task"], event["message"][:8]) == ("tests.jobs.do", "Job done")
    Client().get("/today")
    assert "job" not in events(json_log)[-1]


@pytest.mark.skipif(not configured.IS_SQLITE, reason="A trigger of SQLite makes the fault.")
def test_real_processes_print_no_word_of_a_person(tmp_path: Path) -> None:
    application = Application(tmp_path, settings={"LOG_FORMAT": "json", "LOG_LEVEL": "INFO"})
    application.migrate()
    who = {"email": f"{MARK}@example.com", "password": PASSWORD}
    with application.serving() as server:
        application.post("/api/v1/users/", who)
        token = application.post("/api/v1/token/", who)[1]["access"]
        refuse(application, "INSERT", "todos_task")
        with pytest.raises(AssertionError, match="500"):
            application.post("/api/v1/tasks/", {"title": MARK}, token=token)
        with pytest.raises(AssertionError, match="404"):
            application.get(f"/{MARK}?q={MARK}")
        refuse(application, "UPDATE", "django_tasks_database_dbtaskresult")
        printed = read_until(server, "An exception that nobody caught")
        kill_group(server)
    assert MARK.lower() not in printed.lower()
    told = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    assert {"api:tasks", "none"} <= {event.get("route") for event in told}
    fault = next(event for event in told if event["message"].startswith("500"))
    assert fault["errors"][0]["type"] == "django.db.utils.IntegrityError"
    last = told[-1]
    assert (last["level"], last["errors"][0]["type"]) == (
        "CRITICAL",
        "django.db.utils.IntegrityError",
    )


def refuse(application: Application, verb: str, table: str) -> None:
    """Have the database refuse changes of a table with a sentence that holds private words.

    The jobs that are done are due once more.
    """
    with closing(sqlite3.connect(application.data_dir / "todo.sqlite3")) as database:
        database.execute("UPDATE django_tasks_database_dbtaskresult SET status = 'READY'")
        database.execute(
            f"CREATE TRIGGER no_{table} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'Key (title)=({MARK})'); END"
        )
        database.commit()


def read_until(process: Any, words: str) -> str:
    read = ""
    for line in process.stdout:
        read += line
        if words in line:
            return read
    raise AssertionError(f"It ended without {words!r}:\n{read}")
