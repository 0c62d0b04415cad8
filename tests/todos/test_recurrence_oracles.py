"""Two libraries that reckon RFC 5545 agree, but for the differences that are meant.

The oracles begin with the first day and know nothing of reckonings that begin close to now.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events  # type: ignore[import-untyped]
from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.todos.recurrence_cases import DOCUMENT
from todos.recurrence import LAST_DAY, Due, Frequency, Rule, counted_down, missed, next_due

DIFFERENCES = {
    "a day that a month lacks": "its last day, not left out (RFC 7529, SKIP=BACKWARD)",
    "COUNT": "counts completions, not days from the beginning",
    "BYSETPOS in the first week": "sees the whole week, not what is left of it",
    "hours that are one moment": "come once",
    "a day that a zone lacks": "is left out",
}
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


def joined(values: Iterable[object]) -> str:
    return ",".join(map(str, sorted(values, key=str)))


@st.composite
def rules(
    draw: st.DrawFn,
    *,
    month_days: tuple[int, ...] = (*range(1, 29), *range(-31, 0)),
    always: bool = False,
) -> str:
    """RRULEs of what is known, with days of the month that no month lacks.

    With `always` they have days of the month, and no BYSETPOS that leaves out missing ones.
    """
    frequency = draw(st.sampled_from(["DAILY", "MONTHLY", "YEARLY"] + ["WEEKLY"] * (not always)))
    parts = {"FREQ": frequency, "INTERVAL": str(draw(st.integers(1, 12) | st.integers(1, 60)))}
    months_or_years = frequency in {"MONTHLY", "YEARLY"}
    if draw(st.booleans()):
        ordinals = (
            ["", "1", "2", "3", "4", "5", "20", "53", "-1", "-2", "-5", "-20"]
            if months_or_years
            else [""]
        )
        nth = st.tuples(st.sampled_from(ordinals), st.sampled_from(CODES)).map("".join)
        plain = st.sampled_from(CODES)
        parts["BYDAY"] = joined(draw(st.sets(plain, min_size=1) | st.sets(nth, min_size=1)))
    if frequency != "WEEKLY" and (always or draw(st.booleans())):
        numbers = st.sets(st.sampled_from(month_days), min_size=1, max_size=6)
        parts["BYMONTHDAY"] = joined(draw(numbers))
    if draw(st.integers(0, 3)) == 0:
        parts["BYMONTH"] = joined(draw(st.sets(st.integers(1, 12), min_size=1)))
    if frequency != "DAILY" and len(parts) > 2 and not always and draw(st.booleans()):
        parts["BYSETPOS"] = joined(draw(st.sets(st.sampled_from([1, 2, -1, -2]), min_size=1)))
    if draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(CODES))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def parsed(text: str) -> Rule:
    try:
        return Rule.parse(text)
    except ValidationError:
        assume(False)
        raise


def dues_of(
    rule: Rule, anchor: date, *, clock: time | None = None, zone: str = "UTC"
) -> Iterator[Due]:
    """Those of a task begun on its anchor, each completed when it is due."""
    due: Due | None = Due(anchor - timedelta(days=1), clock)
    while due is not None:
        now = datetime.combine(due.day, clock or time(12), ZoneInfo(zone))
        due = next_due(rule, after=due, anchor=anchor, now=now)
        if due is not None:
            yield due


def takes_day_of_anchor(rule: Rule) -> bool:
    return rule.frequency in {Frequency.MONTHLY, Frequency.YEARLY} and not rule.chooses_days


def days_by_dateutil(rule: Rule, anchor: date) -> Iterator[date]:
    """From the very first day on. A week of BYSETPOS is whole: it begins on its first day."""
    first = anchor
    if rule.frequency is Frequency.WEEKLY and rule.positions:
        first -= timedelta(days=(anchor.weekday() - rule.week_start) % 7)
    until = "" if rule.until else f";UNTIL={LAST_DAY:%Y%m%d}"
    found = rrulestr(f"{rule}{until}", dtstart=datetime.combine(first, time()))
    return (moment.date() for moment in found if moment.date() >= anchor)


@settings(deadline=None)
@given(rules(), DAYS)
@example("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", date(2026, 11, 25))
@example("FREQ=YEARLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", date(2026, 11, 25))
@example("FREQ=WEEKLY;BYDAY=WE,FR;BYMONTH=1,12;BYSETPOS=1", date(2026, 12, 30))
def test_dateutil_has_the_same_days(text: str, anchor: date) -> None:
    rule = parsed(text)
    assume(not takes_day_of_anchor(rule) or anchor.day <= 28)
    # Rules that meet their days late or never are searched by dateutil for too long.
    assume(next(dues_of(rule, anchor), None) is not None)
    ours = [due.day for due in islice(dues_of(rule, anchor), 12)]
    theirs = list(islice(days_by_dateutil(rule, anchor), len(ours)))
    assert ours == theirs


@settings(deadline=None)
@given(rules(), DAYS, st.integers(0, 4000), st.integers(1, 4000))
def test_dateutil_finds_the_same_day_from_anywhere(
    text: str, anchor: date, passed: int, later: int
) -> None:
    rule = parsed(text)
    assume(not takes_day_of_anchor(rule) or anchor.day <= 28)
    after, now = anchor + timedelta(days=passed), anchor + timedelta(days=passed + later)
    noon = datetime.combine(now, time(12), UTC)
    due = next_due(rule, after=Due(after, None), anchor=anchor, now=noon)
    assume(due is not None)
    days = days_by_dateutil(rule, anchor)
    between = [day for day in iter(lambda: next(days), due and due.day) if after < day]
    assert all(day <= now for day in between)
    number = missed(rule, after=Due(after, None), anchor=anchor, now=noon, most=5000)
    assert number == len([day for day in between if day < now])


@settings(deadline=None)
@given(
    rules(),
    DAYS,
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Sydney"]),
    st.sampled_from([time(9), time(2, 30), time(1, 30)]),
)
def test_a_calendar_has_the_same_moments(text: str, anchor: date, zone: str, clock: time) -> None:
    rule = parsed(text)
    assume(not takes_day_of_anchor(rule) or anchor.day <= 28)
    assume(not (rule.frequency is Frequency.WEEKLY and rule.positions))
    # A calendar shows its first day even if the rule lacks it.
    first = next(dues_of(rule, anchor), None)
    assume(first is not None)
    anchor = first.day if first else anchor
    ours = [
        datetime.combine(due.day, clock, ZoneInfo(zone)).astimezone(UTC)
        for due in islice(dues_of(rule, anchor, clock=clock, zone=zone), 8)
    ]
    assert ours == moments_by_calendar(str(rule), datetime.combine(anchor, clock), zone, ours[-1])


def moments_by_calendar(rule: str, wall: datetime, zone: str, last: datetime) -> list[datetime]:
    start = wall.replace(tzinfo=ZoneInfo(zone))
    event = icalendar.Event()
    event.add("uid", "1")
    event.add("dtstart", start)
    event.add("rrule", icalendar.vRecur.from_ical(rule))
    shown = icalendar.Calendar()
    shown.add_component(event)
    events = recurring_ical_events.of(shown).between(start, last + timedelta(minutes=1))
    return sorted(event["DTSTART"].dt.astimezone(UTC) for event in events)


# The differences


@settings(deadline=None)
@given(DAYS, st.integers(1, 18))
def test_a_day_that_a_month_lacks_is_its_last_day(anchor: date, interval: int) -> None:
    dues = dues_of(Rule.parse(f"FREQ=MONTHLY;INTERVAL={interval}"), anchor)
    for number, due in enumerate(islice(dues, 12)):
        month = anchor.year * 12 + anchor.month - 1 + number * interval
        year, month = month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        assert due.day == date(year, month, min(anchor.day, last))


@settings(deadline=None)
@given(rules(month_days=(31,), always=True), DAYS)
def test_the_31st_is_the_last_day_in_every_rule(text: str, anchor: date) -> None:
    rule = parsed(text)
    last = parsed(text.replace("BYMONTHDAY=31", "BYMONTHDAY=-1"))
    days = [due.day for due in islice(dues_of(rule, anchor), 10)]
    assert days == [due.day for due in islice(dues_of(last, anchor), 10)]


@settings(deadline=None)
@given(rules(month_days=tuple(range(25, 32)), always=True), DAYS)
def test_days_that_months_have_are_those_of_dateutil(text: str, anchor: date) -> None:
    """What dateutil has is due too, and what else is due is a last day of a month."""
    rule = parsed(text)
    ours = [due.day for due in islice(dues_of(rule, anchor), 12)]
    assume(ours)
    days, theirs = days_by_dateutil(rule, anchor), set()
    for day in days:
        if day > ours[-1]:
            break
        theirs.add(day)
    assert theirs <= set(ours)
    assert all((day + timedelta(days=1)).day == 1 for day in set(ours) - theirs)


def test_count_is_of_completions() -> None:
    assert "COUNT" in DIFFERENCES
    anchor, now = date(2026, 11, 23), datetime(2026, 12, 23, tzinfo=UTC)
    rule = Rule.parse("FREQ=DAILY;COUNT=3")
    found = rrulestr(str(rule), dtstart=datetime.combine(anchor, time()))
    assert [moment.day for moment in found] == [23, 24, 25]
    due = next_due(rule, after=Due(anchor, None), anchor=anchor, now=now)
    assert due == (date(2026, 12, 24), None)
    assert str(counted_down(rule)) == "FREQ=DAILY;COUNT=2"


def test_the_first_week_is_whole_for_bysetpos() -> None:
    anchor, text = date(2026, 11, 25), "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1"
    theirs = rrulestr(text, dtstart=datetime.combine(anchor, time()))
    assert next(iter(theirs)).date() == date(2026, 11, 27)
    assert next(dues_of(Rule.parse(text), anchor)).day == date(2026, 11, 30)


@pytest.mark.parametrize("name", DIFFERENCES)
def test_every_difference_is_in_the_document(name: str) -> None:
    words = {
        "a day that a month lacks": "A day that a month lacks",
        "COUNT": "`COUNT` counts completions",
        "BYSETPOS in the first week": "`BYSETPOS` sees whole weeks",
        "hours that are one moment": "always later in real time",
        "a day that a zone lacks": "A day that a zone never had is left out",
    }
    assert words[name] in " ".join(DOCUMENT.read_text().split())
