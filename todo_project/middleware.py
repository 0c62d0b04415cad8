"""What holds for every request, whichever application answers it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.translation import gettext as _

# The names of words in addresses that pages say again.
ASKS = {"q", "query", "title"}
# What no page of ours asks of a device, nor may a script that gets in.
UNUSED_FEATURES = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("magnetometer", "microphone", "midi", "payment", "serial", "usb"),
)
POLICIES = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
}


class PublicScheme:
    """Give each request the scheme of `PUBLIC_URL`.

    Behind a proxy that ends TLS the server sees plain HTTP; what people see decides whether
    cookies are secure, HSTS is sent and links begin with https. No header of the client is asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["wsgi.url_scheme"] = settings.PUBLIC_URL.scheme
        return self.get_response(request)


class BrowserPolicies:
    """Say with every answer, files included, that no other site may load it and no device is asked.

    Pages of `CORS_ALLOWED_ORIGINS` are not kept from the API: theirs are other requests.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in POLICIES.items():
            response[name] = value
        return response


class BodyLimit:
    """Refuse a body over the limit before anybody reads it (RFC 9110 section 15.5.14)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_import := request.path.removesuffix("/") in settings.IMPORT_PATHS:
            # The rest of the form has room beside the file.
            most += settings.LARGEST_IMPORT
        if length.isdigit() and int(length) <= most:
            return self.get_response(request)
        words = (
            _("This is too large: a file to be imported has 50 MiB at most.")
            if is_import
            else _("This is too large: a request can have 1 MiB at most.")
        )
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": words}, status=413)
        return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")


class PageCompression(GZipMiddleware):
    """Send pages compressed, a tenth of their size; not what the API answers, whose ETags are
    strong.

    Who can have a page say their words beside others' may learn those by its length (BREACH).
    Django adds random bytes, which makes that dearer; pages that answer to words are sent plain.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not request.GET.keys() & ASKS:
            return super().process_response(request, response)
        return response


class PrivatePages:
    """Keep the pages of people out of every store, and empty the browser's at the log-out.

    Without it, going back after the log-out would show the tasks again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and is_signed_in(request):
            response["Cache-Control"] = "private, no-store"
        if getattr(request, "logs_out", False):
            response["Clear-Site-Data"] = '"storage"'
        return response


def is_signed_in(request: HttpRequest) -> bool:
    """Whether a page looked who is there, and somebody was; the API looks at no session."""
    return request.session.accessed and request.user.is_authenticated
