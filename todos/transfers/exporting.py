"""Writing the file of an account, row by row, so that any number of rows needs no more memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.kept import kept_about
from accounts.models import User
from accounts.transactions import reading_one_moment
from todos.transfers.formats import DOCUMENT, FORMAT, KEPT, PARTS, README, VERSION
from todos.transfers.rows import last_number_of, profile_of, rows_of
from todos.transfers.tables import TABLES

OPTIONS = orjson.OPT_UTC_Z
Rows = Iterable[dict[str, Any]]


def write_export(user: User, file: IO[bytes], *, at: datetime) -> None:
    """Write all of `user` into `file`, as it is at one moment."""
    with reading_one_moment(), ZipFile(file, "w", ZIP_DEFLATED) as archive:
        # The person is read within that moment too.
        user = User.objects.get(pk=user.pk)
        write_readme(archive, user, at=at)
        with member(archive, DOCUMENT, at=at) as out:
            write_document(user, out, at=at)
        with member(archive, KEPT, at=at) as out:
            write_object(out, {"made_at": at}, kept_about(user))
        with timezone.override(user.zone):
            for name, rows in TABLES.items():
                with member(archive, name, at=at) as out:
                    write_table(out, rows(user))


def write_document(user: User, out: IO[bytes], *, at: datetime) -> None:
    """Write what an import reads (docs/export.md)."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": at,
        "email": user.email,
        "profile": profile_of(user),
        "last_number": last_number_of(user),
    }
    write_object(out, head, {part.name: rows_of(part, user) for part in PARTS})


def write_object(out: IO[bytes], head: dict[str, Any], parts: dict[str, Rows]) -> None:
    """Write one JSON object: the members of `head`, then arrays with a row on each line."""
    lines = (b"%b: %b" % (json(name), json(value)) for name, value in head.items())
    out.write(b"{\n" + b",\n".join(lines))
    for name, rows in parts.items():
        out.write(b",\n%b: [" % json(name))
        before = b"\n"
        for row in rows:
            out.write(before + json(row))
            before = b",\n"
        out.write(b"\n]")
    out.write(b"\n}\n")


def json(value: Any) -> bytes:
    return orjson.dumps(value, option=OPTIONS)


def write_table(out: IO[bytes], rows: Iterator[list[str]]) -> None:
    """Write a CSV with the mark at its beginning by which spreadsheets know UTF-8."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    csv.writer(text).writerows(rows)
    text.flush()
    text.detach()


def write_readme(archive: ZipFile, user: User, *, at: datetime) -> None:
    words = render_to_string(
        "todos/export_readme.txt", {"user": user, "at": at, "version": VERSION}
    )
    with member(archive, README, at=at) as out:
        out.write(words.encode())


@contextmanager
def member(archive: ZipFile, name: str, *, at: datetime) -> Iterator[IO[bytes]]:
    info = ZipInfo(name, date_time=at.astimezone(UTC).timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    with archive.open(info, "w") as out:
        yield out
