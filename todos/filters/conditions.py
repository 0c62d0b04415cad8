"""The conditions that a filter can be made of, each with its words and its rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.formats import DATES
from accounts.models import User
from todos import search
from todos.filters.days import Days
from todos.filters.expressions import Name, Term, Unclear
from todos.filters.pieces import Piece
from todos.models import FIRST_DAY, LAST_DAY, TaskTag
from todos.models.tasks import FARTHEST, due_from, due_until

MOST_DAYS = 3650


def understood(piece: Piece, days: Days) -> Term:
    """The condition that one term names."""
    if piece.signs.startswith(("#", "@")):
        return of_name(piece)
    words = " ".join(piece.signs.split())
    if not piece.text.strip():
        raise Unclear(_("A condition is missing here."), piece.begins)
    if words in KEYWORDS:
        return KEYWORDS[words](days)
    if ahead := DAYS_AHEAD.fullmatch(words):
        return in_next_days(int(ahead[1]), piece, days)
    if searched := SEARCH.match(piece.signs):
        return of_words(piece, searched.end())
    if dated := DATED.match(piece.signs):
        return of_dates(dated, piece, days)
    day = days.read(words)
    if day is None:
        reason = _("“%(text)s” is no condition. To find words, write “search: %(text)s”.")
        raise Unclear(reason % {"text": shortened(piece.text)}, piece.begins)
    return due(day, day, days, told_on(day, days, _("due %(day)s"), _("due on %(day)s")))


def of_name(piece: Piece) -> Term:
    """#list or @tag"""
    sign = piece.text[0]
    called, place = piece.after(1)
    if not called:
        reason = _("Write the name of a list here.") if sign == "#" else _("Write a tag here.")
        raise Unclear(reason, piece.begins + 1)
    name = Name(sign, called, place)
    if sign == "#":
        return Term(
            _("in the list %(name)s") % {"name": called},
            lambda user, ids: Q(task_list__in=ids[name.key]),
            name=name,
        )
    return Term(
        _("with the tag %(name)s") % {"name": called},
        lambda user, ids: Q(tagged(tag__in=ids[name.key])),
        name=name,
    )


def of_words(piece: Piece, length: int) -> Term:
    """search: milk tea"""
    text, place = piece.after(length)
    try:
        words = search.words_of(text)
    except ValidationError as refusal:
        raise Unclear(" ".join(refusal.messages), place) from None
    if not words:
        raise Unclear(_("Write words to find after “search:”."), piece.begins)
    return Term(
        _("with the words “%(words)s”") % {"words": text},
        lambda user, ids: Q(search.Found(words=words, owner_id=user.pk)),
    )


def of_dates(dated: re.Match[str], piece: Piece, days: Days) -> Term:
    """due before: friday, created after: 2026-01-27, and the like"""
    is_created, where = dated[1] == "created", dated[2] or ""
    text, place = piece.after(dated.end())
    day = days.read_past(text.lower()) if is_created else days.read(text.lower())
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        if not text:
            raise Unclear(_("Write a day here."), piece.begins + dated.end())
        raise Unclear(_("“%(text)s” is no day.") % {"text": shortened(text)}, place)
    first = day + timedelta(days=1) if where == "after" else day if not where else None
    last = day - timedelta(days=1) if where == "before" else day if not where else None
    phrases = CREATED if is_created else DUE
    words = told_on(day, days, *map(str, phrases[where]))
    return (created if is_created else due)(first, last, days, words)


def in_next_days(number: int, piece: Piece, days: Days) -> Term:
    """7 days: today and the six days after it"""
    if not 1 <= number <= MOST_DAYS:
        reason = _("Write a number of days from 1 to %(most)d.") % {"most": MOST_DAYS}
        raise Unclear(reason, piece.begins)
    last = days.today + timedelta(days=number - 1)
    words = ngettext("due in the next %(number)d day", "due in the next %(number)d days", number)
    return due(days.today, last, days, words % {"number": number})


def due(first: date | None, last: date | None, days: Days, text: str) -> Term:
    """Due from the day `first` to the day `last`, where there are such ends."""
    zone, rows = days.zone, Q()
    if first:
        rows &= due_from(first, zone=zone)
    if last:
        rows &= due_until(last, zone=zone)
    return Term(text, lambda user, ids: rows)


def created(first: date | None, last: date | None, days: Days, text: str) -> Term:
    """Created from the day `first` to the day `last`, where there are such ends."""
    rows = Q()
    if first:
        rows &= Q(created_at__gte=days.start(first))
    if last:
        rows &= Q(created_at__lt=days.start(last + timedelta(days=1)))
    return Term(text, lambda user, ids: rows)


