"""What holds for every request, whichever application answers it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


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
