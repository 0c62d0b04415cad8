"""The names of the tags of a task, as a column of its row."""

from __future__ import annotations

from typing import Any

import orjson
from django.db.models import F, OuterRef, Subquery, TextField

from todos.models import TaskTag


class TagNames(Subquery):
    """The names of a task's tags as a list, in the order in which they are shown."""

    output_field = TextField()
    template = "ARRAY(%(subquery)s)"

    def __init__(self) -> None:
        tags = TaskTag.objects.filter(task=OuterRef("pk")).order_by("tag__name_key", "tag_id")
        super().__init__(tags.values(name=F("tag__name")))

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        template = "(SELECT json_group_array(name) FROM (%(subquery)s))"
        return self.as_sql(compiler, connection, template=template)

    def get_db_converters(self, connection: Any) -> list[Any]:
        return [names_in] if connection.vendor == "sqlite" else []


def names_in(text: str, *_: Any) -> list[str]:
    return orjson.loads(text)
