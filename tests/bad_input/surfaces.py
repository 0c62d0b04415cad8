"""Every route of the API that takes a body, and every page that takes a form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from tests import fuzz
from todos.models import Journal, TaskList
from todos.urls import urlpatterns

JSON = "application/json"
# The page forms that a journal does not count, or that have no fields.
FIELDS = [
    *("title", "name", "text", "query", "description", "due_on", "due_time", "due_zone"),
    *("start_on", "priority", "tags", "task_list", "list", "section", "parent", "before", "after"),
    *("rule", "repeats_from", "repetition", "color", "position", "at", "minutes_before", "since"),
    *("tasks", "action", "day", "occurrence", "children", "version", "next", "q"),
]


class Route(NamedTuple):
    method: str
    path: str
    content_types: list[str]
    is_public: bool


def routes_with_a_body() -> list[Route]:
    """As the schema tells of them, with `{id}` in their paths."""
    paths = Client().get("/api/v1/schema/?format=json").json()["paths"]
    return [
        Route(method, path, list(operation["requestBody"]["content"]), "security" not in operation)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if "requestBody" in operation
    ]


def addressed(path: str, rows: dict[str, Any]) -> str:
    """`path` with the ids of rows that there are."""
    return path.format(**fuzz.named_by_address(path, rows)) if "{" in path else path


def pages(rows: dict[str, Any]) -> Iterator[str]:
    """The address of every page of the to-do list."""
    for pattern in urlpatterns:
        name = f"todos:{pattern.name}"
        kind = str(pattern.pattern).split("s/")[0]
        try:
            yield reverse(name)
        except NoReverseMatch:
            yield reverse(name, kwargs={"pk": rows.get(kind, rows["task"])})


def written(user: User) -> tuple[int, int]:
    """What grows or changes with every write of `user`."""
    lists = TaskList.objects.filter(owner=user).count()
    return Journal.objects.get(owner=user).last_number, lists
