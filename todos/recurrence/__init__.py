"""When a task repeats: rules, and the dues that follow from them. Dates to dates, no rows.

A rule is a part of RFC 5545's RRULE (section 3.3.10). Two things differ on purpose:

* A day of the month that a month lacks is its last day, as RFC 7529 says with SKIP=BACKWARD
  (section 4.1): 31 January, 28 February, 31 March. Where BYSETPOS chooses among days, and for days
  counted from the end of the month, a missing day is left out instead.
* COUNT counts what is completed (`counted_down`), not days from the beginning.

Dues are told by the clock on the wall. Those with a time follow each other in real time too: a time
that the clock skips comes as much later as the clock leaps, one that comes twice is the first.
"""

from todos.recurrence.changes import counted_down, counted_up, moved
from todos.recurrence.dues import (
    Due,
    coming,
    first_due,
    missed,
    next_due,
    next_from_completion,
    upcoming,
)
from todos.recurrence.rules import FIRST_DAY, LAST_DAY, Frequency, Rule, Weekday
from todos.recurrence.words import explain, explained

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Due",
    "Frequency",
    "Rule",
    "Weekday",
    "coming",
    "counted_down",
    "counted_up",
    "explain",
    "explained",
    "first_due",
    "missed",
    "moved",
    "next_due",
    "next_from_completion",
    "upcoming",
]
