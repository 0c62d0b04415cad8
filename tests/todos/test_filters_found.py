"""Which tasks a filter finds: each that matches, once, at any depth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_tasks import make_task
from todos import filters, operations, search
from todos.filters.days import Days
from todos.filters.expressions import Name
from todos.models import Task, TaskList, TaskTag

BERLIN = ZoneInfo("Europe/Berlin")
# A Monday.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN)
MONDAY = NOW.date()


def find(user: User, text: str, now: datetime = NOW) -> list[str]:
    question = filters.parse(text, now=now).asked_by(user)
    tasks = Task.objects.visible_to(user).filter(question.q)
    return [task.title for task in tasks.order_by("pk")]


def test_a_day_is_that_of_the_person(alice: User, by_alice: Actor) -> None:
    make_task(by_alice, "day", due_on=MONDAY)
    make_task(by_alice, "floating", due_on=MONDAY, due_time=time(23, 59))
    # 23:30 in New York is 05:30 of the next day in Berlin.
    late = {"due_time": time(23, 30), "due_zone": "America/New_York"}
    make_task(by_alice, "zoned today", due_on=MONDAY - timedelta(days=1), **late)
    make_task(by_alice, "zoned tomorrow", due_on=MONDAY, **late)
    assert find(alice, "today") == ["day", "floating", "zoned today"]
    assert find(alice, "tomorrow") == ["zoned tomorrow"]
    assert find(alice, "due before: tomorrow") == ["day", "floating", "zoned today"]
    assert find(alice, "due after: today") == ["zoned tomorrow"]
    in_new_york = NOW.astimezone(ZoneInfo("America/New_York"))
    assert find(alice, "today", in_new_york) == ["day", "floating", "zoned tomorrow"]


def test_a_day_with_a_clock_change_has_all_its_hours(alice: User, by_alice: Actor) -> None:
    sunday = date(2026, 10, 25)
    for hour, zone in ((0, "Europe/Berlin"), (23, "Europe/Berlin"), (22, "UTC"), (23, "UTC")):
        title = f"{hour} {zone}"
        make_task(by_alice, title, due_on=sunday, due_time=time(hour, 59), due_zone=zone)
    noon = datetime.combine(sunday, time(12), BERLIN)
    assert find(alice, "today", noon) == ["0 Europe/Berlin", "23 Europe/Berlin", "22 UTC"]


def test_overdue_is_what_the_task_says_it_is(alice: User, by_alice: Actor) -> None:
    for title, fields in {
        "yesterday": {"due_on": MONDAY - timedelta(days=1)},
        "today": {"due_on": MONDAY},
        "at noon": {"due_on": MONDAY, "due_time": time(12)},
        "later": {"due_on": MONDAY, "due_time": time(12, 1)},
        "noon in London": {"due_on": MONDAY, "due_time": time(12), "due_zone": "Europe/London"},
        "noon in Athens": {"due_on": MONDAY, "due_time": time(12), "due_zone": "Europe/Athens"},
        "never": {},
    }.items():
        make_task(by_alice, title, **fields)
    expected = [task.title for task in Task.objects.order_by("pk") if task.is_overdue(NOW)]
    assert find(alice, "overdue") == expected == ["yesterday", "at noon", "noon in Athens"]
    others = [task.title for task in Task.objects.order_by("pk") if not task.is_overdue(NOW)]
    assert find(alice, "!overdue") == others


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # 02:30 does not exist on the 29th of March in Berlin: it comes at 03:30.
        (datetime(2026, 3, 29, 1, 59, tzinfo=BERLIN), []),
        (datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN), ["02:00", "03:00"]),
        (datetime(2026, 3, 29, 3, 5, tzinfo=BERLIN), ["02:00", "03:00"]),
        (datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN), ["02:00", "02:30", "03:00"]),
        # It comes twice on the 25th of October: the first counts.
        (datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN), ["02:00"]),
        (datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN), ["02:00", "02:30"]),
        (datetime(2026, 10, 25, 3, 0, tzinfo=BERLIN), ["02:00", "02:30", "03:00"]),
    ],
)
def test_floating_times_are_overdue_from_their_moment(
    alice: User, by_alice: Actor, now: datetime, expected: list[str]
) -> None:
    for clock in (time(2), time(2, 30), time(3), time(4)):
        make_task(by_alice, f"{clock:%H:%M}", due_on=now.date(), due_time=clock)
    tasks = Task.objects.order_by("pk")
    assert [task.title for task in tasks if task.is_overdue(now)] == expected
    assert find(alice, "overdue", now) == expected


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        # At midnight, with the day before beginning its last hour again.
        ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("Africa/Cairo", datetime(2026, 10, 29, 21, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_what_has_passed_on_the_wall_is_what_has_come(zone: str, change: datetime) -> None:
    local = ZoneInfo(zone)
    step = timedelta(minutes=15)
    first = change.astimezone(local).replace(tzinfo=None, fold=0) - timedelta(days=2)
    walls = [first + number * step for number in range(4 * 24 * 4)]
    moments = {wall: wall.replace(tzinfo=local).astimezone(UTC) for wall in walls}
    for number in range(-10, 110):
        now = change + number * step + timedelta(seconds=7)
        parts = Days(now.astimezone(local), "dmy", 1).passed()
        passed = [wall for wall in walls if any(a <= wall <= b for a, b in parts)]
        assert passed == [wall for wall in walls if moments[wall] <= now]


def test_seven_days_are_today_and_the_six_after_it(alice: User, by_alice: Actor) -> None:
    for ahead in (-1, 0, 6, 7):
        make_task(by_alice, str(ahead), due_on=MONDAY + timedelta(days=ahead))
    assert find(alice, "7 days") == ["0", "6"]
    assert find(alice, "1 day") == ["0"]


def test_done_tasks_are_found_only_by_a_filter_that_speaks_of_them(
    alice: User, by_alice: Actor
) -> None:
    make_task(by_alice, "open", priority=1)
    operations.complete_task(make_task(by_alice, "done", priority=1), by=by_alice)
    assert find(alice, "p1") == ["open"]
    assert find(alice, "p1 & done") == ["done"]
    assert find(alice, "done | open") == ["open", "done"]
    assert find(alice, "!completed") == ["open"]
    assert find(alice, "open") == find(alice, "all") == ["open"]


def test_the_trash_and_archived_lists_are_left_out(alice: User, by_alice: Actor) -> None:
    old, _ = operations.create_list(by=by_alice, name="Old")
    make_task(by_alice, "archived", task_list=old)
    operations.archive_list(old, by=by_alice)
    operations.trash_task(make_task(by_alice, "trashed"), by=by_alice)
    make_task(by_alice, "here")
    for text in ("all", "all | done", "all | #Old"):
        assert find(alice, text) == ["here"]


def test_a_task_with_two_of_the_tags_is_found_once(alice: User, by_alice: Actor) -> None:
    make_task(by_alice, "both", tags=["a", "b", "c"])
    make_task(by_alice, "one", tags=["b"])
    make_task(by_alice, "none")
    assert find(alice, "@a | @b | @c") == ["both", "one"]
    assert find(alice, "@a & @B") == ["both"]
    assert find(alice, "!@a") == ["one", "none"]
    assert find(alice, "no tags") == ["none"]
    assert find(alice, "!no tags") == ["both", "one"]


def test_sub_tasks_are_found_at_any_depth_and_without_their_parents(
    alice: User, by_alice: Actor
) -> None:
    parent: Task | None = None
    for depth in range(5):
        parent = make_task(by_alice, str(depth), priority=1 if depth in (0, 4) else 4)
        Task.objects.filter(pk=parent.pk).update(
            parent=Task.objects.filter(title=depth - 1).first()
        )
    assert find(alice, "p1") == ["0", "4"]
    assert find(alice, "subtask") == ["1", "2", "3", "4"]
    assert find(alice, "!subtask") == ["0"]


def test_a_list_is_found_by_its_name_whatever_its_case(alice: User, by_alice: Actor) -> None:
    for name in ("Küche", "R&D (old)", "Küche"):
        task_list, _ = operations.create_list(by=by_alice, name=name)
        make_task(by_alice, f"in {name}", task_list=task_list)
    make_task(by_alice, "inbox")
    assert find(alice, "#KÜCHE") == ["in Küche", "in Küche"]
    assert find(alice, "#ku\u0308che & all") == ["in Küche", "in Küche"]
    assert find(alice, '#"R&D (old)"') == find(alice, r"#R\&D\ \(old\)") == ["in R&D (old)"]
    assert find(alice, "#inbox") == ["inbox"]


def test_a_list_or_tag_that_is_not_there_finds_nothing_and_is_named(
    alice: User, bob: User, by_alice: Actor
) -> None:
    operations.create_list(by=Actor(bob), name="Bobs")
    operations.create_tag(by=Actor(bob), name="x")
    make_task(by_alice, "here")
    question = filters.parse("p4 & #Bobs", now=NOW).asked_by(alice)
    assert find(alice, "#Bobs") == find(alice, "@x & all") == []
    assert find(alice, "!#Bobs") == find(alice, "all | @x") == ["here"]
    assert [name.unknown_words for name in question.unknown_names] == ["There is no list “Bobs”."]
    with pytest.raises(ValidationError) as refused:
        question.refuse_unknown_names()
    assert refused.value.messages == ["At character 7: There is no list “Bobs”."]
    with pytest.raises(ValidationError, match="There is no tag"):
        filters.parse("@x", now=NOW).asked_by(alice).refuse_unknown_names()


@pytest.mark.parametrize(
    "name",
    ["Straße", "I\u0307stanbul", "e\u0301clair", "two  words", "a\x07b", "a\x85b", "\u202ea"],
)
def test_a_tag_is_found_by_the_key_it_is_stored_with(by_alice: Actor, name: str) -> None:
    tag = operations.create_tag(by=by_alice, name=name)
    assert Name("@", name, 0).key == f"@{tag.name_key}"


def test_words_are_found_within_a_filter(alice: User, by_alice: Actor) -> None:
    make_task(by_alice, "Buy milk", priority=1)
    make_task(by_alice, "Milk the goat", description="early")
    assert find(alice, "search: MIL") == ["Buy milk", "Milk the goat"]
    assert find(alice, "search: mil & !p1") == ["Milk the goat"]
    assert find(alice, "!search: goat") == ["Buy milk"]
    assert find(alice, "search: early | p1") == ["Buy milk", "Milk the goat"]


def test_repeating_and_created(alice: User, by_alice: Actor) -> None:
    task = make_task(by_alice, "repeating", due_on=MONDAY)
    Task.objects.filter(pk=task.pk).update(rule="FREQ=DAILY")
    midnight = datetime.combine(MONDAY, time.min, BERLIN)
    for title, at in (("before", midnight - timedelta(seconds=1)), ("at", midnight)):
        operations.create_task(by=by_alice, title=title, at=at)
    Task.objects.filter(pk=task.pk).update(created_at=NOW + timedelta(days=1))
    assert find(alice, "recurring") == ["repeating"]
    assert find(alice, "!recurring") == ["before", "at"]
    assert find(alice, "created before: today") == ["before"]
    assert find(alice, "created: today") == ["at"]
    assert find(alice, "created after: today") == ["repeating"]


def test_names_cost_two_queries_however_many_there_are(alice: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        filters.parse("#a | #b | @c | @d", now=NOW).asked_by(alice)
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        filters.parse("today | p1", now=NOW).asked_by(alice)
    assert len(queries) == 0


# The same language a second time, in plain Python, over tasks that are not in a database.

ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "UTC"]
MOMENTS = [
    NOW,
    NOW.astimezone(ZoneInfo("Pacific/Kiritimati")),
    datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
    datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN),
    datetime(2026, 3, 29, 3, 5, tzinfo=BERLIN),
    datetime(2026, 3, 8, 23, 59, 59, 999_999, tzinfo=ZoneInfo("America/New_York")),
]


@dataclass(frozen=True)
class Row:
    """A task, as far as filters see it; days and hours are counted from now."""

    title: str
    in_list: str
    tags: frozenset[str]
    priority: int
    due_ahead: int | None
    due_time: time | None
    due_zone: str
    hours_old: int
    is_done: bool
    is_trashed: bool
    has_parent: bool
    repeats: bool

    def due(self, now: datetime) -> tuple[date | None, time | None]:
        """The day and time it is due, at the clock of the person."""
        if self.due_ahead is None:
            return None, None
        day = now.date() + timedelta(days=self.due_ahead)
        if self.due_time is None or not self.due_zone:
            return day, self.due_time
        moment = datetime.combine(day, self.due_time, ZoneInfo(self.due_zone))
        local = moment.astimezone(UTC).astimezone(now.tzinfo)
        return local.date(), local.time()

    def is_overdue(self, now: datetime) -> bool:
        day, clock = self.due(now)
        if self.is_done or day is None:
            return False
        if clock is None:
            return day < now.date()
        zone = ZoneInfo(self.due_zone) if self.due_zone else now.tzinfo
        on = now.date() + timedelta(days=self.due_ahead or 0)
        return datetime.combine(on, self.due_time or clock, zone).astimezone(UTC) <= now

    def created(self, now: datetime) -> date:
        moment = now.astimezone(UTC) - timedelta(hours=self.hours_old)
        return moment.astimezone(now.tzinfo).date()


Test = Callable[[Row, datetime], bool]


def due_within(first: int | None, last: int | None) -> Test:
    def test(row: Row, now: datetime) -> bool:
        day = row.due(now)[0]
        ahead = None if day is None else (day - now.date()).days
        return (
            ahead is not None
            and (first is None or ahead >= first)
            and (last is None or ahead <= last)
        )

    return test


TERMS: dict[str, Test] = {
    "today": due_within(0, 0),
    "tomorrow": due_within(1, 1),
    "overdue": Row.is_overdue,
    "2 days": due_within(0, 1),
    "due before: today": due_within(None, -1),
    "due after: tomorrow": due_within(2, None),
    "due: +2 days": due_within(2, 2),
    "no date": lambda row, now: row.due_ahead is None,
    "no time": lambda row, now: row.due_ahead is None or row.due_time is None,
    "created: today": lambda row, now: row.created(now) == now.date(),
    "created before: today": lambda row, now: row.created(now) < now.date(),
    "created after: -2 days": lambda row, now: row.created(now) > now.date() - timedelta(days=2),
    "done": lambda row, now: row.is_done,
    "open": lambda row, now: not row.is_done,
    "#Home": lambda row, now: row.in_list == "Home",
    "#Old": lambda row, now: row.in_list == "Old",
    "#Nowhere": lambda row, now: False,
    "@a": lambda row, now: "a" in row.tags,
    "@b": lambda row, now: "b" in row.tags,
    "@nobody": lambda row, now: False,
    "no tags": lambda row, now: not row.tags,
    "p1": lambda row, now: row.priority == 1,
    "p4": lambda row, now: row.priority == 4,
    "subtask": lambda row, now: row.has_parent,
    "recurring": lambda row, now: row.repeats,
    "search: mil": lambda row, now: "milk" in row.title,
    "search: tea milk": lambda row, now: row.title == "milk tea",
    "all": lambda row, now: True,
}
Drawn = tuple[str, Test]


def both(one: Drawn, two: Drawn) -> Drawn:
    return f"{one[0]} & {two[0]}", lambda row, now: one[1](row, now) and two[1](row, now)


def either(one: Drawn, two: Drawn) -> Drawn:
    return f"({one[0]} | {two[0]})", lambda row, now: one[1](row, now) or two[1](row, now)


def neither(one: Drawn) -> Drawn:
    return f"!({one[0]})", lambda row, now: not one[1](row, now)


EXPRESSIONS = st.recursive(
    st.sampled_from(list(TERMS.items())),
    lambda parts: st.one_of(
        st.builds(both, parts, parts), st.builds(either, parts, parts), st.builds(neither, parts)
    ),
    max_leaves=8,
)
ROWS = st.builds(
    Row,
    title=st.sampled_from(["milk", "milk tea", "tea"]),
    in_list=st.sampled_from(["Home", "Old", "Inbox"]),
    tags=st.frozensets(st.sampled_from("ab")),
    priority=st.integers(1, 4),
    due_ahead=st.none() | st.integers(-2, 3),
    due_time=st.none() | st.sampled_from([time(0), time(2, 30), time(12), time(23, 59)]),
    due_zone=st.sampled_from(["", *ZONES]),
    hours_old=st.integers(-30, 60),
    is_done=st.booleans(),
    is_trashed=st.sampled_from([False, False, False, True]),
    has_parent=st.booleans(),
    repeats=st.booleans(),
)


class Stored:
    """The lists and tags that rows are stored with."""

    def __init__(self, user: User) -> None:
        by = Actor(user)
        self.user = user
        self.lists = {"Inbox": TaskList.objects.get(owner=user, is_inbox=True)}
        for name in ("Home", "Old"):
            self.lists[name], _ = operations.create_list(by=by, name=name)
        operations.archive_list(self.lists["Old"], by=by)
        self.tags = {name: operations.create_tag(by=by, name=name) for name in "ab"}
        self.parent = make_task(by, "parent")
        operations.trash_task(self.parent, by=by)

    def store(self, row: Row, now: datetime) -> Task:
        has_day = row.due_ahead is not None
        clock = row.due_time if has_day else None
        task = Task(
            owner=self.user,
            title=row.title,
            task_list=self.lists[row.in_list],
            priority=row.priority,
            due_on=now.date() + timedelta(days=row.due_ahead or 0) if has_day else None,
            due_time=clock,
            due_zone=row.due_zone if clock else "",
            created_at=now.astimezone(UTC) - timedelta(hours=row.hours_old),
            completed_at=now if row.is_done else None,
            trashed_at=now if row.is_trashed else None,
            parent=self.parent if row.has_parent else None,
            rule="FREQ=DAILY" if row.repeats else "",
        )
        task.due_at = task.due_moment()
        task.save()
        for name in row.tags:
            TaskTag.objects.create(owner=self.user, task=task, tag=self.tags[name])
        return task


@pytest.mark.django_db
def test_a_filter_finds_what_plain_python_finds(alice: User) -> None:
    stored = Stored(alice)
    found_some = []

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ROWS, min_size=1, max_size=5), EXPRESSIONS, st.sampled_from(MOMENTS))
    def check(rows: list[Row], drawn: Drawn, now: datetime) -> None:
        text, test = drawn
        speaks_of_done = "done" in text
        with transaction.atomic():
            tasks = [stored.store(row, now) for row in rows]
            for task in tasks:
                search.index_new(task)
            question = filters.parse(text, now=now).asked_by(alice)
            found = list(Task.objects.visible_to(alice).filter(question.q).values_list("pk"))
            transaction.set_rollback(True)
        expected = [
            task.pk
            for task, row in zip(tasks, rows, strict=True)
            if test(row, now)
            and not row.is_trashed
            and row.in_list != "Old"
            and (speaks_of_done or not row.is_done)
        ]
        assert sorted(pk for (pk,) in found) == sorted(expected), text
        found_some.append(bool(expected))

    check()
    assert found_some.count(True) > 30
    assert found_some.count(False) > 30
