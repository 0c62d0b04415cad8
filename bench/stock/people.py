"""The stock application's side of a data set: one person made by its models, and their tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from bench.content import LISTS, Drive, line
from bench.stock.models import Tag, Task, TaskList

OF_TASKS = [Task, Task.tags.through]
OF_PEOPLE = [User, TaskList, Tag, *OF_TASKS]
# Where tokens are refreshed, and the member of both bodies that holds the token.
REFRESH = {"path": "/api/v1/token/refresh/", "member": "refresh"}
MADE_AT = datetime(2025, 12, 1, 9, tzinfo=UTC)
TOKENS_EACH = 30


@transaction.atomic
def make_person(email: str, tasks: int) -> User:
    person = User.objects.create_user(email, email)
    lists = [person.task_lists.create(name="Inbox", is_inbox=True)]
    lists += [person.task_lists.create(name=name) for name in LISTS]
    for number in range(tasks):
        each = line(number)
        task = person.tasks.create(
            title=each.title,
            description=each.description,
            priority=each.priority,
            task_list=lists[each.list_number],
            due_on=each.due_on,
            completed_at=MADE_AT if each.is_done else None,
        )
        task.tags.set([person.tags.get_or_create(name=name)[0] for name in each.tags])
    return person


def drive(people: list[str], operation: str) -> Drive:
    """Tokens that are good for five minutes from now on, and what the tasks are like now."""
    found = Drive(REFRESH)
    for person in User.objects.filter(email__in=people).order_by("pk"):
        if operation == "page":
            found.cookies.append(page_cookie(person))
            continue
        if operation == "refresh":
            for _ in range(TOKENS_EACH):
                found.refresh_tokens.append(str(RefreshToken.for_user(person)))
            continue
        found.tokens.append(str(AccessToken.for_user(person)))
        found.tasks.append(list(person.tasks.order_by("pk").values_list("pk", flat=True)))
        undated = person.tasks.filter(due_on=None).order_by("pk")
        states = undated.values_list("pk", "completed_at")
        found.open.append([(pk, completed_at is None) for pk, completed_at in states])
    return found


@cache
def page_cookie(person: User) -> str:
    client = Client()
    client.force_login(person)
    return "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())


def collect_static_files() -> None:
    """Need none: `static` gives the names as they are."""
