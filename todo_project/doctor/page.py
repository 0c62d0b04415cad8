"""The doctor's findings for staff, in the admin."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from todo_project.doctor import examine

# The classes of the admin's messages, which have its colours and signs.
LOOKS = {"ok": "success", "warning": "warning", "problem": "error"}


@require_safe
def doctor(request: HttpRequest) -> HttpResponse:
    findings = [(LOOKS[finding.state], finding) for finding in examine(request)]
    context = admin.site.each_context(request) | {"title": "Is it well?", "findings": findings}
    return TemplateResponse(request, "admin/doctor.html", context)
