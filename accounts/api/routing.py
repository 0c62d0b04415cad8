"""URL patterns of the API: every route answers with and without the trailing slash.

A redirect from one to the other would lose the body of a POST.
"""

from functools import partial
from typing import Any

from django.urls.conf import _path  # type: ignore[attr-defined]
from django.urls.resolvers import RoutePattern


class EitherSlash(RoutePattern):
    """A route that matches a path with and without the slash at its end."""

    def match(self, path: str) -> tuple[str, tuple[Any, ...], dict[str, Any]] | None:
        if str(self._route).endswith("/") and not path.endswith("/"):
            path = f"{path}/"
        elif path.endswith("/") and not str(self._route).endswith("/"):
            path = path.removesuffix("/")
        return super().match(path)


path = partial(_path, Pattern=EitherSlash)
