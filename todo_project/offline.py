"""What makes the pages an app on a device: its manifest, and what it shows when it is offline."""

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# What the pages that are shown without a connection look like; they run no script.
SHELL = ("css/app.css", "icons/sprite.svg", "icons/icon.svg")


@require_safe
@login_not_required
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """Tell a browser how to install the application (W3C Web Application Manifest)."""
    described = {
        "id": "/",
        "name": _("Todo"),
        "short_name": _("Todo"),
        "description": _("A calm place for your tasks."),
        "lang": "en",
        "start_url": reverse("todos:today"),
        "scope": "/",
        "display": "standalone",
        "theme_color": "#fbfaf7",
        "background_color": "#fbfaf7",
        "icons": [
            icon("icon-192.png", "192x192"),
            icon("icon-512.png", "512x512"),
            icon("icon-maskable-512.png", "512x512", purpose="maskable"),
        ],
        "shortcuts": [
            {"name": _("Add a task"), "url": reverse("todos:add-task")},
            {"name": _("Today"), "url": reverse("todos:today")},
            {"name": _("Inbox"), "url": reverse("todos:inbox")},
        ],
    }
    return JsonResponse(described, content_type="application/manifest+json")


def icon(name: str, sizes: str, *, purpose: str = "any") -> dict[str, str]:
    return {
        "src": static(f"icons/{name}"),
        "sizes": sizes,
        "type": "image/png",
        "purpose": purpose,
    }


@require_safe
@login_not_required
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, another one whenever what it keeps of the shell has changed."""
    shell = [static(name) for name in SHELL]
    kept = "\n".join([*shell, render_to_string("offline.html")])
    context = {"shell": shell, "version": hashlib.sha256(kept.encode()).hexdigest()[:12]}
    script = render_to_string("sw.js", context)
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_safe
@login_not_required
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """The page in place of one that could not be reached, the same for everybody."""
    return HttpResponse(render_to_string("offline.html"))


@require_safe
@login_not_required
@cache_control(max_age=24 * 60 * 60)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines see the first page (RFC 9309): other pages lead them to the log-in, which is
    not for them.
    """
    rules = "User-agent: *\nDisallow: /accounts/\nDisallow: /admin/\nDisallow: /api/\n"
    return HttpResponse(rules, content_type="text/plain; charset=utf-8")


@receiver(user_logged_out, dispatch_uid="todo_project.note_log_out")
def note_log_out(request: HttpRequest | None, **_named: Any) -> None:
    """Have the answer clear what the browser has stored (todo_project.middleware.PrivatePages)."""
    if request is not None:
        request.logs_out = True  # type: ignore[attr-defined]
