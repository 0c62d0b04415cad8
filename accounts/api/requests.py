"""What an API view reads from a request beside its body."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.actor import Actor
from accounts.validators import time_zones

TIME_ZONE_HEADER = OpenApiParameter(
    "X-Timezone",
    {"type": "string", "format": "time-zone"},
    location=OpenApiParameter.HEADER,
    description=_lazy(
        "The time zone that the person is in, such as Europe/London, if not that of the account:"
        " it decides what today is."
    ),
)


def actor(request: Request) -> Actor:
    """Who asks, through which API session, and where they are."""
    return Actor(request.user, request.auth.id, here=zone_named(request))


def zone_named(request: Request) -> ZoneInfo | None:
    """The time zone that the header X-Timezone names, if it is there.

    Raises ValidationError when there is no such zone.
    """
    name = request.headers.get(TIME_ZONE_HEADER.name)
    if name is None:
        return None
    if name not in time_zones():
        raise ValidationError({TIME_ZONE_HEADER.name: _("There is no such time zone.")})
    return ZoneInfo(name)


def local_now(request: Request) -> datetime:
    """This moment, at the clock of the person who asks."""
    return timezone.now().astimezone(actor(request).zone)


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


def whole_number(
    query: dict[str, str], name: str, *, default: int, maximum: int, minimum: int = 1
) -> int:
    """The query parameter `name` as a number from `minimum` to `maximum`."""
    text = query.get(name, str(default))
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    if not (is_number and minimum <= int(text) <= maximum):
        words = _("This must be a whole number from %(minimum)d to %(maximum)d.")
        raise ValidationError({name: words % {"minimum": minimum, "maximum": maximum}})
    return int(text)
