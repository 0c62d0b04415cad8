"""A POST that may be repeated: with the same Idempotency-Key it is done once.

The row that answers a repetition is written in the transaction of the effect, before anything
else: there is never the one without the other, and a second request waits for the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, OperationalError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import RETRY_AFTER_SECONDS
from accounts.api.json import JSONRenderer
from accounts.errors import Conflict
from todos.models import StoredAnswer
from todos.models.answers import KEPT_FOR

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$"},
    location=OpenApiParameter.HEADER,
    description=_lazy(
        "A text of your choice, new for each thing to be done. For 24 hours a request that is"
        " repeated with it is not done again, and gets the answer of the first."
    ),
)
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's lock_not_available


def key_of(request: Request) -> str | None:
    """The key of `request`, if it has one. Raises ValidationError for one that cannot be kept."""
    key = request.headers.get(KEY.name)
    if key is None:
        return None
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        words = _("A key has 1 to %(most)d characters of ASCII.") % {"most": LONGEST_KEY}
        raise ValidationError({KEY.name: words})
    return key


def once(
    handler: Callable[..., Response], key: str, request: Request, *args: Any, **kwargs: Any
) -> Response:
    """Answer as `handler` does the first time, and from then on as it did.

    What it refuses is not kept. Raises Conflict when the first request is still under way, or had
    another body.
    """
    body_hash = digest(request.data)
    with transaction.atomic():
        answer, is_new = take(request, key, body_hash, at=timezone.now())
        if not is_new:
            return again(answer, body_hash)
        response = handler(request, *args, **kwargs)
        if response.status_code >= status.HTTP_400_BAD_REQUEST:
            transaction.set_rollback(True)
            return response
        answer.status = response.status_code
        answer.body = JSONRenderer().render(response.data).decode()
        answer.save(update_fields=["status", "body"])
    return response


def take(request: Request, key: str, body_hash: str, *, at: datetime) -> tuple[StoredAnswer, bool]:
    """The row of this request, and whether it was made now: else it was answered before."""
    names = {"owner": request.user, "method": request.method, "path": path_of(request), "key": key}
    rows = StoredAnswer.objects.filter(**names)
    try:
        with transaction.atomic():
            rows.filter(created_at__lte=at - KEPT_FOR).delete()
            answer = StoredAnswer.objects.create(**names, body_hash=body_hash, created_at=at)
            return answer, True
    except IntegrityError:
        answer = rows.first()
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        answer = None
    if answer is None:
        words = _("The first request with this key is still under way.")
        raise Conflict(words, retry_after=RETRY_AFTER_SECONDS)
    return answer, False


def again(answer: StoredAnswer, body_hash: str) -> Response:
    """What was answered the first time. Raises Conflict if something else was asked then."""
    if answer.body_hash != body_hash:
        raise Conflict(_("This key was used for a request with another body."))
    data = orjson.loads(answer.body) if answer.body else None
    return Response(data, status=answer.status, headers={REPLAYED: "true"})


def path_of(request: Request) -> str:
    """The address as docs/api.md writes it. One that is longer than we keep names no row."""
    match = request.resolver_match
    return reverse(match.view_name, args=match.args, kwargs=match.kwargs)[:255]


def digest(data: Any) -> str:
    """What tells two bodies apart: what they say, not how it is written down."""
    if isinstance(data, QueryDict):
        data = dict(data.lists())
    text = orjson.dumps(data, default=content_of, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def content_of(file: UploadedFile) -> list[str]:
    """A file of a form, as its name and what tells its content apart."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return [file.name or "", found.hexdigest()]
