"""Quick add: one line as a task, and no more read into it than it says."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from tests.todos.quickadd_cases import CASES, GROUPS, LISTS, NOW, Case, Group, table_of
from todos import quickadd
from todos.quickadd import Parsed, Span

DOCUMENT = Path(__file__).parents[2] / "docs" / "quick-add.md"
NOTHING = Parsed(title="")


def parse(line: str, **options: object) -> Parsed:
    return quickadd.parse(line, **{"now": NOW, "lists": LISTS, **options})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line)
def test_a_line_says_what_the_table_says(case: Case) -> None:
    parsed = parse(case.line)
    said = {each.name: getattr(parsed, each.name) for each in fields(Parsed)}
    known = {"title", "spans", "hints", "whole"}
    assert {
        name: value
        for name, value in said.items()
        if name not in known and value != getattr(NOTHING, name)
    } == case.says
    assert parsed.title == case.title


def test_the_table_is_as_large_as_it_should_be() -> None:
    texts = [case for case in CASES if not case.says]
    assert len(CASES) >= 150
    assert len(texts) >= 40
    assert len({case.line for case in CASES}) == len(CASES)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.heading)
def test_the_documentation_shows_the_table(group: Group) -> None:
    assert table_of(group) in DOCUMENT.read_text()


# Days of the person


def test_today_is_that_of_the_person() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert parse("Call today", now=late).day == date(2026, 11, 23)
    assert parse("Call tomorrow", now=late).day == date(2026, 11, 24)


def test_a_number_date_is_read_in_the_order_of_the_person() -> None:
    assert parse("Call 5/1").day == date(2027, 1, 5)
    assert parse("Call 5/1", date_order="mdy").day == date(2027, 5, 1)
    assert parse("Call 5/1", date_order="ymd").day == date(2027, 5, 1)
    assert parse("Call 28/5/1", date_order="ymd").day == date(2028, 5, 1)
    assert parse("Call 27/1", date_order="mdy").day is None


def test_next_week_begins_on_the_first_day_of_the_persons_week() -> None:
    assert parse("Call next week").day == date(2026, 11, 30)
    assert parse("Call next week", week_start=7).day == date(2026, 11, 29)
    sunday = datetime(2026, 11, 22, 12, 0, tzinfo=NOW.tzinfo)
    assert parse("Call next monday", now=sunday).day == date(2026, 11, 23)
    assert parse("Call next monday", now=sunday, week_start=7).day == date(2026, 11, 30)
    assert parse("Call this weekend", now=sunday).day == date(2026, 11, 22)
    assert parse("Call next weekend", now=sunday).day == date(2026, 11, 28)


def test_the_31st_is_of_a_month_that_has_one() -> None:
    february = datetime(2027, 2, 3, 12, 0, tzinfo=NOW.tzinfo)
    assert parse("Pay 31st", now=february).day == date(2027, 3, 31)
    assert parse("Pay 1st", now=february).day == date(2027, 3, 1)
    assert parse("Pay 3rd", now=february).day == date(2027, 2, 3)


def test_hours_from_now_are_hours_across_a_clock_change() -> None:
    before = datetime(2027, 3, 28, 1, 30, tzinfo=NOW.tzinfo)
    assert parse("Call in 2 hours", now=before).time == time(4, 30)


def test_tonight_after_nine_has_no_time_that_has_passed() -> None:
    late = NOW.replace(hour=22)
    assert parse("Film tonight", now=late).day == date(2026, 11, 23)
    assert parse("Film tonight", now=late).time is None


# Spans and hints


def test_spans_tell_where_what_was_understood_stood() -> None:
    line = "Pay ☂ rent by friday, 5pm #Home p1 @bank // soon"
    assert parse(line).spans == (
        Span(11, 20, "date", "by friday"),
        Span(22, 25, "time", "5pm"),
        Span(26, 31, "list", "#Home"),
        Span(32, 34, "priority", "p1"),
        Span(35, 40, "tag", "@bank"),
        Span(41, 48, "description", "// soon"),
    )


def test_the_parts_of_a_recurrence_have_spans_of_their_own() -> None:
    spans = parse("Gym every mon at 9 starting 1 dec until 1 mar").spans
    assert [(span.kind, span.text) for span in spans] == [
        ("recurrence", "every mon"),
        ("time", "at 9"),
        ("start", "starting 1 dec"),
        ("until", "until 1 mar"),
    ]


def test_an_unknown_list_stays_in_the_title_with_a_hint() -> None:
    parsed = parse("Buy milk #Hoem tomorrow")
    assert (parsed.title, parsed.list_name) == ("Buy milk #Hoem", None)
    assert parsed.hints == ("There is no list called “Hoem”.",)
    assert parse("Fix #42").hints == ()
    assert parse("Fix #42", lists=["42"]).list_name == "42"


def test_an_archived_list_stays_in_the_title_with_a_hint() -> None:
    for line in ("Buy milk #old house, p1", 'Buy milk #"Old House" p1'):
        parsed = parse(line, archived=["Old House"])
        assert parsed.list_name is None
        assert parsed.hints == ("The list “Old House” is archived.",)
    assert parse("Buy #older", archived=["Old"]).hints == ("There is no list called “older”.",)


def test_a_date_of_a_year_that_is_not_kept_stays_text_with_a_hint() -> None:
    hint = "“%s” is of a year before 1970 or after 2200, so it stays text."
    assert parse("Retire 1 jan 2250").hints == (hint % "1 jan 2250",)
    assert parse("Retire by 2250-01-01 p1").hints == (hint % "by 2250-01-01",)
    parsed = parse("Gym every day until 1 jan 2250")
    assert (parsed.title, parsed.rule) == ("Gym until 1 jan 2250", "FREQ=DAILY")
    assert parsed.hints == (hint % "1 jan 2250",)
    assert parse("Retire 1 jan 2200").day == date(2200, 1, 1)


def test_of_two_days_the_last_counts_and_the_other_stays() -> None:
    parsed = parse("Prepare 27 jan meeting tomorrow")
    assert (parsed.title, parsed.day) == ("Prepare 27 jan meeting", date(2026, 11, 24))
    assert parsed.hints == ("Only one of a kind counts: “tomorrow”.",)
    assert parse("Order p1 paper p2").title == "Order p1 paper"


def test_a_line_without_a_title_is_its_own_title() -> None:
    parsed = parse("#Home tomorrow")
    assert (parsed.title, parsed.spans, parsed.day) == ("#Home tomorrow", (), None)
    assert parsed.hints == ("Nothing is left for the title, so all of it is the title.",)
    assert parse("") == NOTHING
    assert parse(" \n ") == NOTHING


def test_a_rule_that_never_happens_stays_text() -> None:
    assert parse("Cake every 31 feb").rule == ""
    assert parse("Cake every 31 feb").title == "Cake every 31 feb"
    assert parse("Gym every day until 1 jan 2020").rule == ""


def test_a_line_that_is_too_long_is_text() -> None:
    parsed = parse("x " * 501 + "tomorrow")
    assert parsed.day is None
    assert len(parsed.hints) == 1


# Literal text


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        ("Read tomorrow", "date", "Read \\tomorrow"),
        ("Read in 3 days", "date", 'Read "in 3 days"'),
        ("Read #Home Office", "list", 'Read "#Home Office"'),
        ('Read #"Home Office"', "list", 'Read \\#"Home Office"'),
        ("Read // tomorrow", "description", 'Read "// tomorrow"'),
    ],
)
def test_one_span_is_turned_back_into_text(line: str, kind: str, expected: str) -> None:
    (span,) = [span for span in parse(line).spans if span.kind == kind]
    made = quickadd.literal(line, span)
    assert made == expected
    again = parse(made)
    assert again.spans == ()
    assert again.title == line


def test_quotes_and_backslashes_that_keep_nothing_stay() -> None:
    for line in ('Read "Emma"', 'A 6" pipe and 5" nail', "C:\\temp \\o/", 'say "', '""'):
        assert parse(line).title == line


def test_quotes_around_a_losing_date_go_too() -> None:
    assert parse('Plan "27 jan" lunch tomorrow').title == "Plan 27 jan lunch"


def test_the_whole_line_is_without_what_only_kept_something_literal() -> None:
    assert parse("Call Ann \\tomorrow 5pm  p1 @x").whole == "Call Ann tomorrow 5pm p1 @x"
    assert parse('Read "in 3 days" "Emma" 5pm').whole == 'Read in 3 days "Emma" 5pm'
    assert parse("C:\\temp \\o/ 5pm // \\friday").whole == "C:\\temp \\o/ 5pm // \\friday"


# Words of a recurrence alone


def test_a_recurrence_is_read_alone() -> None:
    read = quickadd.parse_recurrence("mon and fri at 9", now=NOW)
    assert read == ("FREQ=WEEKLY;BYDAY=MO,FR", "due", date(2026, 11, 27), time(9))
    read = quickadd.parse_recurrence("every! 3 days", now=NOW)
    assert read == ("FREQ=DAILY;INTERVAL=3", "completion", date(2026, 11, 23), None)
    assert quickadd.parse_recurrence("daily", now=NOW).rule == "FREQ=DAILY"


@pytest.mark.parametrize(
    "words",
    ["", "soon", "tomorrow", "every day or so", "every minute", "every day #Home", "x" * 2000],
)
def test_other_words_are_refused(words: str) -> None:
    with pytest.raises(ValidationError, match="every 2 weeks"):
        quickadd.parse_recurrence(words, now=NOW)


# Several lines


def test_pasted_lines_are_split_with_their_depth() -> None:
    pasted = "Trip\n  - Flights\n\n      * Compare [prices]\n  Hotel\n[ ] Visa\n- [ ] Ask\n-\n"
    assert quickadd.split_lines(pasted) == [
        (0, "Trip"),
        (1, "Flights"),
        (2, "Compare [prices]"),
        (1, "Hotel"),
        (0, "Visa"),
        (0, "Ask"),
    ]


def test_the_first_line_is_outermost_and_no_step_is_larger_than_one() -> None:
    assert quickadd.split_lines("    a\n            b\n  c\n c\nd") == [
        (0, "a"),
        (1, "b"),
        (0, "c"),
        (0, "c"),
        (0, "d"),
    ]


def test_tabs_indent_too() -> None:
    assert quickadd.split_lines("a\n\tb\n\t\tc\n\tb") == [(0, "a"), (1, "b"), (2, "c"), (1, "b")]


def test_a_minus_is_no_bullet() -> None:
    assert quickadd.split_lines("-5 degrees\n*bold*") == [(0, "-5 degrees"), (0, "*bold*")]


def test_lines_are_bounded_in_number_and_length() -> None:
    assert len(quickadd.split_lines("x\n" * 100)) == 100
    with pytest.raises(ValidationError, match="100"):
        quickadd.split_lines("x\n" * 101)
    with pytest.raises(ValidationError, match="1000"):
        quickadd.split_lines("x" * 1001)
