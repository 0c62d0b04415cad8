"""When a repeating task is due next: the cases of recurrence_cases, refusals, chains and costs."""

from __future__ import annotations

import pytest

from tests.todos.recurrence_cases import CASES, DOCUMENT, Case, with_tables
from todos.recurrence import Rule, explain, missed


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_task_is_due_next_as_the_table_says(case: Case) -> None:
    assert " ".join(case.following()) == case.then


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_is_told_in_the_words_of_the_table(case: Case) -> None:
    assert explain(Rule.parse(case.rule), case.counts_from) == case.words


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_was_missed_is_counted_as_the_table_says(case: Case) -> None:
    if case.due_at is None or case.counts_from == "completion":
        return
    number = missed(
        Rule.parse(case.rule), after=case.due_at, anchor=case.anchor_on, now=case.completed_at
    )
    assert number == case.missed


def test_the_document_shows_the_cases() -> None:
    text = DOCUMENT.read_text()
    assert with_tables(text) == text, "python -m tests.todos.recurrence_cases writes it anew"
    assert len(CASES) >= 80
