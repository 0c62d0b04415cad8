"""The application's side of a data set: one person made by its own operations, and their tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts import sessions
from accounts.actor import Actor, Caller
from accounts.management.commands import serve
from accounts.models import ApiSession, User
from accounts.tokens import AccessToken, RefreshToken
from bench.content import LISTS, Drive, line
from todos import operations
from todos.models import Change, Completion, Journal, SearchText, Tag, Task, TaskList, TaskTag

OF_TASKS = [Task, TaskTag, SearchText, Completion]
OF_PEOPLE = [User, EmailAddress, Journal, TaskList, Tag, *OF_TASKS, Change]
# Where tokens are refreshed, and the member of both bodies that holds the token.
REFRESH = {"path": "/api/v1/refresh", "member": "refresh_token"}
MADE_AT = datetime(2025, 12, 1, 9, tzinfo=UTC)
# Sessions of each driven person, so that none meets the limit of refreshes a minute.
SESSIONS_EACH = 30


@transaction.atomic
def make_person(email: str, tasks: int) -> User:
    person = User(email=email, created_at=MADE_AT)
    person.set_unusable_password()
    person.save()
    by = Actor(person)
    lists = [person.task_lists.get(is_inbox=True)]
    lists += [operations.create_list(by=by, at=MADE_AT, name=name)[0] for name in LISTS]
    for number in range(tasks):
        each = line(number)
        task, _ = operations.create_task(
            by=by,
            at=MADE_AT,
            title=each.title,
            description=each.description,
            priority=each.priority,
            task_list=lists[each.list_number],
            tags=each.tags,
            due_on=each.due_on,
        )
        if each.is_done:
            operations.complete_task(task, by=by, at=MADE_AT)
    return person


def collect_static_files() -> None:
    serve.Command(stdout=None).collect_static_files()


def drive(people: list[str], operation: str) -> Drive:
    """Tokens that are good for five minutes from now on, and what the tasks are like now."""
    at, found = timezone.now(), Drive(REFRESH)
    for person in User.objects.filter(email__in=people).order_by("pk"):
        if operation == "page":
            found.cookies.append(page_cookie(person))
            continue
        if operation == "refresh":
            opened = open_sessions(person, SESSIONS_EACH)
            found.refresh_tokens += [str(RefreshToken.of(each, at=at)) for each in opened]
            continue
        found.tokens.append(str(AccessToken.of(open_sessions(person, 1)[0], at=at)))
        tasks = Task.objects.visible_to(person).order_by("pk")
        found.tasks.append(list(tasks.values_list("pk", flat=True)))
        undated = tasks.filter(due_on=None).values_list("pk", "completed_at")
        found.open.append([(pk, completed_at is None) for pk, completed_at in undated])
    return found


def open_sessions(person: User, number: int) -> list[ApiSession]:
    live = ApiSession.objects.filter(user=person, revoked_at=None).select_related("user")
    for _ in range(number - live.count()):
        sessions.open_session(
            person, client=ApiSession.Client.TOKEN, caller=Caller("127.0.0.1", "wrk")
        )
    return list(live)


@cache
def page_cookie(person: User) -> str:
    client = Client()
    client.force_login(person)
    return "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
