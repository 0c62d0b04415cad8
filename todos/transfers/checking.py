"""What has to be true of the rows of a document together, looked at before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from todos.models import Change, Tag, Task, TaskList
from todos.models.tasks import DEEPEST
from todos.operations.comments import MOST_COMMENTS
from todos.operations.reminders import MOST_REMINDERS
from todos.operations.tasks import MOST_TAGS
from todos.transfers.changes import check_told, references_in
from todos.transfers.reading import Contents, Row

Uids = dict[str, set[UUID]]
KIND_OF_PART = {
    "lists": Change.Object.LIST,
    "sections": Change.Object.SECTION,
    "tags": Change.Object.TAG,
    "tasks": Change.Object.TASK,
}


class Checker:
    """Reads a document from its beginning to its end, and keeps no more of it than it has to."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.uids: Uids = {part: set() for part in ("filters", "completions")}
        self.uids |= {kind: set() for kind in KIND_OF_PART.values()}
        # What changes are about and is no more.
        self.gone: Uids = {kind: set() for kind in KIND_OF_PART.values()}
        self.named: Uids = {kind: set() for kind in KIND_OF_PART.values()}
        self.inboxes = 0
        self.tag_keys: set[str] = set()
        self.list_of: dict[UUID, UUID] = {}
        self.parent_of: dict[UUID, tuple[UUID, Row]] = {}
        self.trashed: set[UUID] = set()
        self.trashed_with: dict[UUID, Row] = {}
        self.comments: Counter[UUID] = Counter()
        self.reminders: Counter[UUID] = Counter()
        self.last_number = 0

    def check(self) -> None:
        """Raises ValidationError for the first row that is wrong."""
        looks: dict[str, Callable[[Row], None]] = {
            "lists": self.see_list,
            "sections": self.see_section,
            "tags": self.see_tag,
            "tasks": self.see_task,
            "comments": self.see_comment,
            "completions": self.see_completion,
            "reminders": self.see_reminder,
            "changes": self.see_change,
        }
        for part, rows in self.contents.rows:
            look = looks.get(part.name)
            kind = KIND_OF_PART.get(part.name, part.name)
            for row in rows:
                try:
                    if kind in self.uids:
                        self.see_uid(kind, row)
                    if look:
                        look(row)
                except ValidationError as problem:
                    raise row.wrong(problem) from None
            if part.name == "lists" and self.inboxes != 1:
                raise ValidationError(_("lists: one of them has to be the inbox, and only one."))
            if part.name == "tasks":
                self.check_tree()
        self.check_journal()

    def see_uid(self, kind: str, row: Row) -> None:
        if row.thing.uid in self.uids[kind]:
            raise ValidationError({"uid": _("This uid is there twice.")})
        self.uids[kind].add(row.thing.uid)

    def refer(self, kind: str, name: str, uid: UUID | None) -> None:
        if uid is not None and uid not in self.uids[kind]:
            raise ValidationError({name: _("There is nothing with this uid before it.")})

    def see_list(self, row: Row) -> None:
        task_list: TaskList = row.thing
        self.inboxes += task_list.is_inbox
        if task_list.trashed_at:
            self.trashed.add(task_list.uid)

    def see_section(self, row: Row) -> None:
        self.refer(Change.Object.LIST, "list", row.refers["task_list"])
        self.list_of[row.thing.uid] = row.refers["task_list"]

    def see_tag(self, row: Row) -> None:
        if row.thing.name_key in self.tag_keys:
            (once,) = Tag._meta.constraints
            raise ValidationError({"name": once.get_violation_error_message()})
        self.tag_keys.add(row.thing.name_key)

    def see_task(self, row: Row) -> None:
        task: Task = row.thing
        refers = row.refers
        self.refer(Change.Object.LIST, "list", refers["task_list"])
        self.refer(Change.Object.SECTION, "section", refers["section"])
        if refers["section"] and self.list_of[refers["section"]] != refers["task_list"]:
            raise ValidationError({"section": _("This section is in another list.")})
        if refers["section"] and refers["parent"]:
            raise ValidationError({"section": _("A sub-task is where its parent is.")})
        if len(refers["tags"]) > MOST_TAGS:
            words = _("A task has %(most)d tags at most.") % {"most": MOST_TAGS}
            raise ValidationError({"tags": words})
        for uid in refers["tags"]:
            self.refer(Change.Object.TAG, "tags", uid)
        self.list_of[task.uid] = refers["task_list"]
        if refers["parent"]:
            self.parent_of[task.uid] = refers["parent"], row
        if task.trashed_at and task.trashed_with:
            self.trashed.add(task.uid)
            self.trashed_with.setdefault(task.trashed_with, row)

    def check_tree(self) -> None:
        """Each sub-task is below a task of its list, and none too deep or below itself."""
        tasks = self.uids[Change.Object.TASK]
        for parent, row in self.parent_of.values():
            if parent not in tasks:
                raise row.wrong(ValidationError({"parent": _("There is no task with this uid.")}))
            if self.list_of[parent] != row.refers["task_list"]:
                words = _("A sub-task is in the list of its parent.")
                raise row.wrong(ValidationError({"parent": words}))
            if sum(1 for _above in self.above(row.thing.uid)) > DEEPEST:
                words = _("Sub-tasks go %(most)d levels deep at most.") % {"most": DEEPEST}
                raise row.wrong(ValidationError({"parent": words}))
        for uid, row in self.trashed_with.items():
            if uid not in self.trashed:
                words = _("Nothing in the trash has this uid.")
                raise row.wrong(ValidationError({"trashed_with": words}))

    def above(self, uid: UUID) -> Iterator[UUID]:
        """The tasks above, up to one more than there may be."""
        for _level in range(DEEPEST + 1):
            if uid not in self.parent_of:
                return
            uid = self.parent_of[uid][0]
            yield uid

    def see_comment(self, row: Row) -> None:
        self.refer(Change.Object.TASK, "task", row.refers["task"])
        words = _("A task has %(most)d comments at most.") % {"most": MOST_COMMENTS}
        self.count(self.comments, row, MOST_COMMENTS, words)

    def see_completion(self, row: Row) -> None:
        self.refer(Change.Object.TASK, "task", row.refers["task"])

    def see_reminder(self, row: Row) -> None:
        self.refer(Change.Object.TASK, "task", row.refers["task"])
        words = _("A task has %(most)d reminders at most.") % {"most": MOST_REMINDERS}
        self.count(self.reminders, row, MOST_REMINDERS, words)

    def count(self, counter: Counter[UUID], row: Row, most: int, words: str) -> None:
        counter[row.refers["task"]] += 1
        if counter[row.refers["task"]] > most:
            raise ValidationError({"task": words})

    def see_change(self, row: Row) -> None:
        change: Change = row.thing
        if not self.last_number < change.number <= self.contents.last_number:
            raise ValidationError({"number": _("Numbers count up, as far as last_number.")})
        self.last_number = change.number
        if change.uid in self.uids[change.object_kind]:
            check_told(change)
        else:
            self.gone[change.object_kind].add(change.uid)
        for kind, uid in references_in(change):
            self.named[kind].add(uid)
        if row.refers["list"]:
            self.named[Change.Object.LIST].add(row.refers["list"])

    def check_journal(self) -> None:
        """Changes name what is there, or what other changes say was there."""
        for kind, uids in self.named.items():
            for uid in sorted(uids - self.uids[kind] - self.gone[kind])[:1]:
                words = _("changes: there is and was no %(kind)s with the uid %(uid)s.")
                raise ValidationError(words % {"kind": kind, "uid": uid})


def check(contents: Contents) -> dict[str, Any]:
    """Read all of `contents`. Returns the uids, by kind, of what its changes are about and is gone.

    Raises ValidationError for the first row that is wrong.
    """
    checker = Checker(contents)
    checker.check()
    return {kind: sorted(uids) for kind, uids in checker.gone.items()}