def overdue(days: Days) -> Term:
    """As `Task.is_overdue` says of one task."""
    floating = Q(due_time=None, due_on__lt=days.today)
    for first, last in days.passed():
        since = Q(due_on__gt=first.date()) | Q(due_on=first.date(), due_time__gte=first.time())
        until = Q(due_on__lt=last.date()) | Q(due_on=last.date(), due_time__lte=last.time())
        floating |= Q(due_time__isnull=False) & since & until
    rows = Q(due_at=None) & floating | Q(due_at__lte=days.now)
    rows &= Q(completed_at=None, due_on__lte=days.today + FARTHEST)
    return Term(_("overdue"), lambda user, ids: rows)


def on_day(ahead: int) -> Callable[[Days], Term]:
    """Due so many days from today."""

    def term(days: Days) -> Term:
        day = days.today + timedelta(days=ahead)
        return due(day, day, days, told_on(day, days, _("due %(day)s"), _("due on %(day)s")))

    return term


def having(
    text: Any, rows: Q, opposite: Any = "", *, says_done: bool = False
) -> Callable[[Days], Term]:
    """A condition that no day changes."""
    return lambda days: Term(str(text), lambda user, ids: rows, str(opposite), says_done=says_done)


def tagged(**tags: Any) -> Exists:
    """Whether a task has such a tag: no join, so that it is found once."""
    return Exists(TaskTag.objects.filter(task=OuterRef("pk"), **tags))


def told_on(day: date, days: Days, near: str, far: str) -> str:
    """`near` with today, tomorrow or yesterday in it, or `far` with a date."""
    name = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get((day - days.today).days)
    if name:
        return near % {"day": name}
    return far % {"day": date_format(day, DATES[User.DateOrder(days.date_order)][1])}


def shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


DAYS_AHEAD = re.compile(r"(?:next )?([0-9]{1,9}) days?", re.ASCII)
SEARCH = re.compile(r"search\s*:")
DATED = re.compile(r"(due|date|created)(?:\s+(before|after))?\s*:")
DUE = {
    "": (gettext_lazy("due %(day)s"), gettext_lazy("due on %(day)s")),
    "before": (gettext_lazy("due before %(day)s"), gettext_lazy("due before %(day)s")),
    "after": (gettext_lazy("due after %(day)s"), gettext_lazy("due after %(day)s")),
}
CREATED = {
    "": (gettext_lazy("created %(day)s"), gettext_lazy("created on %(day)s")),
    "before": (gettext_lazy("created before %(day)s"), gettext_lazy("created before %(day)s")),
    "after": (gettext_lazy("created after %(day)s"), gettext_lazy("created after %(day)s")),
}
NO_DATE = having(gettext_lazy("without a date"), Q(due_on=None), gettext_lazy("with a date"))
NO_TIME = having(gettext_lazy("without a time"), Q(due_time=None), gettext_lazy("with a time"))
NO_TAGS = having(gettext_lazy("without tags"), ~Q(tagged()), gettext_lazy("with a tag"))
NO_PRIORITY = having(
    gettext_lazy("without a priority"), Q(priority=4), gettext_lazy("with a priority")
)
DONE = having(gettext_lazy("done"), Q(completed_at__isnull=False), says_done=True)
ALL = having(gettext_lazy("any task"), Q(pk__isnull=False), gettext_lazy("no task"))
KEYWORDS: dict[str, Callable[[Days], Term]] = {
    "today": on_day(0),
    "tomorrow": on_day(1),
    "yesterday": on_day(-1),
    "overdue": overdue,
    "no date": NO_DATE,
    "no due date": NO_DATE,
    "no time": NO_TIME,
    "no tags": NO_TAGS,
    "no labels": NO_TAGS,
    "p1": having(gettext_lazy("priority 1"), Q(priority=1)),
    "p2": having(gettext_lazy("priority 2"), Q(priority=2)),
    "p3": having(gettext_lazy("priority 3"), Q(priority=3)),
    "p4": NO_PRIORITY,
    "no priority": NO_PRIORITY,
    "done": DONE,
    "completed": DONE,
    "open": having(gettext_lazy("open"), Q(completed_at=None)),
    "subtask": having(gettext_lazy("a sub-task"), Q(parent__isnull=False)),
    "recurring": having(gettext_lazy("repeating"), ~Q(rule="")),
    "all": ALL,
    "view all": ALL,
}
