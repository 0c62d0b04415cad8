"""How the pages look on one device: kept in its cookies, so that they are there without a flash."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

# The first of each is how pages look where nothing was chosen, and is not stored.
CHOICES = {
    "theme": [("system", _("System")), ("light", _("Light")), ("dark", _("Dark"))],
    "density": [("comfortable", _("Comfortable")), ("compact", _("Compact"))],
}
KEPT_FOR = timedelta(days=365)


def appearance(request: HttpRequest) -> dict[str, str]:
    """The context processor of `theme` and `density`: what was chosen here, or empty."""
    return {name: chosen(request, name) for name in CHOICES}


def chosen(request: HttpRequest, name: str) -> str:
    value = request.COOKIES.get(name, "")
    return value if value in dict(CHOICES[name][1:]) else ""


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Have this device keep `value` as its theme or density."""
    if value == CHOICES[name][0][0]:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=KEPT_FOR,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )
