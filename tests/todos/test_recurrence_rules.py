# ruff: noqa: E501
"""Rules are read strictly, written in one way, and changed with the task that they belong to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from todos.recurrence import (
    Frequency,
    Rule,
    Weekday,
    counted_down,
    counted_up,
    explain,
    first_due,
    moved,
)

REFUSED = {
    "": "parts such as",
    "every day": "parts such as",
    "INTERVAL=2": "FREQ is one of",
    "FREQ=SECONDLY": "FREQ is one of",
    "FREQ=MINUTELY;INTERVAL=90": "FREQ is one of",
    "FREQ=": "FREQ is one of",
    "FREQ": "FREQ is one of",
    "FREQ=DAILY;": "parts such as",
    "FREQ=DAILY;BYHOUR=9": "not “BYHOUR=9”",
    "FREQ=DAILY;BYMINUTE=9": "not “BYMINUTE=9”",
    "FREQ=YEARLY;BYWEEKNO=20": "not “BYWEEKNO=20”",
    "FREQ=YEARLY;BYYEARDAY=100": "not “BYYEARDAY=100”",
    "RSCALE=HEBREW;FREQ=YEARLY": "not “RSCALE=HEBREW”",
    "DTSTART:20260101\nRRULE:FREQ=DAILY": "parts such as",
    "FREQ=DAILY;FREQ=WEEKLY": "FREQ is in the rule twice",
    "FREQ=DAILY;COUNT=2;COUNT=2": "COUNT is in the rule twice",
    "FREQ=DAILY;INTERVAL=0": "INTERVAL is a number from 1 to 999",
    "FREQ=DAILY;INTERVAL=-1": "INTERVAL is a number",
    "FREQ=DAILY;INTERVAL=1000": "INTERVAL is a number",
    "FREQ=DAILY;INTERVAL=1.5": "INTERVAL is a number",
    "FREQ=DAILY;INTERVAL=": "INTERVAL is a number",
    "FREQ=DAILY;INTERVAL=٣": "INTERVAL is a number",
    "FREQ=DAILY;COUNT=0": "COUNT is a number from 1 to 999",
    "FREQ=DAILY;COUNT=1000000000": "COUNT is a number",
    "FREQ=DAILY;COUNT=3;UNTIL=20261231": "by COUNT or by UNTIL, not by both",
    "FREQ=DAILY;UNTIL=20261231T120000Z": "UNTIL is a day",
    "FREQ=DAILY;UNTIL=2026-12-31": "UNTIL is a day",
    "FREQ=DAILY;UNTIL=20260230": "UNTIL is a day",
    "FREQ=DAILY;UNTIL=99991231": "UNTIL is a day from 1970 to 2200",
    "FREQ=DAILY;UNTIL=": "UNTIL is a day",
    "FREQ=MONTHLY;BYMONTHDAY=0": "BYMONTHDAY has numbers from 1 to 31",
    "FREQ=MONTHLY;BYMONTHDAY=32": "BYMONTHDAY has numbers",
    "FREQ=MONTHLY;BYMONTHDAY=-32": "BYMONTHDAY has numbers",
    "FREQ=MONTHLY;BYMONTHDAY=1,": "BYMONTHDAY has numbers",
    "FREQ=MONTHLY;BYMONTHDAY=x": "BYMONTHDAY has numbers",
    "FREQ=WEEKLY;BYMONTHDAY=1": "A week has no days of the month",
    "FREQ=YEARLY;BYMONTH=13": "BYMONTH has numbers from 1 to 12",
    "FREQ=YEARLY;BYMONTH=-1": "BYMONTH has numbers from 1 to 12",
    "FREQ=WEEKLY;BYDAY=": "BYDAY has days",
    "FREQ=WEEKLY;BYDAY=XX": "BYDAY has days",
    "FREQ=MONTHLY;BYDAY=0MO": "BYDAY has days",
    "FREQ=MONTHLY;BYDAY=54MO": "BYDAY has days",
    "FREQ=WEEKLY;BYDAY=1MO": "Only months and years have a first",
    "FREQ=DAILY;BYDAY=-1FR": "Only months and years have a first",
    "FREQ=WEEKLY;WKST=MONDAY": "WKST is one of",
    "FREQ=MONTHLY;BYSETPOS=1": "BYSETPOS needs days",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0": "BYSETPOS has numbers",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367": "BYSETPOS has numbers",
    "FREQ=DAILY;BYDAY=MO;BYSETPOS=1": "BYSETPOS chooses among",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": "never happens",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30": "never happens",
    "FREQ=HOURLY;BYMONTH=4,6,9,11;BYMONTHDAY=31": "never happens",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30,31": "never happens",
    "FREQ=MONTHLY;BYDAY=6MO": "A month has no weekday six times",
    "FREQ=MONTHLY;BYDAY=10MO": "A month has no weekday six times",
    "FREQ=MONTHLY;BYDAY=-10MO": "A month has no weekday six times",
    "FREQ=MONTHLY;BYDAY=1MO,53MO": "A month has no weekday six times",
    "FREQ=YEARLY;BYMONTH=12;BYDAY=20MO": "A month has no weekday six times",
    "FREQ=YEARLY;BYMONTH=1;BYDAY=-53SU": "A month has no weekday six times",
    "FREQ=YEARLY;BYDAY=-54MO": "BYDAY has days",
    "FREQ=YEARLY;BYDAY=99MO": "BYDAY has days",
    "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=3MO": "never happens",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6": "never happens",
    "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2": "never happens",
    "FREQ=DAILY;BYMONTH=" + ",".join(["1"] * 200): "300 characters at most",
    "FREQ=DAILY" * 100_000: "300 characters at most",
}


@pytest.mark.parametrize(("text", "words"), REFUSED.items(), ids=lambda text: text[:50])
def test_what_is_no_rule_is_refused_in_plain_words(text: str, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Rule.parse(text)
    (message,) = refusal.value.messages
    assert words in message
    assert len(message) < 120


CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NUMBERS = st.lists(st.integers(-400, 400), min_size=1, max_size=3)
DAYS_OF_WEEK = st.lists(
    st.tuples(st.just("") | st.integers(-60, 60).map(str), st.sampled_from(CODES)).map("".join),
    min_size=1,
    max_size=3,
)
VALUES: dict[str, st.SearchStrategy[list[Any]]] = {
    "INTERVAL": st.integers(0, 1001).map(lambda number: [number]),
    "BYMONTH": st.lists(st.integers(0, 13), min_size=1, max_size=3),
    "BYMONTHDAY": st.lists(st.integers(-32, 32), min_size=1, max_size=3),
    "BYDAY": DAYS_OF_WEEK,
    "BYSETPOS": NUMBERS,
    "WKST": st.sampled_from(CODES).map(lambda code: [code]),
}
PART = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: VALUES[name].map(lambda values: f"{name}={','.join(map(str, values))}")
)
LIKELY = st.builds(
    lambda frequency, parts: ";".join([f"FREQ={frequency}", *parts]),
    st.sampled_from(sorted(Frequency)),
    st.lists(PART, max_size=4, unique_by=lambda part: part.partition("=")[0]),
)


@given(
    st.text()
    | st.from_regex(r"FREQ=[A-Z]+(;[A-Z]+=[-+0-9A-Z,]*){0,4}", fullmatch=True)
    | LIKELY
    | st.builds("FREQ=MONTHLY;BYDAY={}{}".format, st.integers(-60, 60), st.sampled_from(CODES))
)
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = Rule.parse(text)
    except ValidationError:
        return
    assert Rule.parse(str(rule)) == rule


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("RRULE:FREQ=DAILY", "FREQ=DAILY"),
        (" freq=weekly;byday=su,mo ", "FREQ=WEEKLY;BYDAY=MO,SU"),
        ("INTERVAL=1;FREQ=DAILY", "FREQ=DAILY"),
        ("INTERVAL=02;FREQ=DAILY;COUNT=010", "FREQ=DAILY;INTERVAL=2;COUNT=10"),
        ("FREQ=WEEKLY;WKST=MO", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;WKST=SU", "FREQ=WEEKLY;WKST=SU"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,31,1,1", "FREQ=MONTHLY;BYMONTHDAY=1,31,-1"),
        ("FREQ=MONTHLY;BYDAY=-1FR,+1MO,MO", "FREQ=MONTHLY;BYDAY=MO,1MO,-1FR"),
        ("FREQ=YEARLY;BYMONTH=7,1;UNTIL=20301231", "FREQ=YEARLY;UNTIL=20301231;BYMONTH=1,7"),
    ],
)
def test_a_rule_is_written_in_one_way(text: str, canonical: str) -> None:
    assert str(Rule.parse(text)) == canonical


def test_a_rule_tells_its_parts() -> None:
    rule = Rule.parse("FREQ=MONTHLY;INTERVAL=2;COUNT=3;BYDAY=-1FR;WKST=SU")
    assert (rule.frequency, rule.interval, rule.count) == (Frequency.MONTHLY, 2, 3)
    assert (rule.days, rule.week_start) == ((Weekday(-1, 4),), 6)


def test_count_counts_completions_down_and_up() -> None:
    three = Rule.parse("FREQ=DAILY;COUNT=3")
    two = counted_down(three)
    assert two == Rule.parse("FREQ=DAILY;COUNT=2")
    assert counted_up(two) == three
    assert counted_down(Rule.parse("FREQ=DAILY;COUNT=1")) is None
    endless = Rule.parse("FREQ=DAILY")
    assert counted_down(endless) == counted_up(endless) == endless
    most = Rule.parse("FREQ=DAILY;COUNT=999")
    assert counted_up(most) == most


@pytest.mark.parametrize(
    ("rule", "old", "new", "expected"),
    [
        ("FREQ=DAILY", "2026-11-23", "2026-11-25", "FREQ=DAILY"),
        ("FREQ=WEEKLY", "2026-11-23", "2026-11-25", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-11-23", "2026-11-25", "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "2026-11-23", "2026-11-25", "FREQ=WEEKLY;BYDAY=WE,FR"),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "2026-11-23", "2026-11-27", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=MO", "2026-11-23", "2026-12-01", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU"),
        ("FREQ=MONTHLY", "2026-11-23", "2026-11-25", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYMONTHDAY=23", "2026-11-23", "2026-11-25", "FREQ=MONTHLY;BYMONTHDAY=25"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2027-02-28", "2027-02-27", "FREQ=MONTHLY;BYMONTHDAY=27"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2027-02-28", "2027-03-31", "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30", "2026-12-01", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-12-15", "2026-12-20", "FREQ=MONTHLY;BYMONTHDAY=1,20"),
        ("FREQ=MONTHLY;BYDAY=3FR", "2026-11-20", "2026-11-10", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=MONTHLY;BYDAY=3FR", "2026-11-20", "2026-11-26", "FREQ=MONTHLY;BYDAY=4TH"),
        ("FREQ=MONTHLY;BYDAY=3FR", "2026-11-20", "2026-11-30", "FREQ=MONTHLY;BYDAY=-1MO"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "2026-11-26", "FREQ=MONTHLY;BYDAY=-1TH"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "2026-11-17", "FREQ=MONTHLY;BYDAY=3TU"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30", "2026-11-25", "FREQ=MONTHLY;BYMONTHDAY=25"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "2026-11-23", "2026-11-25", "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "2026-11-13", "2026-11-16", "FREQ=MONTHLY;BYMONTHDAY=16"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27", "2027-01-27", "2027-02-03", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=3"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-11-26", "2026-12-04", "FREQ=YEARLY;BYMONTH=12;BYDAY=1FR"),
        ("FREQ=YEARLY;BYDAY=20MO", "2026-05-18", "2026-05-19", "FREQ=YEARLY;BYDAY=20TU"),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1", "2027-01-01", "2027-07-03", "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=3"),
        ("FREQ=YEARLY;BYMONTH=3", "2027-03-31", "2027-04-05", "FREQ=YEARLY;BYMONTH=4"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-11-25", "2026-11-26", "FREQ=WEEKLY;BYDAY=TH"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27", "2027-03-03", "2027-03-05", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5"),
        ("FREQ=DAILY;UNTIL=20261124", "2026-11-23", "2026-11-25", "FREQ=DAILY;UNTIL=20261124"),
    ],
)  # fmt: skip
def test_moving_all_from_now_on_changes_what_named_the_day(
    rule: str, old: str, new: str, expected: str
) -> None:
    result = moved(Rule.parse(rule), old=date.fromisoformat(old), new=date.fromisoformat(new))
    assert str(result) == expected


DAYS_OF_LIFE = st.dates(date(1971, 1, 1), date(2190, 12, 31))


@settings(deadline=None)
@given(
    st.sampled_from(
        [
            "FREQ=WEEKLY;BYDAY=MO,TH",
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "FREQ=MONTHLY;BYMONTHDAY=5,-1",
            "FREQ=MONTHLY;BYDAY=5MO",
            "FREQ=MONTHLY;BYDAY=2TU,-1FR",
            "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=2",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "FREQ=YEARLY;BYMONTH=2,9;BYDAY=-1MO",
            "FREQ=YEARLY;BYDAY=53FR",
            "FREQ=DAILY;BYMONTH=6",
        ]
    ),
    DAYS_OF_LIFE,
    DAYS_OF_LIFE,
)
def test_a_moved_rule_has_the_new_day_and_can_be_read(text: str, old: date, new: date) -> None:
    rule = moved(Rule.parse(text), old=old, new=new)
    assert Rule.parse(str(rule)) == rule
    noon = datetime.combine(new, time(12), UTC)
    assert first_due(rule, time=None, now=noon) == (new, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=YEARLY;BYDAY=1MO,-1SU", "every year on the 1st Monday and last Sunday"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,3,11,12,13,21,22,23", "2nd, 3rd, 11th, 12th, 13th, 21st, 22nd and 23rd"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,2,3;BYDAY=1MO", "on the 1st, 2nd and 3rd if it is the 1st Monday"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=13;BYDAY=FR", "on the 13th in January if it is a Friday"),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=FR;BYSETPOS=-1", "every year on the last Friday in June"),
        ("FREQ=WEEKLY;BYDAY=MO,SU;BYSETPOS=1;WKST=SU", "on the 1st of Monday and Sunday, weeks from Sunday"),
        ("FREQ=HOURLY;INTERVAL=2;BYMONTH=6;BYDAY=MO", "every 2 hours on Monday in June"),
        ("FREQ=WEEKLY;BYMONTH=6;BYDAY=MO,TU,WE,TH,FR", "every weekday in June"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", "every 2 weeks on Monday, Tuesday, Wednesday, Thursday and Friday"),
    ],
)  # fmt: skip
def test_rarer_rules_have_words_too(text: str, words: str) -> None:
    assert words in explain(Rule.parse(text))
