"""The report of all tasks: the file, the mail, and who gets it."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from accounts import background
from accounts.actor import Actor
from accounts.background import Worker
from accounts.models import User
from accounts.operations import close_account
from todos import operations
from todos.reports import report_lines
from todos.tasks import queue_report

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_to_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "sweeps", {})


def rows_for(user: User, *, at: datetime = NOON) -> list[list[str]]:
    return list(csv.reader(report_lines(user, at=at)))


def run_jobs() -> None:
    worker = Worker()
    while worker.step(at=datetime.now(UTC), clock=0):
        pass


def test_the_report_is_the_csv_that_the_api_promises(alice: User, by_alice: Actor) -> None:
    operations.create_task(by=by_alice, title="Someday")
    operations.create_task(by=by_alice, title="Late, but open", due_on=date(2026, 3, 1))
    operations.create_task(by=by_alice, title="Today", due_on=date(2026, 3, 2))
    done, _ = operations.create_task(by=by_alice, title="Done", due_on=date(2026, 2, 1))
    operations.complete_task(done, by=by_alice)
    gone, _ = operations.create_task(by=by_alice, title="In the trash")
    operations.trash_task(gone, by=by_alice)
    assert "".join(report_lines(alice, at=NOON)) == (
        "title,deadline,task_completed,task_deadline_passed\r\n"
        "Someday,N/A,False,N/A\r\n"
        '"Late, but open",01/03/2026,False,YES\r\n'
        "Today,02/03/2026,False,NO\r\n"
        "Done,01/02/2026,True,N/A\r\n"
        "Total Tasks,4,,\r\n"
        "Tasks Completed,1,,\r\n"
        "Tasks Deadline Passed,1,,\r\n"
    )


def test_deadlines_are_judged_where_the_person_is(alice: User, by_alice: Actor) -> None:
    alice.time_zone = "Pacific/Auckland"
    operations.create_task(by=by_alice, title="Sunday", due_on=date(2026, 3, 2))
    operations.create_task(
        by=by_alice, title="Early", due_on=date(2026, 3, 3), due_time=time(0, 30)
    )
    assert [row[3] for row in rows_for(alice)[1:3]] == ["YES", "YES"]
    assert [row[3] for row in rows_for(alice, at=NOON.replace(hour=10))[1:3]] == ["NO", "NO"]


@pytest.mark.parametrize("title", ["=cmd|'/c calc'!A0", "+1+1", "-1", "@SUM(A1)", "\uff1dSUM(A1)"])
def test_no_title_is_a_formula(alice: User, by_alice: Actor, title: str) -> None:
    operations.create_task(by=by_alice, title=title)
    assert rows_for(alice)[1][0] == f"'{title}"


def test_the_report_of_many_tasks_takes_one_query(
    alice: User, by_alice: Actor, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(23):
        operations.create_task(by=by_alice, title=f"Task {number}", tags=["a", "b"])
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(rows_for(alice)) == 27


def test_a_person_is_mailed_their_own_report(alice: User, bob: User, by_alice: Actor) -> None:
    operations.create_task(by=by_alice, title="Hers")
    operations.create_task(by=Actor(bob), title="His")
    queue_report(alice)
    assert mail.outbox == []
    run_jobs()
    (message,) = mail.outbox
    assert message.to == [alice.email]
    name, content, kind = message.attachments[0]
    assert (name, kind) == ("tasks.csv", "text/csv")
    assert "Hers" in content
    assert "His" not in content


def test_a_job_run_twice_sends_the_same_message_id(alice: User) -> None:
    queue_report(alice)
    run_jobs()
    DBTaskResult.objects.update(status="READY")
    run_jobs()
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    queue_report(alice)
    run_jobs()
    assert mail.outbox[2].extra_headers["Message-ID"] != first.extra_headers["Message-ID"]


def test_the_job_holds_an_id_and_nothing_private(alice: User) -> None:
    queue_report(alice)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [alice.pk], "kwargs": {}}


def test_closing_the_account_takes_its_queued_reports_along(alice: User, bob: User) -> None:
    queue_report(alice)
    queue_report(bob)
    close_account(alice)
    assert DBTaskResult.objects.get().args_kwargs["args"] == [bob.pk]


def test_the_report_of_a_deleted_account_is_not_sent(alice: User) -> None:
    queue_report(alice)
    User.objects.filter(pk=alice.pk).delete()
    run_jobs()
    assert mail.outbox == []
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_mail_that_leaves_the_machine_goes_to_confirmed_addresses_only(
    alice: User, settings: Settings, page: Client
) -> None:
    settings.MAIL_STAYS_HERE = False
    answer = page.post(reverse("todos:report"), follow=True)
    assert "Confirm your e-mail address first" in answer.text
    assert not DBTaskResult.objects.exists()
    EmailAddress.objects.filter(user=alice).update(verified=True)
    page.post(reverse("todos:report"))
    EmailAddress.objects.filter(user=alice).update(verified=False)
    run_jobs()
    assert mail.outbox == []


def test_the_page_gives_the_same_file_at_once(alice: User, page: Client, by_alice: Actor) -> None:
    operations.create_task(by=by_alice, title="Buy milk")
    answer = page.get(reverse("todos:report-file"))
    assert answer["Content-Disposition"] == 'attachment; filename="tasks.csv"'
    assert answer.getvalue().decode() == "".join(report_lines(alice, at=datetime.now(UTC)))
