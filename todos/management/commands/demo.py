from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from operator import itemgetter
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from todos import operations
from todos.models import Color, Task, TaskList

EMAIL = "demo@example.com"

# A list's name and colour, and its tasks: title, tags, priority, due in so many days (None: no
# day), at this time, and what became of it.
OPEN, DONE, TRASHED = "open", "done", "trashed"
Line = tuple[str, tuple[str, ...], int, int | None, time | None, str]
# What happened later, and when.
Act = tuple[datetime, Callable[..., object]]

INBOX: list[Line] = [
    ("Look up the opening hours of the library", (), 4, None, None, OPEN),
    ("Ask Sam about the camping stove", ("call",), 4, None, None, OPEN),
    ("Return the parcel", ("errand",), 3, 0, None, OPEN),
    ("Cancel the old phone contract", (), 2, -3, None, OPEN),
    ("Read the article on sourdough", ("reading",), 4, None, None, OPEN),
    ("Reply to Maria", (), 3, -1, None, DONE),
    ("Try the free week of the streaming service", (), 4, None, None, TRASHED),
]
LISTS: list[tuple[str, Color, list[Line]]] = [
    (
        "Home",
        Color.GREEN,
        [
            ("Pay the rent", ("money",), 1, 4, None, OPEN),
            ("Water the plants", (), 4, 0, time(8, 0), OPEN),
            ("Buy oat milk, rice and lemons", ("errand",), 4, 0, None, OPEN),
            ("Fix the dripping tap", (), 3, -2, None, OPEN),
            ("Take the bins out", (), 3, 1, time(7, 0), OPEN),
            ("Change the bed linen", (), 4, 2, None, OPEN),
            ("Book the chimney sweep", ("call",), 3, 9, None, OPEN),
            ("Descale the kettle", (), 4, None, None, OPEN),
            ("Insulate the letter box", (), 4, 20, None, OPEN),
            ("Hang the pictures in the hall", (), 4, -6, None, DONE),
            ("Clean the oven", (), 4, -1, None, DONE),
            ("Buy a new shower curtain", ("errand",), 4, None, None, TRASHED),
        ],
    ),
    (
        "Work",
        Color.BLUE,
        [
            ("Send the quarterly figures to Ines", ("waiting",), 1, -1, None, OPEN),
            ("Prepare the talk on accessibility", ("deep work",), 2, 3, None, OPEN),
            ("Review the draft of the contract", ("reading",), 2, 0, time(15, 0), OPEN),
            ("Team meeting", (), 4, 0, time(10, 30), OPEN),
            ("Write the minutes of Monday's meeting", (), 3, 0, None, OPEN),
            ("Book the train to Leipzig", ("errand", "money"), 3, 5, None, OPEN),
            ("Plan the handover before the holidays", ("deep work",), 3, 14, None, OPEN),
            ("Call the printer about the posters", ("call",), 3, 1, time(11, 0), OPEN),
            ("Update the project page", (), 4, 6, None, OPEN),
            ("Sort the shared folder", (), 4, None, None, OPEN),
            ("Submit the travel expenses", ("money",), 3, -4, None, DONE),
            ("Answer the survey", (), 4, -2, None, DONE),
            ("Order a second monitor", (), 4, -5, None, DONE),
            ("Rename all files by hand", (), 4, None, None, TRASHED),
        ],
    ),
    (
        "Trip to Norway",
        Color.TEAL,
        [
            ("Renew the passport", ("errand",), 1, 8, None, OPEN),
            ("Compare the ferries", ("reading",), 3, 2, None, OPEN),
            ("Reserve the cabin in Flåm", ("call", "money"), 2, 6, None, OPEN),
            ("Make a packing list", (), 4, 16, None, OPEN),
            ("Borrow a guidebook", ("reading", "errand"), 4, None, None, OPEN),
            ("Check the tyres", (), 3, 18, None, OPEN),
            ("Ask the neighbours to feed the cat", ("call",), 2, 12, None, OPEN),
            ("Choose the week", (), 2, -7, None, DONE),
            ("Ask for leave", (), 2, -6, None, DONE),
        ],
    ),
    (
        "Reading",
        Color.PURPLE,
        [
            ("The Left Hand of Darkness", ("reading",), 4, None, None, OPEN),
            ("A Pattern Language", ("reading",), 4, None, None, OPEN),
            ("The Summer Book", ("reading",), 4, 10, None, OPEN),
            ("Invisible Cities", ("reading",), 4, None, None, OPEN),
            ("The Design of Everyday Things", ("reading",), 4, -8, None, DONE),
        ],
    ),
]
NOTES = {
    "Prepare the talk on accessibility": "Twenty minutes, then questions.\n\n"
    "- why native elements come first\n- what a screen reader says\n- one demonstration",
    "Reserve the cabin in Flåm": "Three nights. Ask for the one by the water.",
}

