"""The way around of a person, which every page shows: what is in the rail."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from django.db.models import BigAutoField, DateField, DateTimeField
from django.utils import timezone

from accounts.compiled import Compiled
from accounts.models import User
from todos.models import SavedFilter, Tag, Task, TaskList
from todos.models.tasks import bounds_until, is_due_until

MOST_OF_A_KIND = 20


class ListLink(NamedTuple):
    pk: int
    name: str
    color: str
    open_count: int


class FilterLink(NamedTuple):
    pk: int
    name: str


class TagLink(NamedTuple):
    pk: int
    name: str
    color: str


LISTS = Compiled(
    lambda owner: (
        TaskList.objects.visible_to(owner).active().with_open_count().values_list(*ListLink._fields)
    ),
    owner=BigAutoField(),
)
FILTERS = Compiled(
    lambda owner, some: SavedFilter.objects.visible_to(owner).values_list(*FilterLink._fields)[
        some
    ],
    owner=BigAutoField(),
    some=slice,
)
TAGS = Compiled(
    lambda owner, some: Tag.objects.visible_to(owner).values_list(*TagLink._fields)[some],
    owner=BigAutoField(),
    some=slice,
)


# No row where there is none.
NUMBER_DUE = Compiled(
    lambda owner, **bounds: (
        Task.objects.visible_to(owner)
        .open()
        .in_active_lists()
        .filter(is_due_until(**bounds))
        .counted()
    ),
    owner=BigAutoField(),
    day=DateField(),
    far=DateField(),
    end=DateTimeField(),
)


class Rail:
    """What is in the rail of `user`, each kind asked for where it is shown. Four queries; one
    less where `due_today`, the number of tasks that are due, is known.
    """

    def __init__(self, user: User, *, due_today: int | None = None) -> None:
        self.user = user
        self.due_today = due_today

    @cached_property
    def today_count(self) -> int:
        if self.due_today is not None:
            return self.due_today
        bounds = bounds_until(timezone.localdate(), zone=self.user.zone)
        row = NUMBER_DUE.row(owner=self.user.pk, **bounds)
        return row[0] if row else 0

    @cached_property
    def all_lists(self) -> list[ListLink]:
        return list(map(ListLink._make, LISTS.rows(owner=self.user.pk)))

    @property
    def inbox(self) -> ListLink:
        return self.all_lists[0]

    @property
    def lists(self) -> list[ListLink]:
        """Those that the person made."""
        return self.all_lists[1:]

    @cached_property
    def filters(self) -> list[FilterLink]:
        return filters_of(self.user, most=MOST_OF_A_KIND)

    @cached_property
    def tags(self) -> list[TagLink]:
        return tags_of(self.user, most=MOST_OF_A_KIND)


def filters_of(user: User, *, most: int) -> list[FilterLink]:
    return list(map(FilterLink._make, FILTERS.rows(owner=user.pk, some=slice(0, most))))


def tags_of(user: User, *, most: int) -> list[TagLink]:
    return list(map(TagLink._make, TAGS.rows(owner=user.pk, some=slice(0, most))))
