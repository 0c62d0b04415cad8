"""What a filter says once it is read, in words and as a `Q`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from todos.models import Tag, TaskList

Ids = Mapping[str, Collection[int]]


class Unclear(ValidationError):
    """What makes no sense in a filter, and where: `position` counts characters from 1."""

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(
            _("At character %(position)d: %(reason)s"),
            code="filter",
            params={"position": place + 1, "reason": reason},
        )


@dataclass(frozen=True)
class Name:
    """The name of a list (sign "#") or of a tag ("@") in a filter, and where it is."""

    sign: str
    name: str
    place: int

    @property
    def key(self) -> str:
        return self.sign + Tag.key_of(self.name)

    @property
    def unknown_words(self) -> str:
        known_as = {"#": _("There is no list “%(name)s”."), "@": _("There is no tag “%(name)s”.")}
        return known_as[self.sign] % {"name": self.name}


@dataclass(frozen=True)
class Term:
    """One condition: its words, its opposite's where "not" would sound odd, and its rows."""

    text: str
    rows: Callable[[User, Ids], Q]
    opposite: str = ""
    name: Name | None = None
    says_done: bool = False

    def q(self, user: User, ids: Ids) -> Q:
        return self.rows(user, ids)

    def terms(self) -> Iterator[Term]:
        yield self


@dataclass(frozen=True)
class Not:
    part: Node

    def q(self, user: User, ids: Ids) -> Q:
        return ~self.part.q(user, ids)

    @property
    def text(self) -> str:
        if isinstance(self.part, Term):
            return self.part.opposite or _("not %(condition)s") % {"condition": self.part.text}
        return _("not %(condition)s") % {"condition": f"({self.part.text})"}

    def terms(self) -> Iterator[Term]:
        return self.part.terms()


@dataclass(frozen=True)
class Several:
    """All of some conditions (`&`), or any of them (`|`)."""

    sign: str
    parts: tuple[Node, ...]

    def q(self, user: User, ids: Ids) -> Q:
        connector = Q.AND if self.sign == "&" else Q.OR
        return Q(*(part.q(user, ids) for part in self.parts), _connector=connector)

    @property
    def text(self) -> str:
        """The parts in words. A comma parts more than "and" and "or" do; brackets more still."""
        word = _("and") if self.sign == "&" else _("or")
        groups = [part for part in self.parts if isinstance(part, Several)]
        if not groups:
            return f" {word} ".join(part.text for part in self.parts)
        is_deep = any(isinstance(part, Several) for group in groups for part in group.parts)
        return f", {word} ".join(
            f"({part.text})" if is_deep and isinstance(part, Several) else part.text
            for part in self.parts
        )

    def terms(self) -> Iterator[Term]:
        for part in self.parts:
            yield from part.terms()


Node = Term | Not | Several


@dataclass(frozen=True)
class Expression:
    """A filter that was understood, as of the moment it was read for."""

    root: Node

    @property
    def text(self) -> str:
        """What it finds, in words."""
        return self.root.text

    @property
    def says_done(self) -> bool:
        """Whether it speaks of done tasks; one that does not finds open ones alone."""
        return any(term.says_done for term in self.root.terms())

    @property
    def names(self) -> list[Name]:
        return [term.name for term in self.root.terms() if term.name]

    def asked_by(self, user: User) -> Question:
        """The same about the lists and tags of `user`. Up to two queries."""
        return Question(self, user, ids_of(self.names, user=user))

    def q(self, *, user: User) -> Q:
        return self.asked_by(user).q


@dataclass(frozen=True)
class Question:
    """A filter as one person asks it, who has the lists and tags `ids`.

    Of a list or tag that is not there it finds nothing. The trash is the caller's to leave out.
    """

    expression: Expression
    user: User
    ids: Ids

    @property
    def q(self) -> Q:
        """The open tasks that it finds, and the done ones if it speaks of them."""
        is_open = Q() if self.expression.says_done else Q(completed_at=None)
        return self.in_active_lists & is_open

    @property
    def in_active_lists(self) -> Q:
        """The tasks that it finds, open or done, without those in archived lists."""
        return self.expression.root.q(self.user, self.ids) & Q(task_list__archived_at=None)

    @property
    def unknown_names(self) -> list[Name]:
        """The lists and tags in it that the person has not."""
        return [name for name in self.expression.names if not self.ids[name.key]]

    def refuse_unknown_names(self) -> None:
        """Raise ValidationError naming the first list or tag that the person has not."""
        for name in self.unknown_names:
            raise Unclear(name.unknown_words, name.place)


def ids_of(names: Collection[Name], *, user: User) -> dict[str, list[int]]:
    """The ids of the lists and tags of `user` that have the keys of `names`. Up to two queries."""
    ids: dict[str, list[int]] = {name.key: [] for name in names}
    rows: list[tuple[str, int, str]] = []
    if any(name.sign == "#" for name in names):
        lists = TaskList.objects.visible_to(user).values_list("pk", "name")
        rows += [("#", pk, name) for pk, name in lists]
    if any(name.sign == "@" for name in names):
        keys = [name.key[1:] for name in names if name.sign == "@"]
        tags = Tag.objects.filter(owner=user, name_key__in=keys).values_list("pk", "name")
        rows += [("@", pk, name) for pk, name in tags]
    for sign, pk, name in rows:
        key = sign + Tag.key_of(name)
        if key in ids:
            ids[key].append(pk)
    return ids
