"""Migrations are history: what the code of today does is no part of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# What the fields of models name, and how indexes are made beside those who write.
OF_FIELDS = {
    "accounts.fields",
    "accounts.indexes",
    "accounts.validators",
    "todos.models",
    "todos.models.tasks",
}
MIGRATIONS = sorted(ROOT.glob("*/migrations/0*.py"))


def imported_by(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_migration_uses_no_code_that_may_change(path: Path) -> None:
    ours = {config.name for config in apps.get_app_configs()} & {"accounts", "todos"}
    used = {name for name in imported_by(path) if name.partition(".")[0] in ours}
    assert used <= OF_FIELDS
