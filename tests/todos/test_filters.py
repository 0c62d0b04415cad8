"""The language of filters: what is understood, told in words, and what is refused, and where."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from todos import filters
from todos.filters.days import Days

# A Monday.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def read(text: str, **person: object) -> filters.Expression:
    return filters.parse(text, now=NOW, **person)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("today", "due today"),
        ("  TODAY ", "due today"),
        ("tomorrow", "due tomorrow"),
        ("yesterday", "due yesterday"),
        ("overdue", "overdue"),
        ("7 days", "due in the next 7 days"),
        ("next 7 days", "due in the next 7 days"),
        ("1 day", "due in the next 1 day"),
        ("no date", "without a date"),
        ("no due date", "without a date"),
        ("!no date", "with a date"),
        ("no time", "without a time"),
        ("! no  time", "with a time"),
        ("friday", "due on 27 Nov 2026"),
        ("27 jan", "due on 27 Jan 2027"),
        ("2026-01-27", "due on 27 Jan 2026"),
        ("27/1", "due on 27 Jan 2027"),
        ("due: today", "due today"),
        ("date: 2026-11-24", "due tomorrow"),
        ("due before: tomorrow", "due before tomorrow"),
        ("due  before : 1 dec", "due before 1 Dec 2026"),
        ("date after: +3 days", "due after 26 Nov 2026"),
        ("due after: in 3 days", "due after 26 Nov 2026"),
        ("due before: next week", "due before 30 Nov 2026"),
        ("created: today", "created today"),
        ("created: 3 days ago", "created on 20 Nov 2026"),
        ("created before: -365 days", "created before 23 Nov 2025"),
        ("created after: friday", "created after 20 Nov 2026"),
        ("created after: 27 jan", "created after 27 Jan 2026"),
        ("created after: 1st", "created after 1 Nov 2026"),
        ("created after: monday", "created after today"),
        ("done", "done"),
        ("completed", "done"),
        ("open", "open"),
        ("!done", "not done"),
        ("#Home", "in the list Home"),
        ("#My big list", "in the list My big list"),
        ('#"R&D (old)"', "in the list R&D (old)"),
        (r"#R\&D", "in the list R&D"),
        (r"#One\ Two", "in the list One Two"),
        ("@errand", "with the tag errand"),
        ("!@errand", "not with the tag errand"),
        ("no tags", "without tags"),
        ("no labels", "without tags"),
        ("!no tags", "with a tag"),
        ("p1", "priority 1"),
        ("P3", "priority 3"),
        ("p4", "without a priority"),
        ("no priority", "without a priority"),
        ("!p4", "with a priority"),
        ("search: oat milk", "with the words “oat milk”"),
        ("search:milk!", "with the words “milk!”"),
        ('search: "a & b"', "with the words “a & b”"),
        ('search: 5" nails', "with the words “5\" nails”"),
        ("subtask", "a sub-task"),
        ("!subtask", "not a sub-task"),
        ("recurring", "repeating"),
        ("all", "any task"),
        ("view all", "any task"),
        ("today | overdue", "due today or overdue"),
        ("today & p1 & @a", "due today and priority 1 and with the tag a"),
        ("(today | overdue) & #Home", "due today or overdue, and in the list Home"),
        ("today | overdue & #Home", "due today, or overdue and in the list Home"),
        ("!(today | p1)", "not (due today or priority 1)"),
        ("!!today", "not (not due today)"),
        ("((today))", "due today"),
        (
            "(today | p1 & (@a | @b)) & #Home",
            "(due today, or (priority 1, and with the tag a or with the tag b)),"
            " and in the list Home",
        ),
    ],
)  # fmt: skip
def test_a_filter_is_told_in_words(text: str, words: str) -> None:
    assert read(text).text == words


def documented() -> list[tuple[str, str]]:
    """The filters in the tables of the documentation, each with what is said beside it."""
    text = (Path(__file__).parents[2] / "docs" / "filters.md").read_text()
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", text, re.MULTILINE)
    routes = [
        (filter_, words) for filter_, words in rows if not filter_.startswith(("GET", "POST"))
    ]
    return [(filter_.replace(r"\|", "|"), words) for filter_, words in routes]


def test_the_documentation_has_examples() -> None:
    assert len(documented()) > 45


@pytest.mark.parametrize(("text", "words"), documented())
def test_what_the_documentation_says_is_so(text: str, words: str) -> None:
    try:
        assert read(text).text == words
    except ValidationError as refusal:
        assert refusal.messages == [words]


@pytest.mark.parametrize(
    ("order", "words"),
    [("dmy", "due on 3 Feb 2027"), ("mdy", "due on Mar 2, 2027"), ("ymd", "due on 2027-03-02")],
)
def test_a_day_is_read_and_told_in_the_order_of_the_person(order: str, words: str) -> None:
    assert read("3/2", date_order=order).text == words


def test_next_week_begins_on_the_day_of_the_person() -> None:
    assert read("due before: next week", week_start=7).text == "due before 29 Nov 2026"


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 1, "A condition is missing here."),
        ("   ", 4, "A condition is missing here."),
        ("&", 1, "A condition is missing here."),
        ("today &", 8, "A condition is missing here."),
        ("today || p1", 8, "A condition is missing here."),
        ("today & | p1", 9, "A condition is missing here."),
        ("!", 2, "A condition is missing here."),
        ("()", 2, "A condition is missing here."),
        ('""', 1, "A condition is missing here."),
        ("today)", 6, "This bracket closes nothing."),
        ("(today", 1, "This bracket is not closed."),
        ("p1 & (today | (p2)", 6, "This bracket is not closed."),
        ("(today) p1", 9, "Write & or | between two conditions."),
        ("today (p1)", 7, "Write & or | between two conditions."),
        ("#", 2, "Write the name of a list here."),
        ("p1 & @ ", 7, "Write a tag here."),
        ("today & soonish", 9, "“soonish” is no condition."),
        ("today p1", 1, "“today p1” is no condition."),
        ("p5", 1, "“p5” is no condition."),
        (r"\today", 1, "“today” is no condition."),
        ('"today"', 1, "“today” is no condition."),
        ("0 days", 1, "Write a number of days from 1 to 3650."),
        ("3651 days", 1, "Write a number of days from 1 to 3650."),
        ("due before:", 12, "Write a day here."),
        ("due before: soonish", 13, "“soonish” is no day."),
        ("due: 2026-02-30", 6, "“2026-02-30” is no day."),
        ("due: 0000-01-01", 6, "“0000-01-01” is no day."),
        ("due: 1969-12-31", 6, "“1969-12-31” is no day."),
        ("due: 2201-01-01", 6, "“2201-01-01” is no day."),
        ("due: today 17:00", 6, "“today 17:00” is no day."),
        ("due: in 3 hours", 6, "“in 3 hours” is no day."),
        ("search:", 1, "Write words to find after “search:”."),
        ("search: " + "x " * 21, 9, "Search for 20 words and 200 characters at most."),
        ('p1 & #"Home', 7, "This quotation is not closed."),
        ("today\\", 6, "A backslash stands before a character."),
        ("!" * 21 + "today", 21, "This is nested too deeply."),
        ("(" * 21 + "today" + ")" * 21, 21, "This is nested too deeply."),
        ("p1 |" * 50 + "p1", 201, "A filter has 50 conditions at most."),
        ("x" * 501, 501, "A filter has 500 characters at most."),
    ],
)
def test_an_error_names_the_place(text: str, position: int, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(text)
    assert refused.value.params is not None
    assert refused.value.params["position"] == position
    assert refused.value.messages[0].startswith(f"At character {position}: {reason}")


def test_as_much_as_is_allowed_is_read() -> None:
    assert read("(" * 20 + "today" + ")" * 20).text == "due today"
    assert read("|".join(["p1"] * 50)).text == " or ".join(["priority 1"] * 50)
    assert read("search: " + " " * 487 + "milk").text == "with the words “milk”"


@pytest.mark.parametrize("text", ["p1\x00", "\ud800"])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read(text)


def test_controls_are_not_repeated() -> None:
    assert read("#a\u202eb\x1b").text == "in the list ab"


@given(st.text(alphabet='&|!()"\\#@: \tp1todayduesrchbf+-0123456789é\u0130', max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        assert read(text).text
    except ValidationError as refused:
        assert refused.messages[0].startswith("At character ")
        assert 1 <= refused.params["position"] <= len(text) + 1  # type: ignore[index]


@given(st.text(max_size=80))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    try:
        read(text)
    except ValidationError as refused:
        assert refused.messages


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", date(2026, 11, 24)),
        ("monday", date(2026, 11, 23)),
        ("tuesday", date(2026, 11, 17)),
        ("24 nov", date(2025, 11, 24)),
        ("2027-01-01", date(2027, 1, 1)),
        ("29 feb", date(2024, 2, 29)),
        ("soonish", None),
    ],
)
def test_a_day_of_the_past_is_the_last_one(text: str, day: date | None) -> None:
    assert Days(NOW, "dmy", 1).read_past(text) == day
