"""What is agreed with PostgreSQL when a connection begins: libpq's parameters, and time-outs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# The hosts of an address together may keep a request waiting for so many seconds; each has two at
# least, which is libpq's shortest.
CONNECT_SECONDS = 4
# A server that is gone without a word is noticed when nobody takes what was sent for so long, or,
# while nothing is sent, when three questions stay unanswered.
NOTICE_LOSS = {
    "tcp_user_timeout": 4000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
TIME_OUTS = "-c lock_timeout=2s -c idle_in_transaction_session_timeout=10s"
OF_REQUESTS = "-c statement_timeout=5s"


def postgresql(database: Mapping[str, Any]) -> dict[str, Any]:
    """`database` as Django is told of it: our defaults, and what its URL says after "?".

    psycopg prepares what it has sent five times over a connection. That takes values apart from
    the statement, which Django by itself does not. Behind PgBouncer no time-out can be agreed, and
    no cursor outlives its statement.
    """
    said = dict(database.get("OPTIONS", {}))
    is_prepared = switch(said, "prepared_statements", default="on")
    is_pooled = switch(said, "pgbouncer", default="off")
    hosts = str(database.get("HOST", "")).replace("[", "").replace("]", "")
    seconds = CONNECT_SECONDS // (hosts.count(",") + 1)
    options: dict[str, Any] = {"connect_timeout": max(2, seconds)} | NOTICE_LOSS
    if not is_pooled:
        said["options"] = f"{TIME_OUTS} {said.get('options', '')}".rstrip()
    if is_prepared:
        options |= {"server_side_binding": True, "prepare_threshold": 5}
    return {
        **database,
        "ENGINE": "todo_project.postgresql",
        "HOST": hosts,
        "OPTIONS": options | said,
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
    }


def switch(options: dict[str, Any], name: str, *, default: str) -> bool:
    """Take the switch of this name out of `options`. Raises ImproperlyConfigured."""
    value = options.pop(name, default)
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} in DATABASE_URL is {value!r}; it must be on or off.")
    return bool(value == "on")


def limit_statements(database: Mapping[str, Any]) -> None:
    """Let no statement of this process take longer than a request may, unless the URL says so.

    Commands of operators and the worker, which never come here, take the time they need.
    """
    options = database.get("OPTIONS", {})
    if "options" in options:
        options["options"] = f"{OF_REQUESTS} {options['options']}"
