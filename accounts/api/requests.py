"""What an API view reads from a request beside its body."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.actor import Actor


def actor(request: Request) -> Actor:
    """Who asks, and through which API session."""
    return Actor(request.user, request.auth.id)


def read_query(request: Request, *names: str) -> dict[str, str]:
    """The query parameters of `request`, which may be those in `names`, each once.

    Raises ValidationError naming the first that is unknown or repeated.
    """
    for name, values in request.query_params.lists():
        if name not in names:
            raise ValidationError({name: _("There is no such query parameter.")})
        if len(values) > 1:
            raise ValidationError({name: _("This query parameter is there twice.")})
    return request.query_params.dict()


def whole_number(query: dict[str, str], name: str, *, default: int, maximum: int) -> int:
    """The query parameter `name` as a number from 1 to `maximum`."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= maximum):
        raise ValidationError(
            {name: _("This must be a whole number from 1 to %(maximum)d.") % {"maximum": maximum}}
        )
    return int(text)
