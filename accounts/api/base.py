"""What the views of those who are signed in have in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.requests import read_query


class StrictView(APIView):
    """A view that refuses a query parameter which it does not read."""

    def query_names(self) -> Collection[str]:
        """The query parameters that this request may have."""
        return ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not hasattr(self, str(request.method).lower()):
            raise MethodNotAllowed(str(request.method))
        read_query(request, *self.query_names())
