"""The schema of the API as schemathesis reads it, and what it takes to send a case."""

from __future__ import annotations

import os
from typing import Any

import schemathesis
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.transport.serialization import Binary

from accounts import sessions
from accounts.actor import Actor, Caller
from accounts.models import User
from accounts.tokens import AccessToken
from accounts.validators import time_zones
from tests.conftest import PASSWORD, make_user
from tests.todos.transfers.accounts import file_of
from todo_project.wsgi import application
from todos import operations
from todos.models import Transfer
from todos.transfers import jobs

# `make fuzz` asks for many examples of each route, with another seed each time.
IS_LONG = "FUZZ" in os.environ
EXAMPLES = int(os.environ.get("FUZZ", 8))
SEED = int(os.environ.get("FUZZ_SEED", 0))
SETTINGS = settings(
    max_examples=EXAMPLES,
    derandomize=not IS_LONG,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

ACCEPTED = ["2xx", "304", "401", "404", "409", "412"]
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "415", "422", "429"]
# Where the schema cannot say all that is asked of a request, what it allows may be refused.
EXCEPTIONS: list[dict[str, Any]] = [
    # Which words are a filter, a rule or an account, and which fields go together.
    {
        "include-method-regex": "POST|PUT|PATCH",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "400", "422"]}},
    },
    # `page` and `size` do not go with `cursor` and `limit`; `list` is an id, `tag` a name.
    {
        "include-name-regex": "^GET .*(/|\\{id\\}/changes)$",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "400"]}},
    },
    # The inbox stays.
    {
        "include-name-regex": "^DELETE .*/lists/\\{id\\}$",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "400"]}},
    },
    # Numbers that are yet to come are of another journal.
    {
        "include-path": "/api/v1/changes",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "410"]}},
    },
    # What is wrong with one of its operations is told in the results.
    {
        "include-path": "/api/v1/tasks/bulk",
        "checks": {"negative_data_rejection": {"expected-statuses": [*REFUSED, "200"]}},
    },
    # schemathesis takes every file that a test puts into a form to be against the schema.
    {
        "include-path": "/api/v1/users/me/import",
        "checks": {"negative_data_rejection": {"expected-statuses": [*REFUSED, "202"]}},
    },
]


def read_schema() -> Any:
    """The schema that is served, with all checks of schemathesis. It asks this process."""
    config = SchemathesisConfig.from_dict(
        {
            "generation": {
                "deterministic": not IS_LONG,
                "max-examples": EXAMPLES,
                "database": "none",
                "no-shrink": not IS_LONG,
            },
            # Every bound of every field, thousands of cases.
            "phases": {"coverage": {"enabled": IS_LONG}},
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
            "operations": EXCEPTIONS,
        }
    )
    config.update(seed=SEED, max_failures=None)
    served = Client().get("/api/v1/schema/?format=json").json()
    if not IS_LONG:
        for path in served["paths"].values():
            for operation in path.values():
                keep_first_media_type(operation)
    schemathesis.openapi.format("time-zone", st.sampled_from(time_zones()))
    schemathesis.openapi.format("etags", st.sampled_from(['"v1"', "*", '"v2", W/"v1"']))
    schema = schemathesis.openapi.from_dict(served, config=config)
    schema.app = application
    return schema


def keep_first_media_type(operation: dict[str, Any]) -> None:
    """JSON where it is taken: to send forms as well takes three times as long."""
    content = operation.get("requestBody", {}).get("content", {})
    for media_type in list(content)[1:]:
        del content[media_type]


def headers_of(user: User) -> dict[str, str]:
    """What signs `user` in, by a session that nothing has ended yet."""
    session = sessions.open_session(user, client="token", caller=Caller())
    return {"Authorization": f"Bearer {AccessToken.of(session, at=timezone.now())}"}


