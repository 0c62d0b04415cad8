"""What holds for every line of quick add, whatever is in it."""

from __future__ import annotations

import cProfile
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, example, given, reject, settings
from hypothesis import strategies as st

from tests.todos.quickadd_cases import CASES, LISTS, NOW, Case
from tests.todos.recurrence_cases import CASES as RULE_CASES
from tests.todos.recurrence_cases import Case as RuleCase
from todos import quickadd, recurrence
from todos.quickadd import Parsed
from todos.quickadd.phrases import HEADS
from todos.quickadd.words import (
    ALL_WEEKDAYS,
    ELSEWISE,
    ORDINALS,
    PARTS_OF_DAY,
    UNITS,
    WORKDAYS,
)

WORDS = sorted(
    {*HEADS, *ALL_WEEKDAYS, *ELSEWISE, *ORDINALS, *PARTS_OF_DAY, *UNITS, *WORKDAYS}
    | {word for case in CASES for word in case.line.split()}
    | {"5", "17", "3rd", "31st", "2027", "27/1", "9.30pm", "#Home", '#"Home', 'Office"', "\\", '"'}
    | {"of", "times", "week", "and", "other", "milk", "-", ",", "//", "p1", "#", "@", "p1."}
)
PIECES = st.sampled_from(WORDS) | st.text('ab5/#@"\\,.:-!p 1\t☂İß', max_size=4)
LINES = st.lists(PIECES, max_size=9).map(" ".join) | st.lists(
    st.sampled_from([case.line for case in CASES]), min_size=1, max_size=3
).map(" ".join)
EVERY_NTH = st.builds(
    "Water every {}th {}{}".format,
    st.integers(0, 120),
    st.sampled_from(sorted({*ALL_WEEKDAYS, *UNITS, *WORKDAYS})),
    st.sampled_from(["", " of the month", " of december", " in june", " of the year"]),
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=ZoneInfo("Europe/Berlin"))
)
ORDERS = st.sampled_from(["dmy", "mdy", "ymd"])
MANY = settings(max_examples=150, deadline=None)


def parse(line: str) -> Parsed:
    return quickadd.parse(line, now=NOW, lists=LISTS)


@MANY
@given(st.text(max_size=300) | LINES | EVERY_NTH, MOMENTS, ORDERS, st.integers(1, 7))
def test_any_line_is_read(line: str, now: datetime, order: str, week_start: int) -> None:
    parsed = quickadd.parse(line, now=now, date_order=order, week_start=week_start, lists=LISTS)
    assert bool(parsed.title) == bool(line.split())
    assert parsed.day is None or 1970 <= parsed.day.year <= 2200
    if parsed.rule:
        assert str(recurrence.Rule.parse(parsed.rule)) == parsed.rule
        assert parsed.day is not None
    if parsed.time:
        assert parsed.day is not None


@MANY
@given(LINES)
def test_spans_cover_what_they_claim(line: str) -> None:
    parsed = parse(line)
    end = 0
    for span in parsed.spans:
        assert end <= span.start < span.end <= len(line)
        assert line[span.start : span.end] == span.text
        assert span.text == span.text.strip()
        end = span.end
    kinds = {span.kind for span in parsed.spans}
    assert (parsed.list_name is not None) == ("list" in kinds)
    assert bool(parsed.tags) == ("tag" in kinds)
    assert (parsed.priority is not None) == ("priority" in kinds)
    assert bool(parsed.rule) == ("recurrence" in kinds)
    assert (parsed.day is not None) == bool(kinds & {"date", "time", "recurrence"})
    if not kinds:
        assert parsed == Parsed(title=parsed.title, hints=parsed.hints, whole=parsed.title)


@MANY
@given(LINES)
def test_what_is_not_understood_is_in_the_title(line: str) -> None:
    parsed = parse(line)
    rest = list(line)
    for span in parsed.spans:
        rest[span.start : span.end] = " " * (span.end - span.start)
    left = re.sub(r"[\W_]", "", "".join(rest))
    assert re.sub(r"[\W_]", "", parsed.title) == left


@MANY
@given(LINES)
@example("in tomorrow 3 days buy milk")
@example("every @shop 2 weeks buy milk")
@example("15th tue tue")
@example("05 hourly : //")
def test_the_title_says_nothing_more(line: str) -> None:
    """Unless some of it was kept literal, or it has a second day, time, list …"""
    parsed = parse(line)
    if '"' in line or "\\" in line or parsed.hints:
        return
    again = parse(parsed.title)
    assert again.spans == ()
    assert again.title == parsed.title


@MANY
@given(LINES, st.data())
def test_a_span_made_literal_is_text_with_the_same_words(line: str, data: st.DataObject) -> None:
    parsed = parse(line)
    if not parsed.spans:
        return
    span = data.draw(st.sampled_from(parsed.spans))
    again = parse(quickadd.literal(line, span))
    is_quoted = span.kind == "description" and '"' in span.text
    end = span.start + 2 if is_quoted else span.end
    assert not any(
        each.start <= end and each.end > span.start and each.kind == span.kind
        for each in again.spans
    )
    if not is_quoted:
        assert words_in(span.text) in words_in(again.title)
    assert "\\" in line or "\\" not in again.title
    assert again.title.count('"') <= line.count('"')


