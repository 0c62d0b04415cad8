"""Which version of a task an answer shows, and which one a request is meant for.

ETag and If-Match as in RFC 9110, sections 8.8.3 and 13.1.1.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.api.requests import actor
from todos import operations
from todos.models import Task

IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description=_lazy(
        'The `ETag` of the task that was read, such as "v3", or several: if it has another one'
        " by now, nothing is done, and the answer is 412 with the task as it is."
    ),
)
TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"{TAG}(?:[ \t]*,[ \t]*{TAG})*")
OWN_TAG = re.compile(r'(?<!W/)"v([1-9][0-9]{0,9})"', re.ASCII)


def etag(version: int) -> str:
    return f'"v{version}"'


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
