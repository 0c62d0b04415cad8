"""Any account is the same after it was moved: random ones, made by the operations of people."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import make_user
from tests.todos.transfers.accounts import document_in, file_of, imported
from todos import operations
from todos.models import Change, Comment, Section, Tag, Task, TaskList

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters=","), max_size=30
).filter(str.strip)
RULES = ["", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"]


class Person:
    """Somebody who does this and that with their account, at random."""

    def __init__(self, user: User, draw: Callable[[Any], Any]) -> None:
        self.user, self.by, self.draw = user, Actor(user), draw
        self.random: random.Random = draw(st.randoms(use_true_random=False))

    def one_of(self, model: Any) -> Any:
        rows = list(model.objects.filter(owner=self.user).order_by("pk"))
        return self.random.choice(rows) if rows else None

    def act(self) -> None:
        """Do one thing, or find that it cannot be done."""
        acts = [self.add, self.add, self.add, self.change, self.finish, self.move, self.bin]
        acts += [self.bring_back, self.undo, self.organise, self.write, self.drop]
        with suppress(ValidationError, AttributeError):
            self.random.choice(acts)()

    def add(self) -> None:
        due = date(2026, 1, 1) + timedelta(days=self.random.randrange(400))
        rule = self.random.choice(RULES)
        operations.create_task(
            by=self.by,
            title=self.draw(WORDS),
            description=self.draw(WORDS),
            tags=self.draw(st.lists(WORDS, max_size=3)),
            parent=self.random.choice([None, self.one_of(Task)]),
            due_on=self.random.choice([due, None]) if not rule else due,
            **({"due_time": time(9), "due_zone": "Europe/Berlin"} if rule else {}),
            rule=rule,
            priority=self.random.randint(1, 4),
        )

    def change(self) -> None:
        task = self.one_of(Task)
        operations.change_task(task, by=self.by, title=self.draw(WORDS), due_on=date(2026, 5, 5))

    def finish(self) -> None:
        task = self.one_of(Task)
        if self.random.random() < 0.3:
            operations.reopen_task(task, by=self.by)
        else:
            operations.complete_task(task, by=self.by, children="complete")

    def move(self) -> None:
        operations.move_task(self.one_of(Task), by=self.by, before=self.one_of(Task))
        operations.move_task(self.one_of(Task), by=self.by, section=self.one_of(Section))

    def bin(self) -> None:
        self.random.choice(
            [
                lambda: operations.trash_task(self.one_of(Task), by=self.by),
                lambda: operations.trash_list(self.one_of(TaskList), by=self.by),
                lambda: operations.archive_list(self.one_of(TaskList), by=self.by),
                lambda: operations.empty_trash(self.user, by=self.by),
            ]
        )()  # type: ignore[no-untyped-call]

    def bring_back(self) -> None:
        operations.restore_list(self.one_of(TaskList), by=self.by)
        operations.restore_task(self.one_of(Task), by=self.by)

    def undo(self) -> None:
        operations.undo_change(self.one_of(Change), by=self.by)

    def organise(self) -> None:
        task_list, _ = operations.create_list(by=self.by, name=self.draw(WORDS))
        operations.create_section(by=self.by, task_list=task_list, name=self.draw(WORDS))
        operations.move_task(self.one_of(Task), by=self.by, task_list=task_list)
        operations.create_filter(by=self.by, name=self.draw(WORDS), query="today | #Inbox")

    def write(self) -> None:
        task = self.one_of(Task)
        operations.add_comment(task, by=self.by, text=self.draw(WORDS))
        operations.add_reminder(task, by=self.by, minutes_before=self.random.randrange(9999))
        operations.add_reminder(task, by=self.by, remind_at=timezone.now() + timedelta(days=2))

    def drop(self) -> None:
        self.random.choice(
            [
                lambda: operations.delete_tag(self.one_of(Tag), by=self.by),
                lambda: operations.delete_section(self.one_of(Section), by=self.by),
                lambda: operations.delete_comment(self.one_of(Comment), by=self.by),
            ]
        )()  # type: ignore[no-untyped-call]


def comparable(user: User) -> dict[str, Any]:
    document = document_in(file_of(user))
    return {name: each for name, each in document.items() if name not in {"email", "made_at"}}


@settings(
    max_examples=20,
    derandomize="FUZZ" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data(), st.integers(1, 60))
def test_any_account_is_the_same_after_it_was_moved(
    db: None, data: st.DataObject, acts: int
) -> None:
    number = User.objects.count()
    theirs = make_user(f"From {number}".replace(" ", ""), time_zone="America/New_York")
    person = Person(theirs, data.draw)
    for _ in range(acts):
        person.act()
    ours = make_user(f"To{number}")
    assert imported(ours, file_of(theirs)).error == ""
    assert comparable(ours) == comparable(theirs)
