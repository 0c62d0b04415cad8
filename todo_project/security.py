"""Whom to tell of a weakness: `/.well-known/security.txt` (RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# The answer is made anew each time: it says no more than that this server stood by it then.
GOOD_FOR = timedelta(days=30)


@require_safe
@login_not_required
@cache_control(max_age=24 * 60 * 60)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Name SECURITY_CONTACT. Raises Http404 where none is set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + GOOD_FOR).replace(microsecond=0)
    fields = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": expires.isoformat().replace("+00:00", "Z"),
        "Preferred-Languages": "en",
        "Canonical": f"{settings.PUBLIC_ORIGIN}{request.path}",
    }
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
