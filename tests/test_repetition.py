"""What the database takes back through no fault of the request is done again, and done once."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, connections, transaction
from psycopg import IsolationLevel
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.accounts.races import at_once, on_postgresql
from tests.conftest import browser_of, make_user, program_of
from tests.todos.test_tasks import make_task
from todos.models import Completion, Journal, StoredAnswer, Task
from todos.operations.journal import Writer

TASKS = "/api/v1/tasks/"
MILK = {"title": "Milk"}

pytestmark = [on_postgresql, pytest.mark.django_db(transaction=True)]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def die() -> None:
    run("SELECT pg_terminate_backend(pg_backend_pid())")


class Fault:
    """Lets something happen at the end of the first `times` transactions that write."""

    def __init__(self, happen: Callable[[], object], *, times: int) -> None:
        self.happen = happen
        self.times = times
        self.transactions = 0

    def __enter__(self) -> Fault:
        flush = Writer.flush

        def flush_and_fail(writer: Writer) -> None:
            self.transactions += 1
            flush(writer)
            if self.transactions <= self.times:
                self.happen()

        self.patch = patch.object(Writer, "flush", flush_and_fail)
        self.patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.patch.stop()


@contextmanager
def isolation(level: IsolationLevel) -> Iterator[None]:
    """Have connections that are opened now keep transactions apart like this."""
    options = connections.settings["default"]["OPTIONS"]
    connection.close()
    with patch.dict(options, {"isolation_level": level}):
        yield
        connection.close()


def create(program: APIClient, **headers: str) -> Any:
    return program.post(TASKS, MILK, headers=headers)


def apart(ask: Callable[[], Any]) -> Any:
    """What `ask` returns, over a connection to the database that it may lose."""
    return at_once(lambda _number: ask(), 1)[0]


def test_a_request_whose_connection_is_lost_before_the_commit_is_done_again(alice: User) -> None:
    program = program_of(alice)
    with Fault(die, times=2) as fault:
        answer = apart(lambda: create(program))
    assert (answer.status_code, fault.transactions) == (201, 3)
    assert [task.title for task in Task.objects.all()] == ["Milk"]


def test_it_is_given_up_after_three_attempts(alice: User) -> None:
    program = program_of(alice)
    with Fault(die, times=5) as fault:
        answer = apart(lambda: create(program))
    assert (answer.status_code, answer["Retry-After"], fault.transactions) == (503, "5", 3)
    assert not Task.objects.exists()
    assert create(program).status_code == 201


def test_with_a_key_too_it_is_done_once(alice: User) -> None:
    program, key = program_of(alice), {"Idempotency-Key": "once"}
    with Fault(die, times=1):
        answers = [apart(lambda: create(program, **key)) for _number in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert (Task.objects.count(), StoredAnswer.objects.count()) == (1, 1)


def test_a_page_is_done_again_too_with_its_person_and_their_session(alice: User) -> None:
    page, task = browser_of(alice), make_task(Actor(alice))
    with Fault(die, times=1) as fault:
        answer = apart(lambda: page.post(f"/tasks/{task.pk}/complete", {"done": "1"}))
    assert (answer.status_code, fault.transactions) == (302, 2)
    assert Completion.objects.count() == 1
    assert page.get("/inbox").text.count("Done:") == 1


def test_a_commit_that_may_have_succeeded_is_not_repeated(alice: User) -> None:
    program = program_of(alice)
    run(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
        " CREATE CONSTRAINT TRIGGER die AFTER INSERT ON todos_task"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
    )
    try:
        with Fault(int, times=0) as fault:
            answer = apart(lambda: create(program))
        assert (answer.status_code, fault.transactions) == (503, 1)
    finally:
        run("DROP TRIGGER die ON todos_task; DROP FUNCTION die()")


def test_what_was_committed_before_the_fault_is_not_repeated(alice: User) -> None:
    program = program_of(alice)
    with patch("todos.api.views.tasks.row_of", side_effect=lambda _task: die()):
        answer = apart(lambda: create(program))
    assert answer.status_code == 503
    assert Task.objects.count() == 1


def test_a_statement_of_its_own_counts_as_kept(alice: User) -> None:
    before = connection.commits
    assert User.objects.filter(pk=alice.pk).exists()
    assert connection.commits == before
    User.objects.filter(pk=alice.pk).update(display_name="Al")
    assert connection.commits == before + 1


def test_within_a_transaction_nothing_is_repeated(alice: User) -> None:
    program = program_of(alice)

    def ask() -> Any:
        with suppress(OperationalError), transaction.atomic():
            return create(program)

    with Fault(die, times=1) as fault:
        assert apart(ask).status_code == 503
    assert fault.transactions == 1


def test_a_transaction_that_could_not_be_put_in_order_reads_everything_again(alice: User) -> None:
    program = program_of(alice)
    task = make_task(Actor(alice), "Milk")
    reread, turns = Writer.reread, itertools.count()

    def crossed(writer: Any, thing: Any) -> Any:
        now = reread(writer, thing)
        if not next(turns):
            at_once(lambda _: Task.objects.filter(pk=task.pk).update(description="Whole"), 1)
        return now

    with isolation(IsolationLevel.SERIALIZABLE), patch.object(Writer, "reread", crossed):
        answer = program.patch(f"{TASKS}{task.pk}", {"title": "Oat milk"})
    assert answer.status_code == 200
    assert next(turns) == 2
    assert (answer.json()["title"], answer.json()["description"]) == ("Oat milk", "Whole")


def test_of_two_that_lock_each_other_out_both_are_done(alice: User) -> None:
    people = [alice, make_user("Bob")]
    programs, meet, here = list(map(program_of, people)), threading.Barrier(2), threading.local()

    def cross() -> None:
        run("SET LOCAL deadlock_timeout = '50ms'")
        meet.wait(10)
        Journal.objects.select_for_update().get(owner=here.other)

    def ask(number: int) -> int:
        here.other = people[1 - number]
        return create(programs[number]).status_code

    with Fault(cross, times=2) as fault:
        assert at_once(ask, 2) == [201, 201]
    assert fault.transactions == 3
    assert set(Task.objects.values_list("owner", flat=True)) == {user.pk for user in people}
    assert Task.objects.count() == 2


def test_writers_that_cross_all_the_time_double_nothing_and_lose_nothing(alice: User) -> None:
    def ask(number: int) -> list[int]:
        return [create(programs[number]).status_code for _number in range(10)]

    programs = [program_of(alice) for _number in range(4)]
    with isolation(IsolationLevel.SERIALIZABLE):
        statuses = Counter(status for some in at_once(ask, 4) for status in some)
    assert set(statuses) <= {201, 503}
    assert statuses[201] == Task.objects.count() > 20


def test_who_waits_too_long_for_another_is_told_so(alice: User) -> None:
    program, page = program_of(alice), browser_of(alice)
    page.raise_request_exception = False
    began, may_end = threading.Event(), threading.Event()

    def act(number: int) -> Any:
        if not number:
            with transaction.atomic():
                Journal.objects.select_for_update().get(owner=alice)
                began.set()
                may_end.wait(10)
            return []
        began.wait(10)
        run("SET lock_timeout = '100ms'")
        try:
            return [create(program), page.post("/tasks/add", {"title": "Milk"})]
        finally:
            may_end.set()

    _, (answer, shown) = at_once(act, 2)
    words = "Something else is being written here right now. Please try again soon."
    assert (answer.status_code, answer.json()["detail"]) == (503, words)
    assert (shown.status_code, shown["Retry-After"]) == (503, "5")
    assert words in shown.text
