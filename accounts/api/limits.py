"""The limit on requests to the API as a whole."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.callers import caller_of
from accounts.limits import REQUESTS, REQUESTS_OF_NETWORK, network_of


class Counted(BaseThrottle):
    """Counts every request that is let in: for its account or, without one, for its address."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user.is_authenticated:
            REQUESTS.use(request.user.pk, at=timezone.now())
        else:
            count_stranger(request)
        return True


def count_stranger(request: Request) -> None:
    """Count a request of nobody we know. Raises LimitReached."""
    REQUESTS_OF_NETWORK.use(network_of(caller_of(request._request).ip), at=timezone.now())
