"""A migration leaves the version before it at work: docs/deploying.md, Upgrades without a pause.

Judged by the rules of django-migration-linter on the statements for PostgreSQL; SQLite is migrated
while nobody is served.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently as PlainlyConcurrent
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

from accounts.indexes import AddIndexConcurrently, RemoveIndexConcurrently

# What came before the rule: these make indexes anew under a lock.
BEFORE = {"accounts": "0012_index_of_jobs_by_task", "todos": "0021_due_tasks_counted_by_index"}
# Migrations that may break a rule, with the reason; such as one that drops a column which the
# version before has ceased to use.
EXCUSED: dict[tuple[str, str], str] = {}

on_postgresql = pytest.mark.skipif(settings.IS_SQLITE, reason="Judged on PostgreSQL's statements.")
INDEX = models.Index(fields=["title"], name="task_by_title")


def problems_of(migration: migrations.Migration, state: ProjectState) -> list[str]:
    """What would stop the version before, or make people wait, while `migration` runs."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state.clone(), editor, collect_sql=True)
    statements = [line for line in editor.collected_sql if not line.startswith("--")]
    analyser = get_sql_analyser_class("postgresql", analyser_string="postgresql")
    errors, _, warnings = analyse_sql_statements(analyser, statements, [])
    return [issue.code for issue in [*errors, *warnings]]


def today() -> ProjectState:
    """The tables as all migrations leave them."""
    loader = MigrationLoader(connection)
    return loader.project_state(loader.graph.leaf_nodes())


def migration_of(*operations: Operation, atomic: bool = True) -> migrations.Migration:
    migration = migrations.Migration("9999_example", "todos")
    migration.operations, migration.atomic = list(operations), atomic
    return migration


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_every_migration_leaves_the_version_before_at_work() -> None:
    loader = MigrationLoader(connection)
    judged = {
        key: migration
        for key, migration in loader.disk_migrations.items()
        if key[0] in BEFORE and key[1] > BEFORE[key[0]] and key not in EXCUSED
    }
    found = {
        key: problems_of(migration, loader.project_state(key, at_end=False))
        for key, migration in judged.items()
    }
    assert {key: problems for key, problems in found.items() if problems} == {}


@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (migrations.RemoveField("task", "description"), "DROP_COLUMN"),
        (migrations.RenameField("task", "description", "notes"), "RENAME_COLUMN"),
        (migrations.AddField("task", "mood", models.TextField(default="")), "NOT_NULL"),
        (migrations.AlterField("task", "title", models.CharField(max_length=9)), "ALTER_COLUMN"),
        (migrations.AddIndex("task", INDEX), "CREATE_INDEX"),
        (migrations.RemoveIndex("task", "task_newest_of_owner"), "DROP_INDEX"),
        (migrations.DeleteModel("comment"), "DROP_TABLE"),
        (migrations.AlterModelTable("comment", "remark"), "RENAME_TABLE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_stops_the_version_before_is_refused(operation: Operation, problem: str) -> None:
    assert problem in problems_of(migration_of(operation), today())


@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("operation", "atomic"),
    [
        (migrations.AddField("task", "mood", models.TextField(null=True)), True),
        (migrations.AddField("task", "mood", models.TextField(db_default="")), True),
        (migrations.CreateModel("Mood", [("id", models.BigAutoField(primary_key=True))]), True),
        (AddIndexConcurrently("task", INDEX), False),
        (RemoveIndexConcurrently("task", "task_newest_of_owner"), False),
    ],
)
def test_what_leaves_it_at_work_is_taken(operation: Operation, atomic: bool) -> None:
    assert problems_of(migration_of(operation, atomic=atomic), today()) == []


@pytest.mark.django_db(transaction=True)
def test_an_index_is_added_and_removed_on_any_database() -> None:
    assert issubclass(AddIndexConcurrently, PlainlyConcurrent)
    state = today()
    there = [index_names()]
    for operation in (
        AddIndexConcurrently("task", INDEX),
        RemoveIndexConcurrently("task", INDEX.name),
    ):
        with connection.schema_editor(atomic=False) as editor:
            state = migration_of(operation, atomic=False).apply(state, editor)
        there.append(index_names())
    assert there[1] - there[0] == {INDEX.name}
    assert there[2] == there[0]


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "todos_task"))
