"""Writing tasks, lists and tags: one owner at a time, each change noted in the journal."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import BigAutoField, Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.compiled import (
    Compiled,
    CompiledUpdate,
    columns_of,
    delete,
    insert,
    instance_of,
    update,
)
from accounts.errors import Conflict
from accounts.models import User
from todos import reminders, search
from todos.models import (
    Change,
    Completion,
    Journal,
    SavedFilter,
    Section,
    Tag,
    Task,
    TaskList,
    TaskTag,
)
from todos.operations.snapshots import Things, completion_snapshot, plain, snapshot, tags_of
from todos.tag_names import TagNames

Item = TypeVar("Item")
AT_ONCE = 1000
Thing = TypeVar("Thing", bound=Task | TaskList | Section | Tag)

DUE = {"due_on", "due_time", "due_zone"}

# The first statement of every transaction that writes: takes the owner's row, and counts it up.
NEXT_NUMBER = CompiledUpdate(
    lambda owner: Journal.objects.filter(owner=owner),
    {"last_number": F("last_number") + 1},
    owner=BigAutoField(),
)

# What an operation has to know of a task beside its columns.
BESIDE: dict[str, Any] = {
    "tag_names": TagNames(),
    "has_children": Exists(
        Task.objects.filter(owner=OuterRef("owner"), parent=OuterRef("pk"), trashed_at=None)
    ),
}


@cache
def present(model: type[Task | TaskList | Section | Tag]) -> Compiled:
    """The owner's row of a key, and of a task what is `BESIDE` it."""
    beside = BESIDE if model is Task else {}
    rows: models.QuerySet[Any] = model._default_manager.annotate(**beside)
    return Compiled(
        lambda owner, pk: rows.filter(owner=owner, pk=pk).values_list(*columns_of(model), *beside),
        owner=BigAutoField(),
        pk=BigAutoField(),
    )


def days_moved(task: Task, before: dict[str, Any], after: dict[str, Any]) -> int:
    """How many days a task that repeats has moved."""
    was, will_be = before["due_on"], after["due_on"]
    if not (task.repeats and was and will_be):
        return 0
    return (date.fromisoformat(will_be) - date.fromisoformat(was)).days


