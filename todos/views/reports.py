"""The report of all tasks, by mail or at once."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from todos import reports
from todos.tasks import queue_report
from todos.views.answers import back, post_only, refused


@post_only
def report(request: SignedInRequest) -> HttpResponse:
    """Have the report mailed to the person's address."""
    try:
        queue_report(request.user)
    except ValidationError as refusal:
        refused(request, refusal)
    else:
        words = (
            _("This server sends no mail yet: it keeps the report to %(email)s to itself.")
            if settings.MAIL_STAYS_HERE
            else _("The report is on its way to %(email)s.")
        )
        messages.success(request, words % {"email": request.user.email})
    return back(request, "todos:tasks")


@require_safe
def report_file(request: SignedInRequest) -> StreamingHttpResponse:
    """The same report as a file, at once."""
    lines = reports.report_lines(request.user, at=timezone.localtime())
    headers = {"Content-Disposition": 'attachment; filename="tasks.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
