"""What was acknowledged survives `kill -9`, of the whole server and of the worker."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from itertools import count
from queue import Empty
from subprocess import Popen
from threading import Event

import pytest
from django.conf import settings

from tests.drills.figures import LONG, record
from tests.servers import Application, MailServer, kill_group, mail_server

KILLS = 25 if LONG else 5


def test_every_acknowledged_task_survives_a_kill(application: Application) -> None:
    acknowledged: set[int] = set()
    for round_ in range(KILLS):
        with application.serving() as server:
            token = application.sign_in(is_new=round_ == 0)
            acknowledged |= post_until_killed(application, token, server)
    assert len(acknowledged) >= KILLS * 20
    with application.serving():
        kept = {task["id"] for task in application.all_tasks(application.sign_in())}
    assert acknowledged - kept == set()
    if settings.IS_SQLITE:
        with closing(sqlite3.connect(application.data_dir / "todo.sqlite3")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    record("kill", f"{KILLS} kills, {len(acknowledged)} writes acknowledged, 0 lost")


def post_until_killed(application: Application, token: str, server: Popen[str]) -> set[int]:
    """Have four clients post tasks, kill the server amid them; the ids that were answered."""
    acknowledged: set[int] = set()
    enough = Event()

    def post() -> None:
        for number in count():
            try:
                status, task = application.post(
                    "/api/v1/tasks/", {"title": f"Task {number}"}, token=token
                )
            except OSError:
                return
            if status == 201:
                acknowledged.add(task["id"])
                if len(acknowledged) >= 20:
                    enough.set()

    with ThreadPoolExecutor(4) as clients:
        posting = [clients.submit(post) for _ in range(4)]
        assert enough.wait(60)
        kill_group(server)
        for each in posting:
            each.result()
    return acknowledged


QUEUE_A_REPORT = """
from allauth.account.models import EmailAddress
from accounts.models import User
from todos.tasks import queue_report
alice = User.objects.create(email="alice@example.com")
EmailAddress.objects.filter(user=alice).update(verified=True)
queue_report(alice)
"""


def read_mail(mails: MailServer) -> EmailMessage:
    return message_from_string(mails.received.get(timeout=60), policy=default)


def test_a_report_survives_a_worker_killed_in_the_middle_of_its_mail(
    application: Application,
) -> None:
    with mail_server() as mails:
        application.settings["EMAIL_URL"] = mails.url
        application.manage("shell", "--no-imports", "-c", QUEUE_A_REPORT)
        with application.running("worker", "--silence=1") as worker:
            first = read_mail(mails)
            kill_group(worker)
        mails.may_accept.set()
        with application.running("worker", "--silence=1"):
            second = read_mail(mails)
    assert first["To"] == second["To"] == "alice@example.com"
    assert first["Message-ID"] == second["Message-ID"] != ""
    record("mail", "worker killed in the middle: sent again, with the same Message-ID")
    assert [part.get_filename() for part in first.iter_attachments()] == ["tasks.csv"]


QUEUE_A_REMINDER = """
from datetime import timedelta
from allauth.account.models import EmailAddress
from django.utils import timezone
from accounts.actor import Actor
from accounts.models import User
from todos import operations
alice = User.objects.create(email="alice@example.com")
EmailAddress.objects.filter(user=alice).update(verified=True)
by, before = Actor(alice), timezone.now() - timedelta(hours=1)
task, _ = operations.create_task(by=by, title="Water the plants")
moment = before + timedelta(minutes=1)
operations.add_reminder(task, by=by, remind_at=moment, at=before)
"""
TELL_OF_THE_REMINDER = """
from todos.models import Reminder
reminder = Reminder.objects.get()
print(reminder.attempts, reminder.sent_at is not None, repr(reminder.last_error))
"""


def test_a_reminder_survives_a_worker_killed_in_the_middle_of_its_mail(
    application: Application,
) -> None:
    shell = ("shell", "--no-imports", "-c")
    with mail_server() as mails:
        application.settings["EMAIL_URL"] = mails.url
        application.manage(*shell, QUEUE_A_REMINDER)
        with application.running("worker", "--silence=1") as worker:
            first = read_mail(mails)
            kill_group(worker)
        assert "1 False ''" in application.manage(*shell, TELL_OF_THE_REMINDER)
        mails.may_accept.set()
        with application.running("worker", "--silence=1") as worker:
            second = read_mail(mails)
            worker.terminate()
            worker.wait(60)
    assert "2 True ''" in application.manage(*shell, TELL_OF_THE_REMINDER)
    assert first["To"] == second["To"] == "alice@example.com"
    assert first["Subject"] == second["Subject"] == "Reminder: Water the plants"
    assert first["Message-ID"] == second["Message-ID"] != ""


def test_a_report_queued_while_no_worker_runs_is_mailed_by_the_next(
    application: Application,
) -> None:
    with mail_server() as mails:
        mails.may_accept.set()
        application.settings["EMAIL_URL"] = mails.url
        application.manage("shell", "--no-imports", "-c", QUEUE_A_REPORT)
        with application.running("worker"):
            assert "alice@example.com" in mails.received.get(timeout=60)


def test_a_job_that_a_live_worker_still_runs_is_left_alone(application: Application) -> None:
    with mail_server() as mails:
        application.settings["EMAIL_URL"] = mails.url
        application.manage("shell", "--no-imports", "-c", QUEUE_A_REPORT)
        worker = ("worker", "--silence=3")
        with application.running(*worker), application.running(*worker):
            read_mail(mails)
            with pytest.raises(Empty):
                mails.received.get(timeout=8)
