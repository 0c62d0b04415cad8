"""When a repeating task is due next, case by case."""

from __future__ import annotations

import pytest

from tests.todos.recurrence_cases import CASES, DOCUMENT, Case, with_tables
from todos.recurrence import Rule, explain


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_task_is_due_next_as_the_table_says(case: Case) -> None:
    assert " ".join(case.following()) == case.then


def test_rules_are_told_in_the_words_of_the_table() -> None:
    told = [(case.rule, explain(Rule.parse(case.rule), case.counts_from)) for case in CASES]
    assert told == [(case.rule, case.words) for case in CASES]


def test_what_was_missed_is_counted_as_the_table_says() -> None:
    late = [case for case in CASES if case.due_at and case.counts_from == "due"]
    counted = [(str(case), case.missed_number()) for case in late]
    assert counted == [(str(case), case.missed) for case in late]


def test_the_document_shows_the_cases() -> None:
    text = DOCUMENT.read_text()
    assert with_tables(text) == text, "python -m tests.todos.recurrence_cases writes it anew"
    assert len(CASES) >= 80
