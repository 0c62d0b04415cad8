"""How a person reads dates and clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format, time_format

from accounts.models import User


@dataclass(frozen=True)
class Formats:
    """Formats of Django's `date` filter; each method tells what it gives for `dmy`."""

    near: str
    full: str
    heading: str
    heading_with_year: str
    hours: str

    def near_day(self, day: date) -> str:
        """Mon 23 Nov"""
        return date_format(day, self.near)

    def full_day(self, day: date) -> str:
        """23 Nov 2026"""
        return date_format(day, self.full)

    def day_as_heading(self, day: date, *, with_year: bool = False) -> str:
        """Monday 23 November, or Monday 23 November 2026"""
        return date_format(day, self.heading_with_year if with_year else self.heading)

    def clock(self, at: time) -> str:
        """17:00, or 5:00 pm"""
        return time_format(at, self.hours).lower()

    def moment(self, at: datetime) -> str:
        """23 Nov 2026, 17:00, in the time zone of the page"""
        at = timezone.localtime(at)
        return f"{self.full_day(at.date())}, {self.clock(at.time())}"


DATES = {
    User.DateOrder.DAY_FIRST: ("D j M", "j M Y", "l j F", "l j F Y"),
    User.DateOrder.MONTH_FIRST: ("D, M j", "M j, Y", "l, F j", "l, F j, Y"),
    User.DateOrder.YEAR_FIRST: ("D, M j", "Y-m-d", "l, F j", "l, Y F j"),
}
HOURS = {User.Locale.BRITISH: "H:i", User.Locale.AMERICAN: "g:i A"}


def formats_of(person: User) -> Formats:
    return Formats(*DATES[User.DateOrder(person.date_order)], HOURS[User.Locale(person.locale)])


def examples(day: date) -> list[tuple[str, str]]:
    """The orders of dates, each with `day` as it is written there."""
    return [(order.value, date_format(day, DATES[order][1])) for order in User.DateOrder]