# How some of them repeat, and from which day.
RULES = {
    "Pay the rent": ("FREQ=MONTHLY", "due"),
    "Water the plants": ("FREQ=DAILY;INTERVAL=3", "completion"),
    "Take the bins out": ("FREQ=WEEKLY", "due"),
    "Team meeting": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "due"),
    "Change the bed linen": ("FREQ=WEEKLY;INTERVAL=2", "due"),
}
BELOW = {
    "Make a packing list": ("Rain clothes", "Sleeping bags", "Charger and head torch"),
    "Prepare the talk on accessibility": ("Outline", "Slides", "One demonstration"),
}
SECTIONS = {
    "Trip to Norway": {
        "Before we go": ("Renew the passport", "Check the tyres", "Make a packing list"),
        "To book": ("Compare the ferries", "Reserve the cabin in Flåm"),
    },
}
COMMENTS = {
    "Compare the ferries": "Hirtshals is *two hours* shorter, but only goes on Tuesdays.",
    "Fix the dripping tap": "It is the washer: **12 mm**.",
}
FILTERS = {
    "Soon and important": "7 days & (p1 | p2)",
    "Calls to make": "@call & !no date",
}


class Command(BaseCommand):
    """Makes an account with lists and tasks to look at; repeated, gives it a new password."""

    help = f"Make the demo account {EMAIL} and print its password."

    def handle(self, **options: Any) -> None:
        password = secrets.token_urlsafe(12)
        person = User.objects.filter(email=EMAIL).first()
        if person:
            person.set_password(password)
            person.save(update_fields=["password"])
            self.stdout.write("The demo account exists; it has a new password now.")
        else:
            make_demo(password, at=timezone.now())
            self.stdout.write("Made the demo account.")
        self.stdout.write(
            f"  {settings.PUBLIC_ORIGIN}{reverse('account_login')}\n"
            f"  e-mail:   {EMAIL}\n"
            f"  password: {password}"
        )


def make_demo(password: str, *, at: datetime) -> User:
    """Create the account and all in it, as if it had been used for the last three weeks."""
    person = User(email=EMAIL, display_name="Robin Demo", created_at=at - timedelta(days=21))
    person.set_password(password)
    with transaction.atomic():
        person.save()
        EmailAddress.objects.filter(user=person).update(verified=True)
        by = Actor(person)
        moment = at - timedelta(days=20)
        acts = add_tasks(INBOX, by=by, at=moment, now=at)
        for name, color, lines in LISTS:
            moment += timedelta(hours=7)
            task_list, _ = operations.create_list(by=by, at=moment, name=name, color=color)
            acts += add_tasks(lines, by=by, at=moment, now=at, task_list=task_list)
            add_sections(task_list, by=by, at=moment + timedelta(hours=3))
        for when, act in sorted(acts, key=itemgetter(0)):
            act(at=when)
        for name, query in FILTERS.items():
            operations.create_filter(by=by, name=name, query=query, at=at)
    return person


def add_sections(task_list: TaskList, *, by: Actor, at: datetime) -> None:
    for name, titles in SECTIONS.get(task_list.name, {}).items():
        section, _ = operations.create_section(by=by, at=at, task_list=task_list, name=name)
        for task in task_list.tasks.filter(title__in=titles, trashed_at=None):
            operations.move_task(task, by=by, at=at, section=section)


def add_tasks(
    lines: list[Line], *, by: Actor, at: datetime, now: datetime, **fields: Any
) -> list[Act]:
    """Add the tasks, and return what became of them later."""
    acts: list[Act] = []
    for number, line in enumerate(lines):
        task = add_task(line, by=by, at=at + timedelta(minutes=11 * number), now=now, **fields)
        later = now + timedelta(days=line[3] or -2, minutes=-37 * number)
        if line[5] == DONE:
            acts.append((later, partial(operations.complete_task, task, by=by)))
        elif line[5] == TRASHED:
            acts.append((later, partial(operations.trash_task, task, by=by)))
    return acts


def add_task(line: Line, *, by: Actor, at: datetime, now: datetime, **fields: Any) -> Task:
    title, tags, priority, days, due_time, _state = line
    rule, repeats_from = RULES.get(title, ("", "due"))
    task, _ = operations.create_task(
        by=by,
        at=at,
        title=title,
        description=NOTES.get(title, ""),
        tags=tags,
        priority=priority,
        due_on=None if days is None else (now + timedelta(days=days)).date(),
        due_time=due_time,
        rule=rule,
        repeats_from=repeats_from,
        **fields,
    )
    for below in BELOW.get(title, ()):
        operations.create_task(by=by, at=at, title=below, parent=task)
    if title in COMMENTS:
        operations.add_comment(task, by=by, text=COMMENTS[title], at=at)
    return task