def rows_of(user: User) -> dict[str, Any]:
    """One thing of each kind, by the names that addresses and bodies give to its id."""
    by = Actor(user)
    task_list, _ = operations.create_list(by=by, name="Home")
    section, _ = operations.create_section(by=by, name="Soon", task_list=task_list)
    task, _ = operations.create_task(by=by, title="a", task_list=task_list, tags=["tag"])
    other, _ = operations.create_task(by=by, title="b", task_list=task_list)
    trashed, _ = operations.create_task(by=by, title="c")
    trashed_list, _ = operations.create_list(by=by, name="Old")
    soon = timezone.now() + timezone.timedelta(days=1)
    session = sessions.open_session(user, client="token", caller=Caller())
    exported, _ = jobs.ask_for_export(user, at=timezone.now())
    jobs.make_export.call(exported.pk)
    Transfer.objects.create(owner=user, kind=Transfer.Kind.IMPORT)
    return {
        "list": task_list.pk,
        "section": section.pk,
        "task": task.pk,
        "other": other.pk,
        "tag": task.tags.get().pk,
        "filter": operations.create_filter(by=by, name="Now", query="today").pk,
        "comment": operations.add_comment(task, by=by, text="x").pk,
        "reminder": operations.add_reminder(task, by=by, remind_at=soon)[0].pk,
        "trashed task": operations.trash_task(trashed, by=by).pk,
        "trashed list": operations.trash_list(trashed_list, by=by).pk,
        "change": user.changes.order_by("number").first().pk,
        "session": str(session.pk),
        "file": file_of(user),
        "headers": headers_of(user),
        "headers of another": headers_of(make_user("Newcomer")),
    }


def headers_for(case: Case[Any], rows: dict[str, Any]) -> dict[str, str]:
    """Those of `user`, but only an account that is empty can be given the file of another."""
    is_import = case.operation.label == "POST /api/v1/users/me/import"
    return rows["headers of another" if is_import else "headers"]


def make_meaningful(case: Case[Any], user: User, rows: dict[str, Any]) -> None:
    """Have a case that follows the schema name rows that there are, and words with a meaning."""
    if case.meta is None:
        return
    is_meant = {where: not part.mode.is_negative for where, part in case.meta.components.items()}
    if is_meant.get(ParameterLocation.PATH) and case.path_parameters:
        case.path_parameters = named_by_address(case.path, rows)
    if is_meant.get(ParameterLocation.BODY) and isinstance(case.body, dict):
        known = {
            "list": rows["list"],
            "section": rows["section"],
            "parent": rows["other"],
            "before": rows["other"],
            "after": rows["other"],
            "query": "today | p1",
            "username": user.email,
            "password": PASSWORD,
            "current": PASSWORD,
            "file": Binary(rows["file"]),
        }
        case.body = case.body | {name: known[name] for name in case.body if name in known}
        if case.path == "/api/v1/auth/token":
            grant = {"grant_type": "password", "username": user.email, "password": PASSWORD}
            case.body |= grant


def named_by_address(path: str, rows: dict[str, Any]) -> dict[str, Any]:
    parts = path.removeprefix("/api/v1/").split("/")
    kind = parts[1] if parts[0] == "trash" else parts[0]
    kind = kind.removesuffix("s")
    is_trashed = "trash" in parts or "restore" in parts
    found = {"id": rows[f"trashed {kind}" if is_trashed else kind]}
    return found | ({"row": rows[parts[2].removesuffix("s")]} if "{row}" in parts else {})


def says_in_other_words(case: Case[Any]) -> bool:
    """Whether a text is read although the schema does not allow it.

    Spaces around a text do not count; in a form an empty field is none, and `on` is true.
    """
    if not isinstance(case.body, dict):
        return False
    values = [value for value in case.body.values() if not isinstance(value, Binary)]
    if any(isinstance(value, str) and value != value.strip() for value in values):
        return True
    if case.media_type in {None, "application/json"}:
        return False
    words = {"", "0", "1", "t", "f", "y", "n", "on", "off", "yes", "no", "true", "false", "null"}
    return any(str(value).lower() in words for value in values)
