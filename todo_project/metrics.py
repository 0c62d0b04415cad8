"""/metrics for Prometheus: there with METRICS_TOKEN alone, for whoever brings it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.authentication import bearer_token


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKEN:
        raise Http404
    given = bearer_token(request.headers.get("Authorization", ""))
    if not constant_time_compare(given, settings.METRICS_TOKEN):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    # Imported here: who does not ask for metrics does not pay for the library.
    from todo_project import counting

    return HttpResponse(counting.page(), content_type="text/plain; version=0.0.4; charset=utf-8")
