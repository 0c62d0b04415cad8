"""Files that are no exports, or lie: refused with a sentence, and nothing of them is kept."""

from __future__ import annotations

import io
import json
import stat
import struct
import uuid
from collections.abc import Callable
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import make_user
from tests.todos.test_tasks import make_task
from tests.todos.transfers.accounts import (
    document_in,
    imported,
    packed,
    repacked,
)
from todos import operations
from todos.models import Change, Section, Tag, Task, TaskList, Transfer, TransferChunk
from todos.transfers import archives, documents, jobs

Document = dict[str, Any]


def assert_untouched(user: User) -> None:
    assert not Task.objects.filter(owner=user).exists()
    assert not Change.objects.filter(owner=user).exists()
    assert not Tag.objects.filter(owner=user).exists()
    assert TaskList.objects.get(owner=user).name == "Inbox"
    assert User.objects.get(pk=user.pk).display_name == "Dora"
    assert not TransferChunk.objects.filter(owner=user).exists()


def archive_of(*members: tuple[str | ZipInfo, bytes], **options: Any) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", **{"compression": ZIP_DEFLATED, **options}) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def symlink(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def with_flag(file: bytes, flag: int) -> bytes:
    """`file` with a flag in the directory's entry of its only member."""
    place = file.index(b"PK\1\2") + 8
    return file[:place] + struct.pack("<H", flag) + file[place + 2 :]


def overlapping() -> bytes:
    """Two members whose content is the same bytes."""
    file = archive_of(("account.json", b"{}" * 50), ("tasks.csv", b"{}" * 50))
    second = file.index(b"PK\1\2", file.index(b"PK\1\2") + 4)
    return file[: second + 42] + struct.pack("<I", 0) + file[second + 46 :]


NAMED = {
    "no zip": b"%PDF-1.7 and so on, for some forty-two bytes or more",
    "empty": b"",
    "an empty zip": archive_of(),
    "cut off": archive_of(("account.json", b"{}"))[:-5],
    "without the document": archive_of(("README.txt", b"Hello")),
    "a path upwards": archive_of(("../../etc/passwd", b"x"), ("account.json", b"{}")),
    "an absolute path": archive_of(("/etc/passwd", b"x"), ("account.json", b"{}")),
    "a path of Windows": archive_of(("..\\account.json", b"{}"), ("account.json", b"{}")),
    "a name with a null": archive_of(("account.json", b"{}")).replace(
        b"account.json", b"account.js\0n"
    ),
    "a symbolic link": archive_of((symlink("account.json"), b"/etc/passwd")),
    "encrypted": with_flag(archive_of(("account.json", b"{}")), 1),
    "another compression": archive_of(("account.json", b"{}"), compression=ZIP_BZIP2),
    "a zip within": archive_of(("account.zip", archive_of(("account.json", b"{}")))),
    "parts that overlap": overlapping(),
    "a comment": archive_of(("account.json", b"{}"))[:-2] + b"\4\0evil",
    "very many members": archive_of(*[(f"{number}.txt", b"") for number in range(2000)]),
}


