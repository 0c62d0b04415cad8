"""What `GET /tasks/` can be asked for beside a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from accounts.models import User
from todos import filters
from todos.models import Tag, TaskList, TaskQuerySet
from todos.search import best_first, found, words_of

ORDERINGS = {
    "deadline": ("due_on", "due_time"),
    "priority": ("priority",),
    "position": ("position",),
    "created_at": ("created_at",),
    "last_update": ("updated_at",),
    "title": ("title",),
}
PARAMETERS = [
    OpenApiParameter("ordering", enum=[sign + name for name in ORDERINGS for sign in ("", "-")]),
    OpenApiParameter(
        "search",
        description="Words, or their beginnings, in titles, descriptions and comments. The best"
        " match comes first unless `ordering` says otherwise.",
    ),
    OpenApiParameter(
        "filter",
        description="A filter, such as `today | overdue & #Home`: docs/filters.md. It finds open"
        " tasks unless it says `done`, or `completed` says which.",
    ),
    OpenApiParameter("completed", OpenApiTypes.BOOL),
    OpenApiParameter("list", OpenApiTypes.INT, description="The id of a list."),
    OpenApiParameter("tag", description="The name of a tag."),
]
NAMES = tuple(parameter.name for parameter in PARAMETERS)


def filtered(
    tasks: TaskQuerySet, query: dict[str, str], *, user: User, now: datetime
) -> TaskQuerySet:
    """The `tasks` that `query` asks for, in the order it asks for; `now` is the person's.

    Raises ValidationError naming the parameter that makes no sense.
    """
    if "completed" in query:
        tasks = tasks.done() if read_boolean("completed", query["completed"]) else tasks.open()
    if "list" in query:
        tasks = tasks.filter(task_list=find_list(query["list"], user=user))
    if "tag" in query:
        tasks = tasks.tagged(find_tag(query["tag"], user=user))
    if query.get("filter"):
        question = read_filter(query["filter"], user=user, now=now)
        tasks = tasks.filter(question.in_active_lists if "completed" in query else question.q)
    words = read_words(query.get("search", ""))
    if words and not query.get("ordering"):
        return best_first(tasks, words, owner=user)
    ordering = read_ordering(query.get("ordering", ""))
    return found(tasks, words, owner=user).order_by(*ordering)


def read_ordering(text: str) -> list[Any]:
    """Total orders: what has no value comes last both ways, and ties are told apart by id."""
    if not text:
        return ["-pk"]
    descends, name = text.startswith("-"), text.removeprefix("-")
    if name not in ORDERINGS:
        words = _("Order by one of these: %(names)s.") % {"names": ", ".join(ORDERINGS)}
        raise ValidationError({"ordering": words})
    columns = [F(column) for column in ORDERINGS[name]]
    if descends:
        return [*(column.desc(nulls_last=True) for column in columns), "-pk"]
    return [*(column.asc(nulls_last=True) for column in columns), "pk"]


def read_boolean(name: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValidationError({name: _("This must be true or false.")})
    return text == "true"


def read_words(text: str) -> list[str]:
    try:
        return words_of(text)
    except ValidationError as refusal:
        raise ValidationError({"search": refusal.messages}) from None


def read_filter(text: str, *, user: User, now: datetime) -> filters.Question:
    try:
        question = filters.parse_for(user, text, now=now).asked_by(user)
        question.refuse_unknown_names()
    except ValidationError as refusal:
        raise ValidationError({"filter": refusal.messages}) from None
    return question


def find_list(text: str, *, user: User) -> TaskList:
    found = None
    if text.isascii() and text.isdigit() and len(text) < 19:
        found = TaskList.objects.visible_to(user).filter(pk=int(text)).first()
    if found is None:
        raise ValidationError({"list": _("List not found with id=%(id)s") % {"id": text[:50]}})
    return found


def find_tag(text: str, *, user: User) -> Tag:
    found = None
    if "\x00" not in text:
        found = Tag.objects.visible_to(user).filter(name_key=Tag.key_of(text)).first()
    if found is None:
        raise ValidationError({"tag": _("There is no tag with this name.")})
    return found
