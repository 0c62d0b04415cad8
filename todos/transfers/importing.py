"""Making an empty account what the file of another says: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import change_profile
from todos import reminders, search
from todos.models import (
    Change,
    Comment,
    Journal,
    Reminder,
    SavedFilter,
    SearchText,
    Section,
    Tag,
    Task,
    TaskList,
    TaskTag,
)
from todos.operations.journal import refusal, some_at_a_time
from todos.tasks import queue_reminder
from todos.transfers.archives import document_in
from todos.transfers.changes import with_ids
from todos.transfers.checking import check
from todos.transfers.formats import MODELS, Part
from todos.transfers.reading import Contents, Row, read_document, sentence_of

AT_ONCE = 500
Ids = dict[str, dict[UUID, int]]


def check_file(user: User, file: IO[bytes]) -> dict[str, list[UUID]]:
    """Look through all of `file`, which is to become the account of `user`, without a transaction.

    Returns what `write_file` needs to know. Raises ValidationError with a sentence that names what
    is wrong.
    """
    refuse_full_account(user)
    with document_in(file) as document:
        return check(read_document(document, user))


def write_file(user: User, file: IO[bytes], gone: dict[str, list[UUID]], *, at: datetime) -> None:
    """Give `user` all that is in `file`, which was checked. Within a transaction.

    Raises ValidationError for what a constraint refuses, and if the account is no longer empty.
    """
    with document_in(file) as document:
        Importer(user, gone, at=at).write(read_document(document, user))


def refuse_full_account(user: User) -> None:
    """Raise ValidationError unless `user` has nothing but an empty inbox."""
    lists = TaskList.objects.filter(owner=user, is_inbox=False)
    rest = (model.objects.filter(owner=user) for model in (Task, Tag, Section, SavedFilter))
    if any(rows.exists() for rows in (lists, *rest)):
        raise ValidationError(
            _(
                "This account is not empty. Create a new account and import the file there; or"
                " delete all lists, tags, filters and tasks here, and empty the trash."
            )
        )


class Importer:
    """Writes the rows of a document that was checked, within one transaction."""

    def __init__(self, user: User, gone: dict[str, list[UUID]], *, at: datetime) -> None:
        self.user = user
        self.gone = gone
        self.at = at
        # The ids that rows got here, by what they are and their uids there.
        self.ids: Ids = {kind: {} for kind in MODELS}
        self.parents: dict[int, UUID] = {}
        self.undone: dict[int, int] = {}
        self.first_number = 0
        self.has_written = False

    def write(self, contents: Contents) -> None:
        self.user = User.objects.select_for_update().get(pk=self.user.pk)
        journal = Journal.objects.select_for_update().get(owner=self.user)
        refuse_full_account(self.user)
        try:
            change_profile(self.user, **contents.profile)
        except ValidationError as problem:
            raise ValidationError(f"profile: {sentence_of(problem)}") from None
        # Changes that this account had before stay, and the others' numbers go on from there.
        self.first_number = journal.last_number
        for part, rows in contents.rows:
            if part.name == "changes":
                self.allot_ids_of_gone()
            for some in some_at_a_time(rows):
                self.store(part, some)
            if part.name == "tasks":
                self.put_below_parents()
            if part.name == "comments":
                self.index_words()
        self.link_undone()
        # Whoever keeps a copy of the account sees by it that something is there.
        journal.last_number += max(contents.last_number, int(self.has_written))
        journal.save(update_fields=["last_number"])

    def store(self, part: Part, rows: list[Row]) -> None:
        """Store some rows of one part."""
        if part.name == "lists":
            rows = [row for row in rows if not self.is_inbox(row)]
        prepare = {
            "sections": self.place,
            "tasks": self.place_tasks,
            "comments": self.place,
            "completions": self.place,
            "reminders": self.place_reminders,
            "changes": self.place_changes,
        }.get(part.name)
        if prepare:
            prepare(rows)
        things = [row.thing for row in rows]
        self.insert(part.model, rows)
        self.has_written |= bool(rows)
        kind = next((kind for kind, model in MODELS.items() if model is part.model), None)
        if kind:
            self.ids[kind] |= {thing.uid: thing.pk for thing in things}
        if part.name == "tasks":
            self.tag(rows)
        if part.name == "reminders":
            for reminder in things:
                if reminder.fires_at and reminder.fires_at > self.at and not reminder.sent_at:
                    queue_reminder(reminder)

    def insert(self, model: Any, rows: list[Row]) -> None:
        """Store `rows`, or say which of them a constraint refuses, in its words."""
        try:
            with transaction.atomic():
                model.objects.bulk_create([row.thing for row in rows], batch_size=AT_ONCE)
        except IntegrityError:
            for row in rows:
                try:
                    with transaction.atomic():
                        row.thing.save(force_insert=True)
                except IntegrityError as error:
                    problem = refusal(error)
                    if isinstance(problem, ValidationError):
                        raise row.wrong(problem) from None
                    raise
            raise

    def is_inbox(self, row: Row) -> bool:
        """Whether `row` is the inbox, which is there already and takes what it says."""
        theirs: TaskList = row.thing
        if not theirs.is_inbox:
            return False
        ours = TaskList.objects.get(owner=self.user, is_inbox=True)
        theirs.pk = ours.pk
        try:
            with transaction.atomic():
                theirs.save(force_update=True)
        except IntegrityError as error:
            raise row.wrong(ValidationError(str(refusal(error)))) from None
        self.ids[Change.Object.LIST][theirs.uid] = ours.pk
        return True

    def place(self, rows: list[Row]) -> None:
        """Set the ids of what `rows` refer to."""
        kinds = {
            "task_list": Change.Object.LIST,
            "section": Change.Object.SECTION,
            "task": Change.Object.TASK,
        }
        for row in rows:
            for name in row.refers.keys() & kinds.keys():
                uid = row.refers[name]
                pk = None if uid is None else self.ids[kinds[name]][uid]
                setattr(row.thing, f"{name}_id", pk)

    def place_tasks(self, rows: list[Row]) -> None:
        self.place(rows)
        for row in rows:
            # It may be among those that are stored with it, or later.
            row.thing.parent_id = self.ids[Change.Object.TASK].get(row.refers["parent"])

    def tag(self, rows: list[Row]) -> None:
        """Give tasks their tags, and note those that are not below their parents yet."""
        ids = self.ids[Change.Object.TAG]
        TaskTag.objects.bulk_create(
            (
                TaskTag(owner=self.user, task=row.thing, tag_id=ids[uid])
                for row in rows
                for uid in row.refers["tags"]
            ),
            batch_size=AT_ONCE,
        )
        for row in rows:
            if row.refers["parent"] and row.thing.parent_id is None:
                self.parents[row.thing.pk] = row.refers["parent"]

    def put_below_parents(self) -> None:
        ids = self.ids[Change.Object.TASK]
        tasks = (Task(pk=pk, parent_id=ids[uid]) for pk, uid in self.parents.items())
        Task.objects.bulk_update(tasks, ["parent"], batch_size=AT_ONCE // 2)

    def index_words(self) -> None:
        """Store the words of all tasks and comments, for search."""
        for pks in some_at_a_time(self.ids[Change.Object.TASK].values()):
            comments: dict[int, list[str]] = {}
            rows = Comment.objects.filter(task__in=pks).order_by("-pk")
            for pk, text in rows.values_list("task", "text"):
                comments.setdefault(pk, []).append(text)
            tasks = Task.objects.filter(pk__in=pks).only("owner", "title", "description")
            SearchText.objects.bulk_create(
                (search.row_of(task, comments.get(task.pk, ())) for task in tasks),
                batch_size=AT_ONCE,
            )

    def place_reminders(self, rows: list[Row]) -> None:
        """Reckon when reminders fire; what a file says of that is not asked."""
        self.place(rows)
        tasks = Task.objects.in_bulk({row.thing.task_id for row in rows})
        for row in rows:
            reminder: Reminder = row.thing
            reminder.task = tasks[reminder.task_id]
            zone = reminders.clock_of(reminder.task, self.user)
            reminder.fires_at = reminders.firing_of(reminder, reminder.task, zone=zone)

    def allot_ids_of_gone(self) -> None:
        """Get ids for what only changes tell of: as of rows that are made, then deleted.

        They are never anything else's, so that undoing the deletion of a section brings it back.
        """
        inbox = TaskList.objects.get(owner=self.user, is_inbox=True)
        for kind, uids in self.gone.items():
            fields: dict[str, Any] = {"owner": self.user}
            if kind in {Change.Object.TASK, Change.Object.SECTION}:
                fields["task_list"] = inbox
            for some in some_at_a_time(uids):
                made = [MODELS[kind](uid=uid, **fields, **names(kind, uid)) for uid in some]
                rows = MODELS[kind]._base_manager.bulk_create(made, batch_size=AT_ONCE)
                self.ids[kind] |= {row.uid: row.pk for row in rows}  # type: ignore[attr-defined]
                stored = MODELS[kind]._base_manager.filter(pk__in=[row.pk for row in rows])
                stored._raw_delete(stored.db)

    def place_changes(self, rows: list[Row]) -> None:
        for row in rows:
            change: Change = row.thing
            change.object_id = self.ids[change.object_kind][change.uid]
            uid = row.refers["list"]
            change.list_id = None if uid is None else self.ids[Change.Object.LIST][uid]
            for name in ("before", "after"):
                told = getattr(change, name)
                setattr(change, name, with_ids(told, self.ids, owner_id=self.user.pk))
            change.number += self.first_number
            if change.follows is not None:
                change.follows += self.first_number
            if row.refers["undoes"] is not None:
                self.undone[change.number] = row.refers["undoes"] + self.first_number

    def link_undone(self) -> None:
        """Link the changes that undid others to these."""
        pks = self.pks_of({*self.undone, *self.undone.values()})
        changes = []
        for number, undoes in self.undone.items():
            if undoes not in pks:
                raise ValidationError(
                    _("changes: number %(number)d undoes one that is not there.")
                    % {"number": number - self.first_number}
                )
            changes.append(Change(pk=pks[number], undoes_id=pks[undoes]))
        Change.objects.bulk_update(changes, ["undoes"], batch_size=AT_ONCE // 2)

    def pks_of(self, numbers: Iterable[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for some in some_at_a_time(numbers):
            rows = Change.objects.filter(owner=self.user, number__in=some)
            found.update(rows.values_list("number", "pk"))
        return found


def names(kind: str, uid: UUID) -> dict[str, str]:
    """What a row has to be called to be stored for a moment."""
    if kind == Change.Object.TASK:
        return {"title": str(uid)}
    return {"name": str(uid), **({"name_key": str(uid)} if kind == Change.Object.TAG else {})}
