"""Which version of a task or a collection an answer shows, and which one a request is meant for.

ETag, If-Match and If-None-Match as in RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import AbstractContextManager, nullcontext
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db.models import BigAutoField, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.api.requests import actor, local_now
from accounts.api.serializers import UserSerializer
from accounts.compiled import Compiled
from accounts.models import User
from todos import operations
from todos.models import Change, Journal, Task

IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "format": "etags"},
    location=OpenApiParameter.HEADER,
    description=_lazy(
        'The `ETag` of the task that was read, such as "v3", or several: if it has another one'
        " by now, nothing is done, and the answer is 412 with the task as it is."
    ),
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    location=OpenApiParameter.HEADER,
    description=_lazy(
        "The `ETag` of an answer to the same question: if nothing has changed since, the answer is"
        " 304, without a body."
    ),
)
TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"{TAG}(?:[ \t]*,[ \t]*{TAG})*")
OWN_TAG = re.compile(r'(?<!W/)"v([1-9][0-9]{0,9})"', re.ASCII)
# Numbers come again where a journal was put back from a backup; the moments of changes do not.
LAST_CHANGE = Compiled(
    lambda owner: (
        Journal.objects.filter(owner=owner)
        .annotate(
            at=Subquery(
                Change.objects.filter(
                    owner=OuterRef("owner"), number=OuterRef("last_number")
                ).values("at")
            )
        )
        .values_list("last_number", "at")
    ),
    owner=BigAutoField(),
)
profile_of = attrgetter(*UserSerializer.Meta.fields)


def etag(version: int) -> str:
    return f'"v{version}"'


def collection_etag(request: Request, *, shape: str) -> str:
    """What stays the same as long as an answer to the same question would. One query.

    It is of the person's profile, the last change, what is asked, the day where they are, and the
    `shape` of what is shown. It is weak: the bytes may differ.
    """
    user: User = request.user
    change = LAST_CHANGE.row(owner=user.pk)
    today = local_now(request).date()
    question = (request.path, sorted(request.query_params.lists()), today, shape)
    text = repr((profile_of(user), change, question))
    return f'W/"{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"'


def expected(request: Request, task: Task) -> AbstractContextManager[None]:
    """Let what is done within happen only to a version of `task` that If-Match names, if any.

    Raises ValidationError where the header makes no sense, and Conflict (412) for an old version.
    """
    header = request.headers.get(IF_MATCH.name)
    if header is None or header.strip() == "*":
        return nullcontext()
    if not TAGS.fullmatch(header.strip()):
        raise ValidationError({IF_MATCH.name: _('Write it as the ETag of a task: "v3".')})
    versions = {int(version) for version in OWN_TAG.findall(header)}
    return operations.expecting(task, versions, by=actor(request))
