"""How a line of the log looks: one for each event, without a word that somebody wrote.

What this program logs itself names rows by their numbers. Libraries log addresses of pages, values
of rows and what exceptions say; of theirs the sentence is kept as it stands in their code, with
numbers alone filled in. An exception is told by its class and its places in the code.
"""

from __future__ import annotations

import json
import logging
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.client import responses
from pathlib import Path
from traceback import walk_tb
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import trail

OURS = {"accounts", "todos", "todo_project"}
# Prefixes of files that say nothing, the longest first.
FOLDERS = sorted(
    {
        f"{folder}/"
        for folder in (
            str(Path(__file__).resolve().parent.parent),
            sysconfig.get_path("purelib"),
            sysconfig.get_path("stdlib"),
        )
    },
    key=len,
    reverse=True,
)
LONGEST_CHAIN = 5
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Lines(logging.Formatter):
    """A line to read: moment, level, source and message, then what more is known as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        head = "{at} {level} {logger}: {message}".format(**facts)
        rest = {name: facts[name] for name in facts.keys() - HEAD}
        errors = rest.pop("errors", [])
        words = [head, *(f"{name}={rest[name]}" for name in sorted(rest))]
        words += [f"error={each['type']} at {' > '.join(each['trace'])}" for each in errors]
        return escaped(" ".join(words))


class JSONLines(logging.Formatter):
    """The same as a JSON object, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(facts_of(record))


HEAD = {"at", "level", "logger", "message"}


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What may be told of `record`."""
    facts: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": message_of(record),
        **trail.marks.get(),
        **getattr(record, "facts", {}),
    }
    if hasattr(record, "request"):
        facts["route"] = route_of(record.request)
    if record.exc_info and record.exc_info[1]:
        facts["errors"] = list(errors_of(record.exc_info[1]))
    return facts


def message_of(record: logging.LogRecord) -> str:
    """The message, whole if it is ours.

    Of Django's about a request the status is told; of others their sentence without what is filled
    in; or, where that has been filled in already or cannot be left out, the place alone.
    """
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    if status := getattr(record, "status_code", 0):
        return f"{status} {responses.get(status, '')}"
    if record.args:
        with suppress(TypeError, ValueError, KeyError):
            return str(record.msg).replace("%r", "%s") % masked(record.args)
    return place(record.pathname, record.lineno, record.funcName or "")


def method_of(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else "other"


def route_of(request: HttpRequest) -> str:
    """The name of the address that was asked, "static" for a file, or "none"."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def masked(arguments: Any) -> Any:
    """`arguments` of a message without what may be words of people."""
    if isinstance(arguments, dict):
        return {name: mask(value) for name, value in arguments.items()}
    return tuple(mask(value) for value in arguments)


def mask(value: object) -> object:
    return value if isinstance(value, int | float) else "…"


def errors_of(problem: BaseException | None) -> Iterator[dict[str, Any]]:
    """`problem` and what it came of: their classes, and where each was, the outermost first."""
    for _ in range(LONGEST_CHAIN):
        if problem is None:
            return
        kind = type(problem)
        yield {
            "type": f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins."),
            "trace": [
                place(frame.f_code.co_filename, line, frame.f_code.co_name)
                for frame, line in walk_tb(problem.__traceback__)
            ],
        }
        context = None if problem.__suppress_context__ else problem.__context__
        problem = problem.__cause__ or context


def place(file: str, line: int, function: str) -> str:
    for folder in FOLDERS:
        file = file.removeprefix(folder)
    return f"{file}:{line} {function}"


def escaped(line: str) -> str:
    """`line` as one line, of characters that a terminal shows and does not obey."""
    if line.isprintable():
        return line
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in line
    )
