"""The days that filters speak of, as the person counts and writes them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from todos.quickadd.dates import read_day
from todos.quickadd.found import Reader
from todos.quickadd.lexing import words_of
from todos.recurrence import FIRST_DAY

DAYS_AWAY = re.compile(
    r"\+ ?(?P<ahead>[0-9]{1,4}) days?|- ?(?P<ago>[0-9]{1,4}) days?|(?P<past>[0-9]{1,4}) days? ago"
)


@dataclass(frozen=True)
class Days:
    """How a person writes days, and when now is for them."""

    now: datetime
    date_order: str
    week_start: int

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> tzinfo:
        return self.now.tzinfo or UTC

    def start(self, day: date) -> datetime:
        """The moment at which `day` begins."""
        return datetime.combine(day, time.min, self.now.tzinfo)

    def passed(self) -> list[tuple[datetime, datetime]]:
        """The times on the wall whose moments have come: from the first to the last, with both.

        After the clock changed these are two parts: those reckoned as before it, and as after it.
        A time that was skipped is reckoned as before, and of two the first.
        """
        now = self.now.astimezone(UTC)
        wall = self.now.replace(tzinfo=None, fold=0)
        yesterday = now.replace(second=0, microsecond=0) - timedelta(days=1)
        before, after = self.ahead_of_utc(yesterday), self.ahead_of_utc(now)
        beginning = datetime.combine(FIRST_DAY, time.min)
        if before == after:
            return [(beginning, wall)]
        minutes = [yesterday + timedelta(minutes=number) for number in range(24 * 60 + 1)]
        change = bisect_left(minutes, True, key=lambda each: self.ahead_of_utc(each) != before)
        begin = minutes[change].replace(tzinfo=None) + max(before, after)
        by_then = min(wall - after + before, begin - datetime.resolution)
        return [(beginning, by_then), (begin, wall)]

    def ahead_of_utc(self, moment: datetime) -> timedelta:
        """How far the clock of the person is ahead at `moment`, which is told in UTC."""
        local = moment.astimezone(self.now.tzinfo)
        return local.replace(tzinfo=None) - moment.replace(tzinfo=None)

    def read(self, text: str) -> date | None:
        """The day that all of `text` names, the next one where it leaves a choice."""
        if away := DAYS_AWAY.fullmatch(text):
            number = int(away["ahead"] or f"-{away['ago'] or away['past']}")
            return self.today + timedelta(days=number)
        if text == "yesterday":
            return self.today - timedelta(days=1)
        words = words_of(text)
        named = read_day(words, 0, Reader(self.now, self.date_order, self.week_start))
        if named is None or named.stop < len(words) or named.time or named.part or named.is_beyond:
            return None
        return named.day

    def read_past(self, text: str) -> date | None:
        """The day that `text` names, the last one where it leaves a choice."""
        day = self.read(text)
        for back in (7, 31, 366, 4 * 366):
            if day is None or day <= self.today or text in {"tomorrow", "tmrw", "tmr", "tom"}:
                return day
            earlier = replace(self, now=self.now - timedelta(days=back)).read(text)
            day = earlier if earlier and earlier <= self.today else day
        return day
