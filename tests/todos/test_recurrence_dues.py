"""Dues that follow each other: over years, over changes of the clock, from long ago, to the end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.todos.recurrence_cases import read, when, write
from todos.recurrence import (
    LAST_DAY,
    Due,
    Rule,
    coming,
    first_due,
    missed,
    next_due,
    next_from_completion,
    upcoming,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "Pacific/Apia")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN)


def chain(rule: str, first: str, zone: str = "UTC", *, most: int) -> list[Due]:
    """`first` and the dues after it, each completed when it is due."""
    dues = [read(first)]
    while len(dues) < most:
        due = next_due(
            Rule.parse(rule),
            after=dues[-1],
            anchor=dues[0].day,
            now=when(dues[-1], zone),
        )
        if due is None:
            break
        dues.append(due)
    return dues


def test_two_years_of_months_keep_the_31st() -> None:
    dues = chain("FREQ=MONTHLY", "2026-01-31", most=25)
    lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    leap = [31, 29, *lengths[2:]]
    assert [due.day.day for due in dues] == [*lengths, *lengths, 31]
    assert [due.day.day for due in dues] == [
        due.day.day for due in chain("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", most=25)
    ]
    assert [due.day.day for due in chain("FREQ=MONTHLY", "2028-01-31", most=12)] == leap


def test_the_29th_of_february_comes_back() -> None:
    dues = chain("FREQ=YEARLY", "2096-02-29", most=9)
    assert [due.day.day for due in dues] == [29, 28, 28, 28, 28, 28, 28, 28, 29]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("first", ["2011-01-01T09:00", "2026-01-01T09:00", "2026-01-01T02:30"])
def test_a_daily_time_stays_on_the_wall_over_a_year(zone: str, first: str) -> None:
    dues = chain("FREQ=DAILY", first, zone, most=400)
    assert {due.time for due in dues} == {read(first).time}
    lacking = {date(2011, 12, 30)} if zone == "Pacific/Apia" else set()
    start = read(first).day
    every_day = [start + timedelta(days=number) for number in range(400 + len(lacking))]
    assert [due.day for due in dues] == [day for day in every_day if day not in lacking][:400]


CHANGES = [
    ("Europe/Berlin", "2026-03-28"),
    ("Europe/Berlin", "2026-10-24"),
    ("America/New_York", "2026-03-07"),
    ("America/New_York", "2026-10-31"),
    ("Australia/Sydney", "2026-04-04"),
    ("Australia/Sydney", "2026-10-03"),
    ("Australia/Lord_Howe", "2026-10-03"),
    ("Pacific/Apia", "2011-09-23"),
    ("Pacific/Apia", "2011-12-28"),
    ("Pacific/Apia", "2012-03-31"),
]


@pytest.mark.parametrize("hours", [1, 2, 5])
@pytest.mark.parametrize("clock", ["00:00", "00:30"])
@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_hours_go_on_in_real_time(zone: str, day: str, clock: str, hours: int) -> None:
    dues = chain(f"FREQ=HOURLY;INTERVAL={hours}", f"{day}T{clock}", zone, most=96 // hours)
    moments = [when(due, zone).astimezone(UTC) for due in dues]
    steps = [later - earlier for earlier, later in pairwise(moments)]
    step, hour = timedelta(hours=hours), timedelta(hours=1)
    assert all(timedelta(0) < each <= step + hour for each in steps)
    assert len([each for each in steps if each != step]) <= 2
    assert len(dues) == 96 // hours


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_hours_follow_whenever_they_are_completed(zone: str, day: str) -> None:
    rule, after = Rule.parse("FREQ=HOURLY"), read(f"{day}T00:30")
    start = when(after, zone).astimezone(UTC)
    for minutes in range(0, 72 * 60, 20):
        now = (start + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
        due = next_due(rule, after=after, anchor=after.day, now=now)
        assert due is not None
        wait = when(due, zone).astimezone(UTC) - now.astimezone(UTC)
        assert timedelta(0) < wait <= timedelta(hours=2)


def test_hours_are_left_out_where_they_are_the_same_moment() -> None:
    spring = chain("FREQ=HOURLY", "2026-03-29T01:00", "Europe/Berlin", most=3)
    assert [write(due) for due in spring] == [
        "2026-03-29T01:00",
        "2026-03-29T02:00",
        "2026-03-29T04:00",
    ]


def test_an_hour_that_comes_twice_is_past_when_it_comes_again() -> None:
    again = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    due = next_due(
        Rule.parse("FREQ=HOURLY"), after=read("2026-10-25T00:45"), anchor=again.date(), now=again
    )
    assert due == read("2026-10-25T03:45")


@pytest.mark.parametrize("clock", ["02:10", "02:30", "02:50"])
def test_a_time_that_comes_twice_is_not_due_again(clock: str) -> None:
    again = datetime.combine(date(2026, 10, 25), time.fromisoformat(clock), BERLIN).replace(fold=1)
    due = next_due(
        Rule.parse("FREQ=DAILY"), after=read("2026-10-24T02:30"), anchor=again.date(), now=again
    )
    assert due == read("2026-10-26T02:30")


def test_after_the_completion_means_days_after_it() -> None:
    rule, days = Rule.parse("FREQ=DAILY;INTERVAL=3"), []
    done = datetime(2026, 11, 23, 23, 30, tzinfo=BERLIN)
    for late in (0, 1, 5, 0):
        due = next_from_completion(rule, completed=done, time=time(9))
        assert due is not None and due.time == time(9)
        days.append(f"{due.day:%d.%m.}")
        done = datetime.combine(due.day + timedelta(days=late), time(23, 30), BERLIN)
    assert days == ["26.11.", "29.11.", "03.12.", "11.12."]


def test_the_day_of_completion_is_that_of_its_zone() -> None:
    done = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    rule = Rule.parse("FREQ=DAILY")
    assert next_from_completion(rule, completed=done, time=None) == read("2026-11-24")
    in_berlin = done.astimezone(BERLIN)
    assert next_from_completion(rule, completed=in_berlin, time=None) == read("2026-11-25")


def test_a_moment_without_a_zone_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zone"):
        next_due(
            Rule.parse("FREQ=DAILY"),
            after=read("2026-11-23"),
            anchor=date(2026, 11, 23),
            now=datetime(2026, 11, 23),  # noqa: DTZ001
        )


# Where a rule begins


@pytest.mark.parametrize(
    ("rule", "clock", "expected"),
    [
        ("FREQ=DAILY", "", "2026-11-23"),
        ("FREQ=DAILY", "12:00", "2026-11-23T12:00"),
        ("FREQ=DAILY", "11:59", "2026-11-24T11:59"),
        ("FREQ=DAILY;INTERVAL=3", "", "2026-11-23"),
        ("FREQ=WEEKLY", "", "2026-11-23"),
        ("FREQ=WEEKLY;BYDAY=MO", "", "2026-11-23"),
        ("FREQ=WEEKLY;BYDAY=MO", "09:00", "2026-11-30T09:00"),
        ("FREQ=WEEKLY;BYDAY=SU,TU", "", "2026-11-24"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "09:00", "2026-11-30T09:00"),
        ("FREQ=MONTHLY", "", "2026-11-23"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "", "2026-11-30"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "", "2026-12-01"),
        ("FREQ=MONTHLY;BYDAY=3FR", "", "2026-12-18"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "", "2026-11-30"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27", "", "2027-01-27"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYMONTHDAY=27", "", "2027-01-27"),
        ("FREQ=HOURLY", "", "2026-11-23T12:00"),
        ("FREQ=HOURLY", "11:15", "2026-11-23T12:15"),
        ("FREQ=HOURLY;INTERVAL=3", "15:00", "2026-11-23T15:00"),
        ("FREQ=DAILY;UNTIL=20261122", "", ""),
    ],
)
def test_a_rule_begins_today_or_with_its_first_day(rule: str, clock: str, expected: str) -> None:
    at = time.fromisoformat(clock) if clock else None
    due = first_due(Rule.parse(rule), time=at, now=NOW)
    assert (write(due) if due else "") == expected


@pytest.mark.parametrize(
    ("rule", "counts_from", "due", "expected"),
    [
        ("FREQ=DAILY", "due", "2026-11-23", "2026-11-23 2026-11-24 2026-11-25"),
        ("FREQ=DAILY", "due", "2026-12-01", "2026-12-01 2026-12-02 2026-12-03"),
        ("FREQ=DAILY", "due", "", "2026-11-23 2026-11-24 2026-11-25"),
        ("FREQ=DAILY", "due", "2026-11-20", "2026-11-24 2026-11-25 2026-11-26"),
        ("FREQ=DAILY", "due", "2026-11-23T11:00", "2026-11-24T11:00 2026-11-25T11:00"),
        ("FREQ=DAILY;COUNT=2", "due", "2026-11-23", "2026-11-23 2026-11-24 never"),
        ("FREQ=DAILY;COUNT=2", "due", "2026-11-20", "2026-11-24 never"),
        ("FREQ=DAILY;UNTIL=20261124", "due", "", "2026-11-23 2026-11-24 never"),
        ("FREQ=MONTHLY", "due", "2027-01-31", "2027-01-31 2027-02-28 2027-03-31"),
        ("FREQ=DAILY;INTERVAL=3", "completion", "2026-11-25", "2026-11-25 2026-11-28"),
        ("FREQ=DAILY;INTERVAL=3", "completion", "2026-11-20", "2026-11-26 2026-11-29"),
        ("FREQ=DAILY;INTERVAL=3", "completion", "", "2026-11-26 2026-11-29 2026-12-02"),
        ("FREQ=HOURLY;INTERVAL=4", "completion", "", "2026-11-23T16:00 2026-11-23T20:00"),
    ],
)
def test_the_next_dates_begin_with_the_due_date(
    rule: str, counts_from: str, due: str, expected: str
) -> None:
    ends, number = expected.endswith("never"), len(expected.split())
    found = upcoming(
        Rule.parse(rule),
        counts_from=counts_from,
        due=read(due) if due else None,
        anchor=read(due).day if due else None,
        now=NOW,
        number=number,
    )
    assert " ".join([*map(write, found), *(["never"] if ends else [])]) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=DAILY;COUNT=150",
        "FREQ=HOURLY;INTERVAL=7",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270630",
        "FREQ=YEARLY",
    ],
)
@pytest.mark.parametrize("due", ["2026-10-31", "2026-11-23T12:30", "2027-01-31T09:00"])
def test_what_comes_from_a_day_on_is_what_follows_one_by_one(rule: str, due: str) -> None:
    given: dict[str, Any] = {"after": read(due), "anchor": read(due).day, "now": NOW}
    following, parsed = [], Rule.parse(rule)
    while len(following) < (parsed.count or 300) - 1 and (
        next_one := next_due(parsed, **{**given, "after": [given["after"], *following][-1]})
    ):
        following.append(next_one)
    for since in (NOW.date(), date(2027, 1, 1), date(2027, 3, 1)):
        found = islice(coming(parsed, **given, since=since), len(following))
        wanted = [each for each in following if each.day >= since]
        assert [each for each in found if each.day >= since][: len(wanted)] == wanted


def test_five_dates_are_told_unless_asked_otherwise() -> None:
    rule = Rule.parse("FREQ=DAILY")
    assert len(upcoming(rule, counts_from="due", due=None, anchor=None, now=NOW)) == 5


# What it costs

FROM_LONG_AGO = [
    "FREQ=HOURLY",
    "FREQ=HOURLY;INTERVAL=7",
    "FREQ=HOURLY;BYDAY=MO,TU",
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=13",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
]


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called: the same on any machine, whatever else it does."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def calls_for(rule: str, first: date) -> int:
    parsed = Rule.parse(rule)

    def work() -> None:
        due = Due(first, time(9))
        assert next_due(parsed, after=due, anchor=first, now=NOW) is not None

    work()
    return calls_of(work)


@pytest.mark.parametrize("rule", FROM_LONG_AGO)
def test_an_ancient_due_date_costs_no_more_than_a_recent_one(rule: str) -> None:
    ancient = max(calls_for(rule, date(1970, 1, day)) for day in range(1, 8))
    recent = max(calls_for(rule, date(2026, 11, day)) for day in range(9, 16))
    assert ancient < recent + 500


@pytest.mark.parametrize("rule", FROM_LONG_AGO)
def test_what_was_missed_is_counted_up_to_a_thousand(rule: str) -> None:
    parsed, after = Rule.parse(rule), Due(date(1970, 1, 1), None)
    assert missed(parsed, after=after, anchor=after.day, now=NOW) <= 1000
    assert missed(parsed, after=after, anchor=after.day, now=NOW, most=10) == 10


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=HOURLY;INTERVAL=168;BYDAY=MO",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=MO;BYMONTH=4,6",
    ],
)
def test_a_rule_that_never_meets_its_days_ends_soon(rule: str) -> None:
    # 2026-01-06 is a Tuesday.
    parsed, after = Rule.parse(rule), Due(date(2026, 1, 6), None)
    found = []
    calls = calls_of(lambda: found.append(next_due(parsed, after=after, anchor=after.day, now=NOW)))
    assert found == [None]
    assert calls < 1_000_000


# At the ends of the calendar


@settings(deadline=None)
@given(
    st.sampled_from([*FROM_LONG_AGO, "FREQ=YEARLY;INTERVAL=999", "FREQ=WEEKLY;INTERVAL=999"]),
    st.dates(),
    st.dates(),
    st.none() | st.times(),
    st.datetimes(datetime(1970, 1, 2), datetime(2300, 1, 1)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_any_day_has_an_answer_within_the_calendar(
    text: str, day: date, anchor: date, clock: time | None, wall: datetime, zone: str
) -> None:
    rule, now, after = Rule.parse(text), wall.replace(tzinfo=ZoneInfo(zone)), Due(day, clock)
    due = next_due(rule, after=after, anchor=anchor, now=now)
    assert due is None or (due.day >= max(day, now.date()) and due.day <= LAST_DAY)
    assert 0 <= missed(rule, after=after, anchor=anchor, now=now, most=20) <= 20
    done = next_from_completion(rule, completed=now, time=clock)
    assert done is None or now.date() <= done.day <= LAST_DAY
    begun = first_due(rule, time=clock, now=now)
    assert begun is None or now.date() <= begun.day <= LAST_DAY
