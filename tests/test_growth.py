"""What one person asks for costs the same in a crowd: no statement reads the rows of others.

The plans are PostgreSQL's, over the 200,000 tasks of `crowd.sql`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from accounts import background, sessions
from accounts.actor import Actor, Caller
from accounts.api import cursors
from accounts.models import ApiSession, User
from accounts.operations import close_account
from tests.conftest import browser_of, program_of
from tests.crowd import HEAVY, PEOPLE, SOMEONE, crowded_database
from todos import operations
from todos.models import Change, Comment, SavedFilter, Section, Tag, Task, TaskList

autodiscover_modules("sweeps")
pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="The plans are PostgreSQL's."
)

# A table that grows with people has more rows; and what a statement reads for somebody with a
# 50 tasks is less than this, in blocks of 8 KB and in rows.
FEW_ROWS = 2500
MOST_BLOCKS = 1500
MOST_ROWS = 2500
PLANNED = ("SELECT", "(SELECT", "UPDATE", "DELETE", "WITH")


@pytest.fixture(scope="module", autouse=True)
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), crowded_database():
        yield


@pytest.fixture
def someone(db: None) -> User:
    return User.objects.get(pk=SOMEONE)


@pytest.fixture
def names(someone: User) -> dict[str, int]:
    """What stands in addresses, of rows that are outside the trash."""
    tasks = Task.objects.visible_to(someone).open().in_active_lists()
    return {
        "task": tasks.filter(comments__isnull=False).values_list("pk", flat=True)[0],
        "list": PEOPLE + SOMEONE,
        "tag": PEOPLE + SOMEONE,
        "filter": SavedFilter.objects.get(owner=someone).pk,
    }


class Plans:
    """The plan of each statement that is run meanwhile; those that only read are also measured."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, Any]]] = []

    def __enter__(self) -> Plans:
        self.wrapping = connection.execute_wrapper(self.look)
        self.wrapping.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self.wrapping.__exit__(*problem)

    def look(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(PLANNED):
            reads = not sql.startswith(("UPDATE", "DELETE"))
            options = "ANALYZE, BUFFERS, FORMAT JSON" if reads else "FORMAT JSON"
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN ({options}) {sql}", params)
                self.found.append((sql, cursor.fetchone()[0][0]["Plan"]))
        return execute(sql, params, many, context)

    def refuse_scans(self) -> None:
        """Fail for a statement that reads a whole table or index, or more than a person has."""
        assert self.found
        large = large_tables()
        for sql, plan in self.found:
            trouble = [told for node in nodes_of(plan) if (told := trouble_with(node, large))]
            if blocks_of(plan) > MOST_BLOCKS:
                trouble.append(f"reads {blocks_of(plan)} blocks")
            assert not trouble, f"{', '.join(trouble)}:\n{sql}\n{told_plan(plan)}"


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)


def blocks_of(plan: dict[str, Any]) -> int:
    return plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)


def rows_of(node: dict[str, Any]) -> int:
    """How many rows a step of a plan looked at."""
    passed = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    return passed * node.get("Actual Loops", 1)


def trouble_with(node: dict[str, Any], large: set[str]) -> str:
    """What is wrong with a step of a plan, "" if nothing is."""
    kind = node["Node Type"]
    if kind == "Seq Scan" and node["Relation Name"] in large:
        return f"scans {node['Relation Name']}"
    if kind.startswith(("Index", "Bitmap Index")) and "Index Cond" not in node:
        return f"reads all of {node['Index Name']}"
    return f"passes {rows_of(node)} rows" if rows_of(node) > MOST_ROWS else ""


def told_plan(plan: dict[str, Any], depth: int = 0) -> str:
    names = ("Node Type", "Index Name", "Relation Name", "Index Cond", "Filter")
    told = " · ".join(str(plan[name]) for name in names if name in plan)
    line = f"{'  ' * depth}{told} · {rows_of(plan)} rows, {blocks_of(plan)} blocks"
    return "\n".join([line, *(told_plan(part, depth + 1) for part in plan.get("Plans", ()))])


def large_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [FEW_ROWS]
        )
        return {name for (name,) in cursor.fetchall()}