def words_in(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


@MANY
@given(st.lists(PIECES, min_size=1, max_size=4).map(" ".join))
@example("every day 1 times 1 times")
@example("every mon and")
@example("every 1st 2nd")
def test_the_work_for_a_line_is_bounded_by_its_length(unit: str) -> None:
    """Counted in calls, which do not depend on the machine."""
    line = (f"{unit} " * 500)[:1000]
    assert calls(line) <= 80 * len(line)


def calls(line: str) -> int:
    profile = cProfile.Profile()
    profile.runcall(parse, line)
    return sum(entry.callcount for entry in profile.getstats())


# Rules


def some(values: list[object], most: int = 3) -> st.SearchStrategy[str]:
    """One to `most` of the values, as a part of a rule lists them."""
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(
        lambda chosen: ",".join(map(str, chosen))
    )


CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
NTH_CODES = [
    f"{nth}{code}"
    for nth in ("1", "2", "3", "4", "5", "10", "53", "-1", "-2", "-6", "")
    for code in CODES
]
BY_FREQUENCY = {
    "HOURLY": [],
    "DAILY": ["BYMONTH"],
    "WEEKLY": ["BYDAY", "BYMONTH", "WKST"],
    "MONTHLY": ["BYDAY", "NTH", "BYMONTHDAY", "BYMONTH", "BYSETPOS"],
    "YEARLY": ["BYDAY", "NTH", "BYMONTHDAY", "BYMONTH", "BYSETPOS"],
}
PARTS = {
    "BYDAY": some(CODES, 7),
    "NTH": some(NTH_CODES),
    "BYMONTH": some([*range(1, 13)]),
    "BYMONTHDAY": some([*range(1, 29), -1, -2, 30, 31]),
    "BYSETPOS": some([1, 2, 3, -1, -2]),
    "WKST": st.sampled_from(CODES),
}


@st.composite
def rules(draw: st.DrawFn) -> recurrence.Rule:
    frequency = draw(st.sampled_from(sorted(BY_FREQUENCY)))
    parts = {"FREQ": frequency}
    for name in draw(st.lists(st.sampled_from(BY_FREQUENCY[frequency] or ["FREQ"]), unique=True)):
        parts["BYDAY" if name == "NTH" else name] = (
            draw(PARTS[name]) if name in PARTS else frequency
        )
    if draw(st.booleans()):
        parts["INTERVAL"] = str(draw(st.integers(1, 999)))
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts[end] = str(draw(st.integers(1, 999)))
    elif end == "UNTIL":
        day = NOW.date() + timedelta(days=draw(st.integers(1, 20000)))
        parts[end] = f"{day:%Y%m%d}"
    try:
        return recurrence.Rule.parse(";".join(f"{name}={value}" for name, value in parts.items()))
    except ValidationError:
        reject()


def read_back(words: str) -> quickadd.Recurrence:
    return quickadd.parse_recurrence(words, now=NOW)


@MANY
@given(rules(), st.sampled_from(["due", "completion"]))
def test_a_rule_in_words_is_read_back(rule: recurrence.Rule, counts_from: str) -> None:
    """What has no first day from now on is refused, as any rule that never happens."""
    assume(recurrence.first_due(rule, time=None, now=NOW))
    words = recurrence.explain(rule, counts_from)
    read = read_back(words)
    assert recurrence.explain(recurrence.Rule.parse(read.rule), read.repeats_from) == words
    assert read.repeats_from == counts_from
    # Words tell what differs: where two rules have the same words, they have the same days.
    for moment in (NOW, NOW + timedelta(days=400)):
        days = [
            recurrence.upcoming(
                each, counts_from="due", due=None, anchor=None, now=moment, number=8
            )
            for each in (rule, recurrence.Rule.parse(read.rule))
        ]
        assert days[0] == days[1]


@pytest.mark.parametrize("case", [case for case in CASES if "rule" in case.says], ids=str)
def test_the_rules_of_the_table_are_read_back_as_they_are(case: Case) -> None:
    rule = case.says["rule"]
    assert read_back(recurrence.explain(recurrence.Rule.parse(rule))).rule == rule


@pytest.mark.parametrize("case", RULE_CASES, ids=str)
def test_what_the_table_of_repeating_tells_is_read_back(case: RuleCase) -> None:
    rule = recurrence.Rule.parse(case.rule)
    if recurrence.first_due(rule, time=None, now=NOW) is None:
        pytest.skip("it ended before now")
    words = recurrence.explain(rule, case.counts_from)
    read = read_back(words)
    assert recurrence.explain(recurrence.Rule.parse(read.rule), read.repeats_from) == words
