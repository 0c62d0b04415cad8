"""The journal's ids, as the uids that stand for them outside this server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from accounts.models import User
from todos.models import Change
from todos.operations.journal import some_at_a_time
from todos.transfers.formats import MODELS, REFERENCES

Values = dict[str, Any]


class Uids:
    """The uids of what some changes name by id, of what is gone too as far as the journal knows."""

    def __init__(self, owner: User, changes: Collection[Values]) -> None:
        self.owner = owner
        wanted: dict[str, set[int]] = defaultdict(set)
        for change in changes:
            wanted[Change.Object.LIST].add(change["list_id"])
            for values in (change["before"], change["after"]):
                for name, (_called, kind) in REFERENCES.items():
                    wanted[kind].add(values.get(name))
                wanted[Change.Object.TAG].update(values.get("tags") or ())
        self.known = {kind: dict(self.find(kind, ids - {None})) for kind, ids in wanted.items()}

    def find(self, kind: str, ids: set[int]) -> Iterator[tuple[int, UUID]]:
        rows = MODELS[kind]._base_manager.filter(owner=self.owner)
        gone = Change.objects.filter(owner=self.owner, object_kind=kind)
        for some in some_at_a_time(ids):
            found = dict(rows.filter(pk__in=some).values_list("pk", "uid"))
            yield from gone.filter(object_id__in=set(some) - found.keys()).values_list(
                "object_id", "uid"
            )
            yield from found.items()

    def of(self, kind: str, pk: int | None) -> UUID | None:
        """What is not known any more is None."""
        return None if pk is None else self.known[kind].get(pk)

    def in_values(self, values: Values) -> Values:
        """What the journal keeps as `before` or `after`, without an id."""
        told: Values = {}
        for name, value in values.items():
            if name in REFERENCES:
                called, kind = REFERENCES[name]
                told[called] = self.of(kind, value)
            elif name == "tags":
                uids = (self.of(Change.Object.TAG, pk) for pk in value)
                told[name] = sorted(str(uid) for uid in uids if uid)
            elif name == "completion" and value is not None:
                rest = {key: each for key, each in value.items() if key != "by_id"}
                told[name] = {**rest, "by_me": value["by_id"] == self.owner.pk}
            else:
                told[name] = value
        return told