PAGES = [
    "/today",
    "/inbox",
    "/lists/{list}",
    "/upcoming",
    "/calendar",
    "/tags/{tag}",
    "/tasks",
    "/tasks?page=2",
    "/done",
    "/done?page=2",
    "/search?q=buy+th",
    "/search?q=thing&page=2",
    "/palette",
    "/palette?q=thing",
    "/trash",
    "/trash?page=2",
    "/activity",
    "/activity?task={task}",
    "/lists",
    "/tags",
    "/filters",
    "/filters/{filter}",
    "/tasks/{task}",
    "/tasks/{task}/edit",
    "/tasks/{task}/move",
    "/devices",
    "/security-log",
    "/settings",
    "/report.csv",
]
API = [
    "tasks/",
    "tasks/?page=2&size=10",
    "tasks/?list={list}",
    "tasks/?tag=tag1",
    "tasks/?completed=true",
    "tasks/?completed=false&ordering=deadline",
    "tasks/?search=buy",
    "tasks/?search=th&ordering=title",
    "tasks/?filter=today",
    "tasks/?filter=overdue+%26+p1",
    "tasks/?filter=@tag1+%7C+%23Inbox",
    "tasks/?filter=no+tags",
    "tasks/?filter=no+date",
    "tasks/?filter=7+days+%26+!@tag1",
    "tasks/?filter=search:+buy",
    "tasks/{task}",
    "tasks/{task}/comments/",
    "tasks/{task}/reminders/",
    "tasks/{task}/changes",
    "changes",
    "changes?since=2",
    "stats",
    "lists/",
    "lists/{list}",
    "tags/",
    "tags/{tag}",
    "sections/",
    "sections/?list={list}",
    "filters/",
    "trash/",
    "sessions/",
    "users/me/",
]
ORDERINGS = [
    sign + name
    for name in ("deadline", "priority", "position", "created_at", "last_update", "title")
    for sign in ("", "-")
]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_reads_its_persons_rows(someone: User, names: dict[str, int], address: str) -> None:
    browser = browser_of(someone)
    with Plans() as plans:
        assert browser.get(address.format(**names)).status_code == 200
    plans.refuse_scans()


@pytest.mark.parametrize("address", API + [f"tasks/?ordering={order}" for order in ORDERINGS])
def test_a_program_reads_its_persons_rows(
    someone: User, names: dict[str, int], address: str
) -> None:
    program = program_of(someone)
    with Plans() as plans:
        assert program.get(f"/api/v1/{address.format(**names)}").status_code == 200
    plans.refuse_scans()


@pytest.mark.parametrize("ordering", ["", *ORDERINGS])
def test_a_cursor_reads_its_persons_rows(someone: User, ordering: str) -> None:
    program, asked = program_of(someone), {"limit": 10, "ordering": ordering}
    cursor = program.get("/api/v1/tasks/", asked).json()["next"]
    with Plans() as plans:
        assert program.get("/api/v1/tasks/", {**asked, "cursor": cursor}).status_code == 200
    plans.refuse_scans()


def test_by_cursor_the_end_is_as_near_as_the_start(db: None) -> None:
    heavy = User.objects.get(pk=HEAVY)
    tasks, program = Task.objects.visible_to(heavy), program_of(heavy)
    asking: Any = SimpleNamespace(user=heavy, path="/api/v1/tasks/")
    columns = cursors.columns_of(tasks.order_by("-pk"))
    near_the_end = cursors.write(asking, columns, tasks.order_by("pk")[60])
    read = []
    for cursor in ("", near_the_end):
        with Plans() as plans:
            answer = program.get("/api/v1/tasks/", {"cursor": cursor})
        assert len(answer.json()["items"]) == 50
        read.append(sum(blocks_of(plan) for _sql, plan in plans.found))
    assert read[1] <= read[0] * 1.5


