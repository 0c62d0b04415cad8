"""The application's addresses, and beside them a page for each client in JavaScript."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.clients.conftest import code_under
from tests.clients.npm import bundle
from tests.servers import BASE_DIR
from todo_project import urls

handler404 = urls.handler404
handler500 = urls.handler500


@login_not_required
def page(request: HttpRequest, libraries: str, client: str) -> HttpResponse:
    return HttpResponse(
        '<!doctype html><html lang="en"><title>Client</title><link rel="icon" href="data:,">'
        f'<script src="/client/{libraries}/{client}.js"></script>'
    )


@login_not_required
def script(request: HttpRequest, libraries: str, client: str) -> HttpResponse:
    if client == "original":
        code = (BASE_DIR / "tests" / "clients" / "original.js").read_text()
    else:
        code = code_under("A page, with axios and axios-auth-refresh")
    return HttpResponse(bundle(libraries, code), content_type="text/javascript")


urlpatterns = [
    path("client/<libraries>/<client>.js", script),
    path("client/<libraries>/<client>", page),
    *urls.urlpatterns,
]
