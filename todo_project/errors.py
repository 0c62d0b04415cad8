"""What people and programs see when something goes wrong."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts import trail
from accounts.appearance import chosen
from accounts.errors import DATABASE_FAILS, RETRY_AFTER_SECONDS, why_not_now


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def look(request: HttpRequest) -> dict[str, Any]:
    """All that a page needs to know of the person where nothing else may be asked for."""
    return {"theme": chosen(request, "theme"), "request_id": trail.request_id()}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return JsonResponse({"detail": _("This request cannot be read.")}, status=400)
    return HttpResponse(render_to_string("400.html", look(request)), status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return JsonResponse({"detail": str(exception) or _("You may not do this.")}, status=403)
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return JsonResponse({"detail": _("Not found.")}, status=404)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer without the database; 503 when it is the database that failed."""
    problem = sys.exception()
    database_failed = isinstance(problem, DATABASE_FAILS)
    status = 503 if database_failed else 500
    sentence = why_not_now(problem) if database_failed else _("Server error.")
    response: HttpResponse
    if is_api(request):
        body = {"detail": sentence, "request_id": trail.request_id()}
        response = JsonResponse(body, status=status)
    else:
        told = {
            **look(request),
            "sentence": sentence,
            "was_read": request.method in {"GET", "HEAD"},
        }
        response = HttpResponse(render_to_string(f"{status}.html", told), status=status)
    # Nothing looks who is there, and so asks the database again, for a page that says this.
    response["Cache-Control"] = "no-store"
    if database_failed:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", status=403)