ACTS: dict[str, Callable[[User, dict[str, int]], object]] = {
    "complete": lambda someone, names: operations.complete_task(
        Task.objects.get(pk=names["task"]), by=Actor(someone)
    ),
    "change": lambda someone, names: operations.change_task(
        Task.objects.get(pk=names["task"]), by=Actor(someone), title="New", tags=["tag1", "tag9"]
    ),
    "undo": lambda someone, names: operations.undo_batch(
        Change.objects.filter(owner=someone, object_id=names["task"])[0], by=Actor(someone)
    ),
    "empty the trash": lambda someone, names: operations.empty_trash(someone, by=Actor(someone)),
    "refresh": lambda someone, names: sessions.refresh_session(
        ApiSession.objects.filter(user=someone, revoked_at=None)[0],
        generation=0,
        caller=Caller(),
        at=timezone.now(),
    ),
    "sign others out": lambda someone, names: sessions.end_others(
        someone, keep=None, caller=Caller()
    ),
    "close the account": lambda someone, names: close_account(someone),
    "work": lambda someone, names: background.Worker().step(at=timezone.now(), clock=0),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_reads_its_persons_rows(someone: User, names: dict[str, int], act: str) -> None:
    with Plans() as plans:
        ACTS[act](someone, names)
    plans.refuse_scans()


# What a sweep may read whole, once a day or an hour: `usersessions` is not ours, and has no index
# by age; the trash of everybody is looked through by its index alone.
READ_WHOLE = {
    "scans usersessions_usersession",
    "scans accounts_pagesession",
    "reads all of task_trashed_of_owner",
    "reads all of list_trashed_of_owner",
}


@pytest.mark.parametrize("name", background.sweeps)
def test_a_sweep_reads_what_is_old(db: None, name: str) -> None:
    with Plans() as plans:
        background.sweeps[name].run(timezone.now() - timedelta(days=28))
    large = large_tables()
    for sql, plan in plans.found:
        trouble = {trouble_with(node, large) for node in nodes_of(plan)}
        whole = {told for told in trouble if told.startswith(("scans", "reads all"))}
        assert whole <= READ_WHOLE, f"{whole}:\n{sql}\n{told_plan(plan)}"


FOREIGN_KEYS = """
SELECT conrelid::regclass::text, attname FROM pg_constraint
JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1] AND (
        indpred IS NULL OR pg_get_expr(indpred, indrelid) = format('(%I IS NOT NULL)', attname)
    )
)
"""


def test_each_foreign_key_is_found_by_an_index_when_its_target_is_deleted(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        assert cursor.fetchall() == []


def erase_list(someone: User) -> None:
    task_list = TaskList.objects.get(pk=PEOPLE + someone.pk)
    operations.trash_list(task_list, by=Actor(someone))
    operations.erase_list(task_list, by=Actor(someone))


DELETIONS: dict[str, Callable[[User], object]] = {
    "a list": erase_list,
    "a tag": lambda someone: Tag.objects.filter(owner=someone)[0].delete(),
    "a section": lambda someone: Section.objects.filter(owner=someone)[0].delete(),
    "a parent": lambda someone: Task.objects.filter(owner=someone, parent=None)[7].delete(),
    "a comment": lambda someone: Comment.objects.filter(owner=someone)[0].delete(),
    "a change": lambda someone: Change.objects.filter(owner=someone)[0].delete(),
    "a session": lambda someone: ApiSession.objects.filter(user=someone)[0].delete(),
    "the trash": lambda someone: operations.empty_trash(someone, by=Actor(someone)),
    "an account": close_account,
    "an account in the admin": lambda someone: someone.delete(),
}
WAYS = WHOLE, BY_INDEX = "whole", "by index"
READ = """
SELECT relname, seq_tup_read, idx_tup_fetch FROM pg_stat_xact_user_tables
"""


def rows_read() -> Counter[tuple[str, str]]:
    """How many rows of each table were read whole and by an index.

    What the transactions before this one read may not have been handed in yet, and counts too.
    """
    with connection.cursor() as cursor:
        cursor.execute(READ)
        rows = cursor.fetchall()
    return Counter(
        {
            (name, way): number or 0
            for name, *both in rows
            for way, number in zip(WAYS, both, strict=True)
        }
    )


@pytest.mark.parametrize("what", DELETIONS)
def test_to_delete_reads_what_is_deleted(someone: User, what: str) -> None:
    """What the checks of foreign keys read, which no plan tells, is counted by the database."""
    large, before = large_tables(), rows_read()
    DELETIONS[what](someone)
    connection.check_constraints()
    read = rows_read() - before
    assert [name for name in large if read[name, WHOLE]] == []
    assert sum(number for (_name, way), number in read.items() if way == BY_INDEX) < MOST_ROWS