def some_at_a_time(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Lists of `AT_ONCE` items: a database has a limit to what one statement may name."""
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some


class Writer:
    """One transaction's writes to one owner's tasks, lists and tags."""

    def __init__(self, owner: User, last_number: int, *, by: Actor, at: datetime) -> None:
        self.owner = owner
        self.by = by
        self.at = at
        self.last_number = last_number
        self.changes: list[Change] = []

    @property
    def next_position(self) -> int:
        """A place after all that the owner has, with room for moves before it."""
        return (self.last_number + len(self.changes) + 1) << 16

    def reread(self, thing: Thing) -> Thing:
        """`thing` as it is now that nobody else writes, a task with `tag_names`. One query.

        Raises Conflict (404) if it is gone.
        """
        model = type(thing)
        row = present(model).row(owner=self.owner.pk, pk=thing.pk)  # type: ignore[arg-type]
        if row is None:
            raise not_found(thing)
        columns = len(model._meta.concrete_fields)
        now = instance_of(model, row[:columns])
        vars(now).update(zip(BESIDE, row[columns:], strict=False))
        return now

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Let what is written here come to nothing when it is refused, and the rest stand.

        What a constraint refuses is raised as ValidationError, as `writing` does.
        """
        number = len(self.changes)
        try:
            with transaction.atomic():
                yield
        except Exception as error:
            del self.changes[number:]
            if isinstance(error, IntegrityError):
                raise refusal(error) from error
            raise

    def insert(
        self, thing: Thing, *, tags: Collection[Tag] = (), undoes: Change | None = None
    ) -> Thing:
        """Check and store a new `thing`, a task with its `tags`, and note it."""
        clean(thing)
        insert(thing)
        after = snapshot(thing)
        if isinstance(thing, Task):
            thing.tag_names = []
            if tags:
                self.put_tags(thing, tags)
            after["tags"] = sorted(tag.pk for tag in tags)
            search.index_new(thing)
        self.note(Change.Kind.CREATED, thing, after=after, undoes=undoes)
        return thing

    def update(
        self,
        thing: Thing,
        kind: str,
        *,
        tags: Collection[Tag] | None = None,
        undoes: Change | None = None,
        follows: int | None = None,
        done: Completion | None = None,
        taken_back: Completion | None = None,
        **fields: Any,
    ) -> Thing:
        """Set `fields` of `thing`, and the `tags` of a task; store and note what differs.

        A value equal to the present one changes nothing. The completion `done` is stored with
        it, the one that is `taken_back` deleted.
        """
        before, after, changed = self.assign(thing, tags, fields)
        if done:
            insert(done)
            after["completion"] = completion_snapshot(done)
        if taken_back:
            before["completion"] = completion_snapshot(taken_back)
            delete(taken_back)
        if not (changed or done or taken_back):
            return thing
        columns = [name for name in changed if name != "tags"]
        update(thing, [*columns, *self.touch(thing)])
        if isinstance(thing, Task) and {"title", "description"} & set(columns):
            search.index(thing)
        if isinstance(thing, Task) and DUE.intersection(changed):
            reminders.follow(thing, days=days_moved(thing, before, after), at=self.at)
        names = [*changed, "completion"] if done or taken_back else changed
        self.note(
            kind,
            thing,
            before={name: before.get(name) for name in names},
            after={name: after.get(name) for name in names},
            undoes=undoes,
            follows=follows,
        )
        return thing

    def assign(
        self, thing: Thing, tags: Collection[Tag] | None, fields: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
        """Set and check `fields`, store `tags`: what was before, is after, and what differs."""
        before = snapshot(thing)
        for name, value in fields.items():
            setattr(thing, name, value)
        clean(thing, only=fields)
        after = snapshot(thing)
        if isinstance(thing, Task) and tags is not None:
            before["tags"] = tags_of(thing)
            after["tags"] = sorted(tag.pk for tag in tags)
            if after["tags"] != before["tags"]:
                self.put_tags(thing, tags)
        return before, after, [name for name in after if after[name] != before[name]]

    def put_tags(self, task: Task, tags: Collection[Tag]) -> None:
        """Make `tags` the tags of `task`."""
        names = Tag.objects.filter(pk__in=[tag.pk for tag in tags]).order_by("name_key", "pk")
        task.tag_names = list(names.values_list("name", flat=True)) if tags else []
        TaskTag.objects.filter(task=task).exclude(tag__in=tags).delete()
        TaskTag.objects.bulk_create(
            [TaskTag(owner=self.owner, task=task, tag=tag) for tag in tags], ignore_conflicts=True
        )

    def touch(self, thing: Things) -> list[str]:
        """The names of the fields that follow from others, with a task's version counted up."""
        if isinstance(thing, Task):
            thing.version += 1
            thing.updated_at = self.at
            return ["due_at", "version", "updated_at"]
        return ["name_key"] if isinstance(thing, Tag) else []

    def note(
        self,
        kind: str,
        thing: Things,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        undoes: Change | None = None,
        follows: int | None = None,
    ) -> Change:
        """Add one change to what this transaction writes into the journal, and return it."""
        if isinstance(thing, Task | Section):
            list_id: int | None = thing.task_list_id
        else:
            list_id = thing.pk if isinstance(thing, TaskList) else None
        change = Change(
            owner=self.owner,
            number=self.last_number + len(self.changes) + 1,
            at=self.at,
            by=self.by.user,
            session=self.by.session,
            kind=kind,
            object_kind=Change.kind_of(thing),
            object_id=thing.pk,
            uid=thing.uid,
            list_id=list_id,
            before=before or {},
            after=after or {},
            undoes=undoes,
            follows=follows,
        )
        self.changes.append(change)
        thing.noted = change
        return change

    @property
    def leader(self) -> int:
        """The number of the latest change that follows from no other."""
        return next(change.number for change in reversed(self.changes) if change.follows is None)

    @property
    def number(self) -> int:
        """The number of the latest change."""
        return self.last_number + len(self.changes)

    def note_deleted(self, thing: Section | Tag, *, undoes: Change | None = None) -> Change:
        """Note that `thing` is deleted, with what makes it anew."""
        return self.note(
            Change.Kind.DELETED,
            thing,
            before=snapshot(thing) | {"created_at": plain(thing.created_at)},
            undoes=undoes,
        )

    def scrub(self, *things: Things) -> None:
        """Forget what the changes of erased `things` said; that they happened stays."""
        for kind in {Change.kind_of(thing) for thing in things}:
            ids = {thing.pk for thing in things if Change.kind_of(thing) == kind}
            told = Change.objects.filter(owner=self.owner, object_kind=kind)
            for some in some_at_a_time(ids):
                told.filter(object_id__in=some).update(before={}, after={})
            for change in self.changes:
                if change.object_kind == kind and change.object_id in ids:
                    change.before, change.after = {}, {}

    def scrub_sections_of(self, task_list: TaskList) -> None:
        """Forget the names of the sections that an erased list ever had."""
        of_list = {"object_kind": Change.Object.SECTION, "list_id": task_list.pk}
        Change.objects.filter(owner=self.owner, **of_list).update(before={}, after={})

    def flush(self) -> None:
        """Write the changes into the journal, as one batch if there are several.

        Its row was counted up for one.
        """
        if len(self.changes) > 1:
            batch = uuid.uuid4()
            for change in self.changes:
                change.batch = batch
        if self.changes:
            insert(*self.changes)
        if len(self.changes) != 1:
            Journal.objects.filter(owner=self.owner).update(last_number=self.number)


writer_here: ContextVar[Writer | None] = ContextVar("writer_here", default=None)


@contextmanager
def writing(owner: User, *, by: Actor, at: datetime | None = None) -> Iterator[Writer]:
    """A transaction in which nobody else writes `owner`'s tasks, lists and tags.

    Its first statement takes the owner's row of the journal; its last ones add the changes. An
    operation that is called within another's joins it: its transaction, its time and its batch.
    What a constraint refuses is raised as ValidationError in the constraint's words.
    """
    outer = writer_here.get()
    try:
        if outer is not None and outer.owner == owner:
            yield outer
            return
        with transaction.atomic():
            row = NEXT_NUMBER.row(owner=owner.pk)
            if row is None:
                raise Conflict(_("This account is closed."), status=404)
            writer = Writer(owner, row[0] - 1, by=by, at=at or timezone.now())
            token = writer_here.set(writer)
            try:
                yield writer
            finally:
                writer_here.reset(token)
            writer.flush()
    except IntegrityError as error:
        raise refusal(error) from error


@contextmanager
def expecting(
    task: Task, versions: Collection[int], *, by: Actor, at: datetime | None = None
) -> Iterator[None]:
    """Let what is done here happen only to one of these `versions` of `task`.

    Raises Conflict (412) with the task as it is now if it was changed since, and (404) if it is
    gone or in the trash.
    """
    with writing(owner_of(task, by), by=by, at=at) as writer:
        present = writer.reread(task)
        if present.trashed_at:
            raise not_found(task)
        if present.version not in versions:
            raise Conflict(
                _("This task was changed in the meantime. Look at it, then try again."),
                status=412,
                task=present,
            )
        yield


def owner_of(thing: Things, by: Actor) -> User:
    """The owner of `thing`, who is not read where it is the one who acts."""
    return by.user if thing.owner_id == by.user.pk else thing.owner


def clean(thing: Things, *, only: Any = None) -> None:
    """Normalise and check the fields named in `only` (all if None), and what follows from them.

    No query. Raises ValidationError by field.
    """
    exclude = {
        field.name
        for field in thing._meta.fields
        if field.is_relation or (only is not None and field.name not in only)
    }
    thing.clean_fields(exclude=exclude | {"name_key"})
    if isinstance(thing, Tag):
        thing.name_key = Tag.key_of(thing.name)
    if isinstance(thing, Task):
        if thing.due_time:
            thing.due_time = thing.due_time.replace(second=0, microsecond=0)
        thing.due_at = thing.due_moment()


def not_found(thing: Things | SavedFilter) -> Conflict:
    """The words for a thing that does not exist or is another person's."""
    words = {
        Task: _("Task not found with id=%(id)s"),
        TaskList: _("List not found with id=%(id)s"),
        Section: _("Section not found with id=%(id)s"),
        Tag: _("Tag not found with id=%(id)s"),
        SavedFilter: _("Filter not found with id=%(id)s"),
    }[type(thing)]
    return Conflict(words % {"id": thing.pk}, status=404)


def refusal(error: IntegrityError) -> Exception:
    """The sentence of the constraint that refused a row, or `error` where none of ours did.

    PostgreSQL names the constraint; SQLite names a check, and the columns of a unique one.
    """
    text = str(error)
    for model in (Task, TaskList, Section, Tag):
        for constraint in model._meta.constraints:
            columns = ", ".join(
                f"{model._meta.db_table}.{model._meta.get_field(name).column}"  # type: ignore[union-attr]
                for name in getattr(constraint, "fields", ())
            )
            if constraint.name in text or (columns and text.endswith(f"failed: {columns}")):
                message = constraint.get_violation_error_message()
                field = constraint.violation_error_code
                return ValidationError({field: message} if field else message)
    return error