@pytest.mark.parametrize("file", NAMED.values(), ids=NAMED.keys())
def test_what_is_no_archive_of_ours_is_refused_at_once(file: bytes, dora: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        jobs.ask_for_import(dora, ContentFile(file, "todo.zip"), at=timezone.now())
    assert len(refusal.value.messages) == 1
    assert_untouched(dora)
    assert Transfer.objects.count() == DBTaskResult.objects.count() == 0


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(dora: User) -> None:
    file = archive_of(("account.json", b"{}"), ("account.json", b"{}"))
    with pytest.raises(ValidationError, match="twice"):
        jobs.ask_for_import(dora, ContentFile(file, "todo.zip"), at=timezone.now())


def test_a_bomb_is_refused_whatever_it_says_of_itself(dora: User) -> None:
    file = packed(b" " * 30_000_000)
    with pytest.raises(ValidationError, match="too large"):
        jobs.ask_for_import(dora, ContentFile(file, "todo.zip"), at=timezone.now())
    # It says that it is small.
    size = struct.pack("<I", 30_000_000)
    assert file.count(size) == 2
    assert imported(dora, file.replace(size, struct.pack("<I", 1000))).state == "refused"
    assert_untouched(dora)


def test_what_is_read_is_counted(dora: User, monkeypatch: pytest.MonkeyPatch) -> None:
    source = io.BytesIO(b"[" * 1000)
    document = archives.Document(source, most=999)
    document.read(900)
    with pytest.raises(ValidationError, match="too large"):
        document.read(900)


def test_a_damaged_file_is_refused(file: bytes, dora: User) -> None:
    begin = file.index(b"account.json") + 200
    damaged = file[:begin] + bytes(each ^ 0xFF for each in file[begin : begin + 50])
    transfer = imported(dora, damaged + file[begin + 50 :])
    assert (transfer.state, bool(transfer.error)) == ("refused", True)
    assert_untouched(dora)


TEXTS = {
    "nothing": b"",
    "an array": b"[]",
    "a text": b'"x"',
    "cut off": b'{"format": "todo-account", "version": 1,',
    "no UTF-8": b'{"format": "\xff"}',
    "UTF-16": '{"format": "todo-account"}'.encode("utf-16"),
    "NaN": b'{"format": NaN}',
    "a huge number": b'{"format": ' + b"9" * 5000 + b"}",
    "a member twice": b'{"format": {"a": 1, "a": 2}}',
    "deep": b'{"format": {"a": ' + b"[" * 200_000,
    "deep objects": b'{"format": ' + b'{"a":' * 990 + b"1" + b"}" * 990 + b"}",
    "a null character": b'{"format": "\\u0000"}',
    "half a pair": b'{"format": "\\ud800"}',
    "a row without an end": b'{"format": "' + b"x" * 2_500_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_what_is_no_document_is_refused(text: bytes, dora: User) -> None:
    transfer = imported(dora, archive_of(("account.json", text), compression=0))
    assert transfer.state == "refused"
    assert "account.json" in transfer.error
    assert_untouched(dora)


def row(document: Document, part: str, **found: Any) -> Document:
    return next(each for each in document[part] if all(each[name] == found[name] for name in found))


def task(document: Document, title: str = "Done") -> Document:
    return row(document, "tasks", title=title)


def a_cycle(document: Document) -> None:
    parent, child = task(document, "=1+1"), task(document, "A part")
    parent["section"], parent["parent"] = None, child["uid"]


def too_deep(document: Document) -> None:
    above = task(document)
    for _ in range(11):
        below = {**task(document), "uid": str(uuid.uuid4()), "parent": above["uid"]}
        document["tasks"].append(below)
        above = below


def two_inboxes(document: Document) -> None:
    row(document, "lists", name="Home")["is_inbox"] = True


def million_tags(document: Document) -> None:
    tag = document["tags"][0]
    document["tags"] = [
        {**tag, "uid": str(uuid.uuid4()), "name": f"t{number}"} for number in range(10_001)
    ]


def change_of(document: Document, title: str = "Done", kind: str = "created") -> Document:
    return row(document, "changes", uid=task(document, title)["uid"], kind=kind)


Set = Callable[[Document], object]


def put(part: str, **values: Any) -> Set:
    """Set members of the first row of a part."""
    return lambda document: document[part][0].update(values)


def put_task(**values: Any) -> Set:
    return lambda document: task(document).update(values)


DOCUMENTS: dict[str, tuple[Set, str]] = {
    "another format": (lambda d: d.update(format="x"), "another format"),
    "another version": (lambda d: d.update(version=2), "version 2"),
    "true for a version": (lambda d: d.update(version=True), "version"),
    "another order": (lambda d: d.update(lists=d.pop("lists")), "should be"),
    "an unknown part": (lambda d: d.update(users=[]), "users"),
    "a part is missing": (lambda d: d.pop("tags"), "tags"),
    "a part is no array": (lambda d: d.update(tags={}), "tags"),
    "a row is no object": (lambda d: d["tags"].append(5), "an object"),
    "an owner": (put_task(owner=1), "owner: There is no such field."),
    "an owner's id": (put_task(owner_id=1), "owner_id: There is no such field."),
    "a member is missing": (lambda d: task(d).pop("title"), "title: This is missing."),
    "a number for text": (put_task(title=5), "title: This must be text."),
    "text for a number": (put_task(priority="1"), "priority: This must be a whole number."),
    "true for a number": (put_task(priority=True), "priority: This must be a whole number."),
    "null for text": (put_task(title=None), "title"),
    "a long title": (put_task(title="x" * 201), "title: Ensure this value has at most 200"),
    "an empty title": (put_task(title="\u200b\u202e"), "title: This field cannot be blank."),
    "a long description": (put_task(description="x" * 10_001), "description: Keep this to 10000"),
    "a priority of 5": (put_task(priority=5), "priority"),
    "a priority of 0": (put_task(priority=0), "priority"),
    "no day": (put_task(due_on="2026-02-30"), "due_on: This must be a day"),
    "a day too late": (put_task(due_on="2201-01-01"), "due_on: Choose a day from 1970 to 2200."),
    "a time without a day": (put_task(due_time="09:00:00"), "A time needs a day."),
    "a zone without a time": (put_task(due_zone="Europe/Berlin"), "A time zone needs a time."),
    "no such zone": (
        put_task(due_on="2026-03-01", due_time="09:00:00", due_zone="Mars/Phobos"),
        "due_zone: There is no such time zone.",
    ),
    "no moment": (put_task(created_at="yesterday"), "created_at: This must be a moment"),
    "a moment without a zone": (put_task(created_at="2026-01-01T00:00:00"), "created_at"),
    "a moment beyond all": (put_task(created_at="9999-12-31T23:00:00-12:00"), "created_at"),
    "no UUID": (put_task(uid="1"), "uid: This must be a UUID."),
    "a uid twice": (lambda d: task(d).update(uid=task(d, "=1+1")["uid"]), "uid: This uid is there"),
    "no such rule": (put_task(rule="FREQ=SECONDLY"), "rule"),
    "a rule of no end": (put_task(rule="FREQ=DAILY;INTERVAL=0"), "rule"),
    "a huge position": (put_task(position=2**62), "position: This number is too large."),
    "a huge version": (put_task(version=2**31 - 1), "version: This number is too large."),
    "a negative position": (put_task(position=-1), "position"),
    "a list that is not there": (put_task(list=str(uuid.uuid4())), "list: There is nothing"),
    "a tag that is not there": (put_task(tags=[str(uuid.uuid4())]), "tags: There is nothing"),
    "a parent that is not there": (put_task(parent=str(uuid.uuid4())), "parent: There is no task"),
    "half in the trash": (
        put_task(trashed_at="2026-01-01T00:00:00Z"),
        "trashed_with: This goes together with trashed_at.",
    ),
    "in the trash with nothing": (
        put_task(trashed_at="2026-01-01T00:00:00Z", trashed_with=str(uuid.uuid4())),
        "trashed_with: Nothing in the trash has this uid.",
    ),
    "a cycle": (a_cycle, "parent: Sub-tasks go 10 levels deep at most."),
    "too deep": (too_deep, "parent: Sub-tasks go 10 levels deep at most."),
    "two inboxes": (two_inboxes, "lists: one of them has to be the inbox, and only one."),
    "no inbox": (put("lists", is_inbox=False), "lists: one of them has to be the inbox"),
    "an archived inbox": (put("lists", archived_at="2026-01-01T00:00:00Z"), "The inbox stays"),
    "no such colour": (put("lists", color="gold"), "color"),
    "a million tags": (million_tags, "tags: these are more than 10000."),
    "a tag twice": (put("tags", name="&"), "name: You have a tag with this name already."),
    "a tag with a comma": (put("tags", name="a,b"), "name: A tag has no comma"),
    "an empty comment": (put("comments", text=" \n "), "text"),
    "a comment on nothing": (put("comments", task=None), "task"),
    "no occurrence": (put("completions", occurrence="2026-99-99"), "occurrence: This must be"),
    "a reminder of two ways": (
        put("reminders", remind_at="2026-12-01T00:00:00Z"),
        "Say when, or how many minutes before it is due.",
    ),
    "no time zone": (lambda d: d["profile"].update(time_zone="x"), "profile: time_zone"),
    "more of a profile": (lambda d: d["profile"].update(is_staff=True), "profile: is_staff"),
    "a huge last number": (lambda d: d.update(last_number=2**62), "last_number"),
    "a negative last number": (lambda d: d.update(last_number=-1), "last_number"),
    "a last number too low": (lambda d: d.update(last_number=3), "number: Numbers count up"),
    "numbers that go back": (lambda d: d["changes"].reverse(), "number: Numbers count up"),
    "no such kind": (put("changes", kind="sold"), "kind"),
    "no such object": (put("changes", object="user"), "object"),
    "undoes a later one": (put("changes", undoes=5), "undoes: This must be the number"),
    "sets the owner": (
        lambda d: change_of(d)["after"].update(owner_id=1),
        "after: owner_id: There is no such field.",
    ),
    "sets an id": (lambda d: change_of(d)["after"].update(task_list_id=1), "task_list_id"),
    "sets a wrong value": (lambda d: change_of(d)["after"].update(title=5), "after: title"),
    "sets a rule that is none": (lambda d: change_of(d)["after"].update(rule="x"), "after: rule"),
    "made from something": (
        lambda d: change_of(d).update(before={"title": "x"}),
        "Before and after do not fit",
    ),
    "made without what undo asks for": (
        lambda d: change_of(d).update(after={}),
        "Before and after do not fit",
    ),
    "completed as nothing": (
        lambda d: change_of(d, kind="completed").update(
            before={"completion": None}, after={"completion": None}
        ),
        "Before and after do not fit",
    ),
    "a change of what never was": (
        lambda d: change_of(d)["after"].update(list=str(uuid.uuid4())),
        "changes: there is and was no list with the uid",
    ),
}


@pytest.mark.parametrize(("change", "words"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_what_no_account_holds_is_refused_in_words(
    change: Set, words: str, file: bytes, dora: User
) -> None:
    transfer = imported(dora, repacked(file, change))
    assert transfer.state == "refused"
    assert words in transfer.error
    assert_untouched(dora)


def test_a_refusal_names_the_row(file: bytes, dora: User) -> None:
    uid = task(document_in(file))["uid"]
    number = [each["uid"] for each in document_in(file)["tasks"]].index(uid) + 1
    transfer = imported(dora, repacked(file, put_task(priority=9)))
    assert transfer.error.startswith(f"tasks, number {number} ({uid}): priority: ")


def test_control_characters_go_as_they_do_everywhere(file: bytes, dora: User) -> None:
    assert imported(dora, repacked(file, put_task(title="a\x07b\u202ec\r\nd"))).is_done
    assert Task.objects.filter(owner=dora, title="abc d").exists()


def test_a_full_account_is_refused_with_what_to_do(file: bytes, alice: User) -> None:
    with pytest.raises(ValidationError, match="Create a new account"):
        jobs.ask_for_import(alice, ContentFile(file, "todo.zip"), at=timezone.now())


@pytest.mark.parametrize("what", ["task", "trash", "list", "tag", "filter", "section"])
def test_an_account_that_was_filled_meanwhile_is_left_alone(
    what: str, file: bytes, dora: User
) -> None:
    by = Actor(dora)
    jobs.ask_for_import(dora, ContentFile(file, "todo.zip"), at=timezone.now())
    if what in {"task", "trash"}:
        made = make_task(by, "Mine")
        if what == "trash":
            operations.trash_task(made, by=by)
    elif what == "list":
        operations.create_list(by=by, name="Mine")
    elif what == "tag":
        operations.create_tag(by=by, name="mine")
    elif what == "filter":
        operations.create_filter(by=by, name="Mine", query="today")
    else:
        operations.create_section(by=by, task_list=TaskList.objects.get(owner=dora), name="Mine")
    jobs.run_import.func(Transfer.objects.get(owner=dora).pk)
    transfer = Transfer.objects.get(owner=dora)
    assert transfer.state == "refused" and "not empty" in transfer.error
    assert not Section.objects.filter(owner=dora, name="Kitchen").exists()


def test_an_import_that_breaks_off_leaves_nothing_and_is_tried_again(
    file: bytes, dora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = jobs.ask_for_import(dora, ContentFile(file, "todo.zip"), at=timezone.now())
    with monkeypatch.context() as patched:

        def fail(*_: object) -> None:
            raise RuntimeError

        patched.setattr("todos.transfers.importing.Importer.link_undone", fail)
        with pytest.raises(RuntimeError):
            jobs.run_import.func(transfer.pk)
    assert not Task.objects.filter(owner=dora).exists()
    assert Transfer.objects.get(owner=dora).is_waiting
    jobs.run_import.func(transfer.pk)
    assert Transfer.objects.get(owner=dora).is_done
    count = Task.objects.filter(owner=dora).count()
    jobs.run_import.func(transfer.pk)
    assert Task.objects.filter(owner=dora).count() == count > 5


def test_rows_that_are_cut_anywhere_are_read_whole(
    file: bytes, dora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "AT_ONCE", 7)
    assert imported(dora, file).is_done
    text = json.dumps(document_in(file), indent=3)
    assert imported(make_user("Emil"), packed(text)).is_done
