# ruff: noqa: E501
"""How tasks repeat, case by case: what the tests check and docs/repeating.md shows.

`python -m tests.todos.recurrence_cases` writes the tables of docs/repeating.md anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from todos.recurrence import Due, Rule, counted_down, missed, next_due, next_from_completion

DOCUMENT = Path(__file__).parents[2] / "docs" / "repeating.md"


@dataclass(frozen=True)
class Case:
    """A task due at `due`, completed at `now` by the clock of `zone`, then always when it is due.

    `then` lists the dues that follow, "never" where the task is done for good. Without `now` it is
    completed when it is due; a day without a time at noon.
    """

    section: str
    rule: str
    due: str
    then: str
    words: str
    now: str = ""
    missed: int = 0
    counts_from: str = "due"
    zone: str = "Europe/Berlin"
    anchor: str = ""

    def __str__(self) -> str:
        return f"{self.rule} {self.counts_from} {self.due or 'no day'} {self.now}".strip()

    @property
    def due_at(self) -> Due | None:
        return read(self.due) if self.due else None

    @property
    def anchor_on(self) -> date:
        return date.fromisoformat(self.anchor or self.due[:10])

    @property
    def completed_at(self) -> datetime:
        if self.now:
            return datetime.fromisoformat(self.now).replace(tzinfo=ZoneInfo(self.zone))
        assert self.due_at is not None
        return when(self.due_at, self.zone)

    def following(self) -> list[str]:
        """As many dues as `then` has, reckoned."""
        rule: Rule | None = Rule.parse(self.rule)
        due, now = self.due_at, self.completed_at
        found: list[str] = []
        while len(found) < len(self.then.split()):
            rule = rule and counted_down(rule)
            due = self.after(rule, due, now) if rule else None
            if due is None:
                return [*found, "never"]
            found.append(write(due))
            now = when(due, self.zone)
        return found

    def after(self, rule: Rule, due: Due | None, now: datetime) -> Due | None:
        if due is None or self.counts_from == "completion":
            return next_from_completion(rule, completed=now, time=due and due.time)
        return next_due(rule, after=due, anchor=self.anchor_on, now=now)

    def missed_number(self) -> int:
        assert self.due_at is not None
        return missed(
            Rule.parse(self.rule), after=self.due_at, anchor=self.anchor_on, now=self.completed_at
        )


def read(text: str) -> Due:
    day, _t, clock = text.partition("T")
    return Due(date.fromisoformat(day), time.fromisoformat(clock) if clock else None)


def write(due: Due) -> str:
    return f"{due.day}T{due.time:%H:%M}" if due.time else f"{due.day}"


def when(due: Due, zone: str) -> datetime:
    return datetime.combine(due.day, due.time or time(12), ZoneInfo(zone))


WORKDAYS = "BYDAY=MO,TU,WE,TH,FR"
D, W, M, Y, H = (f"FREQ={f}" for f in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"))

DAYS = "Days and weeks"
MONTHS = "Months keep their day"
YEARS = "Years"
NTH = "The first, the third, the last"
ENDS = "Until a day, so many times"
LATE = "Late, early, at the minute"
DONE = "From the completion"
CLOCK = "When the clock changes"
HOURS = "Hours"

# fmt: off
CASES = [
    Case(DAYS, D, "2026-11-23", "2026-11-24 2026-11-25 2026-11-26", "every day"),
    Case(DAYS, f"{D};INTERVAL=3", "2026-11-23", "2026-11-26 2026-11-29 2026-12-02", "every 3 days"),
    Case(DAYS, f"{D};INTERVAL=999", "2026-11-23", "2029-08-18", "every 999 days"),
    Case(DAYS, W, "2026-11-23", "2026-11-30 2026-12-07", "every week"),
    Case(DAYS, f"{W};BYDAY=MO", "2026-11-23", "2026-11-30 2026-12-07", "every week on Monday"),
    Case(DAYS, f"{W};BYDAY=MO,WE,FR", "2026-11-23", "2026-11-25 2026-11-27 2026-11-30", "every week on Monday, Wednesday and Friday"),
    Case(DAYS, f"{W};{WORKDAYS}", "2026-11-26", "2026-11-27 2026-11-30 2026-12-01", "every weekday"),
    Case(DAYS, f"{D};{WORKDAYS}", "2026-11-27", "2026-11-30", "every weekday"),
    Case(DAYS, f"{W};BYDAY=SA,SU", "2026-11-28", "2026-11-29 2026-12-05 2026-12-06", "every week on Saturday and Sunday"),
    Case(DAYS, f"{W};INTERVAL=2", "2026-11-23", "2026-12-07 2026-12-21 2027-01-04", "every 2 weeks"),
    Case(DAYS, f"{W};INTERVAL=2;BYDAY=MO,FR", "2026-11-23", "2026-11-27 2026-12-07 2026-12-11 2026-12-21 2026-12-25", "every 2 weeks on Monday and Friday"),
    Case(DAYS, f"{W};INTERVAL=2;BYDAY=MO,SU", "2026-11-23", "2026-11-29 2026-12-07 2026-12-13", "every 2 weeks on Monday and Sunday"),
    Case(DAYS, f"{W};INTERVAL=2;BYDAY=MO,SU;WKST=SU", "2026-11-23", "2026-12-06 2026-12-07 2026-12-20", "every 2 weeks on Monday and Sunday, weeks from Sunday"),
    Case(DAYS, f"{W};INTERVAL=2;BYDAY=MO,FR;WKST=SU", "2026-11-23", "2026-11-27 2026-12-07", "every 2 weeks on Monday and Friday"),
    Case(DAYS, f"{W};INTERVAL=3;BYDAY=TU", "2026-12-22", "2027-01-12 2027-02-02", "every 3 weeks on Tuesday"),
    Case(DAYS, f"{W};BYMONTH=12;BYDAY=MO", "2026-12-28", "2027-12-06 2027-12-13", "every week on Monday in December"),
    Case(DAYS, f"{D};BYMONTH=7,8", "2026-08-31", "2027-07-01 2027-07-02", "every day in July and August"),
    Case(DAYS, f"{D};INTERVAL=2;BYDAY=MO", "2026-11-23", "2026-12-07 2026-12-21", "every 2 days on Monday"),
    Case(DAYS, f"{D};INTERVAL=7;BYDAY=MO", "2026-11-24", "never", "every 7 days on Monday"),
    Case(DAYS, "rrule:freq=weekly;byday=fr,mo", "2026-11-23", "2026-11-27", "every week on Monday and Friday"),
    #
    Case(MONTHS, M, "2026-01-31", "2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30", "every month"),
    Case(MONTHS, M, "2028-01-31", "2028-02-29 2028-03-31", "every month"),
    Case(MONTHS, M, "2026-02-28", "2026-03-31 2026-04-30", "every month", anchor="2026-01-31"),
    Case(MONTHS, M, "2026-02-28", "2026-03-28 2026-04-28", "every month"),
    Case(MONTHS, M, "2026-01-30", "2026-02-28 2026-03-30", "every month"),
    Case(MONTHS, M, "2027-01-29", "2027-02-28 2027-03-29", "every month"),
    Case(MONTHS, f"{M};BYMONTHDAY=31", "2026-01-31", "2026-02-28 2026-03-31 2026-04-30", "every month on the 31st"),
    Case(MONTHS, f"{M};BYMONTHDAY=30,31", "2026-01-31", "2026-02-28 2026-03-30 2026-03-31 2026-04-30 2026-05-30", "every month on the 30th and 31st"),
    Case(MONTHS, f"{M};BYMONTHDAY=1,15", "2026-11-15", "2026-12-01 2026-12-15 2027-01-01", "every month on the 1st and 15th"),
    Case(MONTHS, f"{M};BYMONTHDAY=15,31", "2026-11-15", "2026-11-30 2026-12-15 2026-12-31", "every month on the 15th and 31st"),
    Case(MONTHS, f"{M};INTERVAL=3", "2026-11-30", "2027-02-28 2027-05-30 2027-08-30", "every 3 months"),
    Case(MONTHS, f"{M};INTERVAL=6", "2026-08-31", "2027-02-28 2027-08-31 2028-02-29", "every 6 months"),
    Case(MONTHS, f"{M};INTERVAL=6;BYMONTHDAY=31", "2026-08-31", "2027-02-28 2027-08-31", "every 6 months on the 31st"),
    Case(MONTHS, f"{M};BYMONTHDAY=-1", "2026-01-31", "2026-02-28 2026-03-31 2026-04-30", "every month on the last day"),
    Case(MONTHS, f"{M};BYMONTHDAY=-2", "2026-01-30", "2026-02-27 2026-03-30", "every month on the 2nd last day"),
    Case(MONTHS, f"{M};BYMONTHDAY=1,-1", "2026-01-31", "2026-02-01 2026-02-28 2026-03-01", "every month on the 1st and last day"),
    Case(MONTHS, f"{M};BYMONTHDAY=-31", "2026-01-01", "2026-03-01 2026-05-01", "every month on the 31st last day"),
    Case(MONTHS, f"{M};BYMONTH=3,6", "2026-03-31", "2026-06-30 2027-03-31", "every month in March and June"),
    Case(MONTHS, f"{M};BYMONTHDAY=13;BYDAY=FR", "2026-11-13", "2027-08-13 2028-10-13", "every month on the 13th if it is a Friday"),
    Case(MONTHS, f"{M};BYMONTHDAY=31;BYDAY=SU,MO", "2026-08-31", "2026-11-30 2027-01-31 2027-02-28", "every month on the 31st if it is a Monday or Sunday"),
    Case(MONTHS, f"{D};BYMONTHDAY=31", "2026-01-31", "2026-02-28 2026-03-31", "every day on the 31st"),
    #
    Case(YEARS, Y, "2026-01-27", "2027-01-27 2028-01-27", "every year"),
    Case(YEARS, Y, "2024-02-29", "2025-02-28 2026-02-28 2027-02-28 2028-02-29", "every year"),
    Case(YEARS, f"{Y};BYMONTH=1;BYMONTHDAY=27", "2026-01-27", "2027-01-27", "every year on 27 January"),
    Case(YEARS, f"{Y};BYMONTH=2;BYMONTHDAY=29", "2028-02-29", "2029-02-28 2030-02-28", "every year on 29 February"),
    Case(YEARS, f"{Y};INTERVAL=4", "2024-02-29", "2028-02-29 2032-02-29", "every 4 years"),
    Case(YEARS, f"{Y};BYMONTH=1,7;BYMONTHDAY=1", "2026-01-01", "2026-07-01 2027-01-01", "every year on the 1st in January and July"),
    Case(YEARS, f"{Y};BYMONTH=2,3;BYMONTHDAY=30", "2026-02-28", "2026-03-30 2027-02-28", "every year on the 30th in February and March"),
    Case(YEARS, f"{Y};BYMONTH=2;BYMONTHDAY=-1", "2026-02-28", "2027-02-28 2028-02-29", "every year on the last day in February"),
    Case(YEARS, f"{Y};BYMONTH=3,9", "2026-03-31", "2026-09-30 2027-03-31", "every year in March and September"),
    Case(YEARS, f"{Y};BYMONTHDAY=1", "2026-11-01", "2026-12-01 2027-01-01", "every year on the 1st in every month"),
    Case(YEARS, f"{Y};BYMONTH=11;BYDAY=4TH", "2026-11-26", "2027-11-25 2028-11-23", "every year on the 4th Thursday in November"),
    Case(YEARS, f"{Y};BYDAY=20MO", "2026-05-18", "2027-05-17", "every year on the 20th Monday"),
    Case(YEARS, f"{Y};BYMONTH=12;BYDAY=5MO", "2029-12-31", "2030-12-30 2031-12-29 2035-12-31", "every year on the 5th Monday in December"),
    Case(YEARS, f"{Y};BYDAY=53MO", "2029-12-31", "2035-12-31", "every year on the 53rd Monday"),
    Case(YEARS, f"{Y};BYDAY=-1FR", "2026-12-25", "2027-12-31", "every year on the last Friday"),
    Case(YEARS, f"{Y};{WORKDAYS};BYSETPOS=1", "2026-01-01", "2027-01-01 2028-01-03", "every year on the 1st workday"),
    #
    Case(NTH, f"{M};BYDAY=3FR", "2026-11-20", "2026-12-18 2027-01-15", "every month on the 3rd Friday"),
    Case(NTH, f"{M};BYDAY=FR;BYSETPOS=3", "2026-11-20", "2026-12-18 2027-01-15", "every month on the 3rd Friday"),
    Case(NTH, f"{M};BYDAY=-1FR", "2026-11-27", "2026-12-25 2027-01-29", "every month on the last Friday"),
    Case(NTH, f"{M};BYDAY=-2FR", "2026-11-20", "2026-12-18 2027-01-22", "every month on the 2nd last Friday"),
    Case(NTH, f"{M};BYDAY=5MO", "2026-11-30", "2027-03-29 2027-05-31", "every month on the 5th Monday"),
    Case(NTH, f"{M};BYDAY=1MO,3MO", "2026-11-16", "2026-12-07 2026-12-21", "every month on the 1st Monday and 3rd Monday"),
    Case(NTH, f"{M};BYDAY=MO", "2026-11-23", "2026-11-30 2026-12-07", "every month on Monday"),
    Case(NTH, f"{M};INTERVAL=2;BYDAY=1TU", "2026-11-03", "2027-01-05 2027-03-02", "every 2 months on the 1st Tuesday"),
    Case(NTH, f"{M};{WORKDAYS};BYSETPOS=-1", "2026-11-30", "2026-12-31 2027-01-29 2027-02-26", "every month on the last workday"),
    Case(NTH, f"{M};{WORKDAYS};BYSETPOS=1", "2026-11-02", "2026-12-01 2027-01-01 2027-02-01", "every month on the 1st workday"),
    Case(NTH, f"{M};{WORKDAYS};BYSETPOS=1,-1", "2026-11-02", "2026-11-30 2026-12-01 2026-12-31", "every month on the 1st and last workday"),
    Case(NTH, f"{M};{WORKDAYS};BYSETPOS=-3", "2026-11-26", "2026-12-29", "every month on the 3rd last workday"),
    Case(NTH, f"{M};BYDAY=SA,SU;BYSETPOS=1", "2026-11-01", "2026-12-05 2027-01-02", "every month on the 1st weekend day"),
    Case(NTH, f"{M};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1", "2026-11-30", "2026-12-31 2027-01-31", "every month on the last day"),
    Case(NTH, f"{M};BYDAY=MO,FR;BYSETPOS=-1", "2026-11-30", "2026-12-28 2027-01-29", "every month on the last of Monday and Friday"),
    Case(NTH, f"{M};BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2026-01-31", "2026-02-28 2026-03-31", "every month on the last of the 28th, 29th, 30th and 31st"),
    #
    Case(ENDS, f"{D};UNTIL=20261125", "2026-11-23", "2026-11-24 2026-11-25 never", "every day, until 25 November 2026"),
    Case(ENDS, f"{D};UNTIL=20261125", "2026-11-23T09:00", "2026-11-24T09:00 2026-11-25T09:00 never", "every day, until 25 November 2026"),
    Case(ENDS, f"{W};UNTIL=20261229", "2026-12-21", "2026-12-28 never", "every week, until 29 December 2026"),
    Case(ENDS, f"{W};UNTIL=20261229", "2026-12-21", "never", "every week, until 29 December 2026", now="2027-01-04T12:00", missed=1),
    Case(ENDS, f"{D};COUNT=3", "2026-11-23", "2026-11-24 2026-11-25 never", "every day, 3 times"),
    Case(ENDS, f"{D};COUNT=3", "2026-11-23", "2026-12-02 2026-12-03 never", "every day, 3 times", now="2026-12-01T12:00", missed=7),
    Case(ENDS, f"{M};COUNT=1", "2026-11-23", "never", "every month, 1 time"),
    Case(ENDS, f"{D};COUNT=2", "2026-11-23", "2026-11-24 never", "every! day, 2 times", counts_from="completion"),
    Case(ENDS, f"{W};UNTIL=20261201", "2026-11-23", "2026-11-30 never", "every! week, until 1 December 2026", counts_from="completion"),
    Case(ENDS, D, "2200-12-30", "2200-12-31 never", "every day"),
    Case(ENDS, f"{Y};INTERVAL=999", "2026-11-23", "never", "every 999 years"),
    #
    Case(LATE, D, "2026-11-20", "2026-11-24 2026-11-25", "every day", now="2026-11-23T12:00", missed=2),
    Case(LATE, f"{D};INTERVAL=3", "2026-11-20", "2026-11-26 2026-11-29", "every 3 days", now="2026-11-24T12:00", missed=1),
    Case(LATE, f"{W};BYDAY=MO", "2026-11-02", "2026-11-30", "every week on Monday", now="2026-11-25T12:00", missed=3),
    Case(LATE, f"{W};INTERVAL=2;BYDAY=MO", "2026-11-02", "2026-11-30 2026-12-14", "every 2 weeks on Monday", now="2026-11-25T12:00", missed=1),
    Case(LATE, M, "2026-01-31", "2026-05-31", "every month", now="2026-05-01T12:00", missed=3),
    Case(LATE, f"{M};INTERVAL=3", "2026-01-31", "2026-10-31 2027-01-31", "every 3 months", now="2026-09-15T12:00", missed=2),
    Case(LATE, f"{Y};INTERVAL=4", "2024-02-29", "2032-02-29", "every 4 years", now="2031-01-01T12:00", missed=1),
    Case(LATE, f"{W};INTERVAL=2;BYDAY=MO,SU;WKST=SU", "2026-11-23", "2027-01-17 2027-01-18", "every 2 weeks on Monday and Sunday, weeks from Sunday", now="2027-01-10T12:00", missed=6),
    Case(LATE, D, "2026-11-25", "2026-11-26", "every day", now="2026-11-23T12:00"),
    Case(LATE, W, "2026-11-30", "2026-12-07", "every week", now="2026-11-23T12:00"),
    Case(LATE, D, "2026-11-22T09:00", "2026-11-23T09:00", "every day", now="2026-11-23T08:59"),
    Case(LATE, D, "2026-11-22T09:00", "2026-11-24T09:00", "every day", now="2026-11-23T09:00"),
    Case(LATE, D, "2026-11-22T09:00", "2026-11-24T09:00", "every day", now="2026-11-23T09:01", missed=1),
    Case(LATE, D, "2026-11-22", "2026-11-23", "every day", now="2026-11-22T23:59", zone="Pacific/Auckland"),
    Case(LATE, D, "2026-11-22", "2026-11-24", "every day", now="2026-11-23T00:00", zone="Pacific/Auckland"),
    Case(LATE, D, "1970-01-01", "2026-11-24", "every day", now="2026-11-23T12:00", missed=1000),
    Case(LATE, f"{W};INTERVAL=2;BYDAY=TH", "1970-01-01", "2026-12-03 2026-12-17", "every 2 weeks on Thursday", now="2026-11-23T12:00", missed=1000),
    Case(LATE, M, "1970-01-31", "2026-11-30 2026-12-31", "every month", now="2026-11-23T12:00", missed=681),
    #
    Case(DONE, f"{D};INTERVAL=3", "2026-11-23", "2026-11-30 2026-12-03", "every! 3 days", now="2026-11-27T21:00", counts_from="completion"),
    Case(DONE, f"{D};INTERVAL=3", "2026-11-23", "2026-11-24", "every! 3 days", now="2026-11-21T08:00", counts_from="completion"),
    Case(DONE, f"{D};INTERVAL=3", "2026-11-23T09:00", "2026-11-30T09:00", "every! 3 days", now="2026-11-27T21:00", counts_from="completion"),
    Case(DONE, D, "2026-11-23T09:00", "2026-11-28T09:00", "every! day", now="2026-11-27T08:00", counts_from="completion"),
    Case(DONE, W, "2026-11-23", "2026-12-04 2026-12-11", "every! week", now="2026-11-27T21:00", counts_from="completion"),
    Case(DONE, f"{W};BYDAY=MO", "2026-11-23", "2026-11-30", "every! week on Monday", now="2026-11-27T21:00", counts_from="completion"),
    Case(DONE, f"{W};BYDAY=MO", "2026-11-23", "2026-12-07", "every! week on Monday", now="2026-11-30T21:00", counts_from="completion"),
    Case(DONE, M, "2026-12-15", "2027-02-28 2027-03-28", "every! month", now="2027-01-31T21:00", counts_from="completion"),
    Case(DONE, f"{M};BYMONTHDAY=1", "2026-12-01", "2027-01-01", "every! month on the 1st", now="2026-12-05T21:00", counts_from="completion"),
    Case(DONE, Y, "2027-12-15", "2029-02-28", "every! year", now="2028-02-29T21:00", counts_from="completion"),
    Case(DONE, f"{H};INTERVAL=4", "2026-11-23T09:00", "2026-11-23T14:17 2026-11-23T18:17", "every! 4 hours", now="2026-11-23T10:17:45", counts_from="completion"),
    Case(DONE, f"{D};INTERVAL=3", "", "2026-11-30", "every 3 days", now="2026-11-27T21:00"),
    Case(DONE, W, "", "2026-12-04", "every! week", now="2026-11-27T21:00", counts_from="completion"),
    #
    Case(CLOCK, D, "2026-03-28T09:00", "2026-03-29T09:00 2026-03-30T09:00", "every day"),
    Case(CLOCK, D, "2026-10-24T09:00", "2026-10-25T09:00 2026-10-26T09:00", "every day"),
    Case(CLOCK, D, "2026-03-28T02:30", "2026-03-29T02:30 2026-03-30T02:30", "every day"),
    Case(CLOCK, D, "2026-03-28T02:30", "2026-03-29T02:30", "every day", now="2026-03-29T03:15"),
    Case(CLOCK, D, "2026-03-28T02:30", "2026-03-30T02:30", "every day", now="2026-03-29T03:30"),
    Case(CLOCK, D, "2026-10-24T02:30", "2026-10-25T02:30 2026-10-26T02:30", "every day"),
    Case(CLOCK, D, "2026-10-24T02:30", "2026-10-26T02:30", "every day", now="2026-10-25T02:45", missed=1),
    Case(CLOCK, D, "2026-03-07T09:00", "2026-03-08T09:00 2026-03-09T09:00", "every day", zone="America/New_York"),
    Case(CLOCK, D, "2026-10-31T01:30", "2026-11-01T01:30 2026-11-02T01:30", "every day", zone="America/New_York"),
    Case(CLOCK, D, "2026-10-03T02:30", "2026-10-04T02:30 2026-10-05T02:30", "every day", zone="Australia/Sydney"),
    Case(CLOCK, D, "2026-04-04T09:00", "2026-04-05T09:00 2026-04-06T09:00", "every day", zone="Australia/Sydney"),
    Case(CLOCK, D, "2011-12-28T09:00", "2011-12-29T09:00 2011-12-31T09:00 2012-01-01T09:00", "every day", zone="Pacific/Apia"),
    Case(CLOCK, D, "2011-12-28", "2011-12-29 2011-12-31 2012-01-01", "every day", zone="Pacific/Apia"),
    Case(CLOCK, f"{W};BYDAY=SA", "2026-03-21T23:30", "2026-03-28T23:30 2026-04-04T23:30", "every week on Saturday", zone="America/Nuuk"),
    #
    Case(HOURS, H, "2026-11-23T09:00", "2026-11-23T10:00 2026-11-23T11:00", "every hour"),
    Case(HOURS, f"{H};INTERVAL=5", "2026-11-23T09:15", "2026-11-23T14:15 2026-11-23T19:15 2026-11-24T00:15", "every 5 hours"),
    Case(HOURS, f"{H};INTERVAL=5", "2026-11-23T09:15", "2026-11-24T15:15", "every 5 hours", now="2026-11-24T12:00", missed=5),
    Case(HOURS, H, "2026-11-23", "2026-11-23T13:00 2026-11-23T14:00", "every hour", missed=11),
    Case(HOURS, f"{H};INTERVAL=4;BYDAY=MO", "2026-11-23T20:00", "2026-11-30T00:00 2026-11-30T04:00", "every 4 hours on Monday"),
    Case(HOURS, H, "1970-01-01T00:30", "2026-11-23T12:30", "every hour", now="2026-11-23T12:00", missed=1000),
    Case(HOURS, H, "2026-03-29T00:00", "2026-03-29T01:00 2026-03-29T02:00 2026-03-29T04:00", "every hour"),
    Case(HOURS, H, "2026-03-29T02:00", "2026-03-29T04:00", "every hour", now="2026-03-28T12:00"),
    Case(HOURS, H, "2026-03-29T01:00", "2026-03-29T06:00", "every hour", now="2026-03-29T05:30", missed=3),
    Case(HOURS, H, "2026-10-25T01:00", "2026-10-25T02:00 2026-10-25T03:00", "every hour"),
    Case(HOURS, H, "2011-12-29T22:00", "2011-12-29T23:00 2011-12-31T00:00", "every hour", zone="Pacific/Apia"),
    Case(HOURS, f"{H};UNTIL=20261123", "2026-11-23T22:30", "2026-11-23T23:30 never", "every hour, until 23 November 2026"),
]
# fmt: on


def tables() -> str:
    """The cases as tables of Markdown, a section each."""
    sections = defaultdict(list)
    for case in CASES:
        sections[case.section].append(row(case))
    head = "| words | due | completed | missed | due next |\n|---|---|---|---|---|\n"
    return "\n".join(f"### {name}\n\n{head}{''.join(rows)}" for name, rows in sections.items())


def row(case: Case) -> str:
    due = spaced(case.due) if case.due else "no day"
    if case.anchor:
        due += f" (reckoned from {case.anchor})"
    completed = spaced(case.now) if case.now else "when due"
    if case.zone != "Europe/Berlin":
        completed += f", {case.zone}"
    following = ", ".join(map(spaced, case.then.split()))
    words = f"{case.words}<br>`{case.rule}`"
    return f"| {words} | {due} | {completed} | {case.missed or ''} | {following} |\n"


def spaced(text: str) -> str:
    return text.replace("T", " ")


def with_tables(text: str) -> str:
    """The document with its tables written anew, between the two comments that enclose them."""
    begin, end = "<!-- cases -->\n", "<!-- end of cases -->"
    return re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{tables()}\n{end}", text, flags=re.DOTALL)


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text()))
