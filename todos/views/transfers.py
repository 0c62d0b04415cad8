"""The whole account as a file: asked for, and fetched."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from todos.forms.transfers import ImportForm
from todos.models import Transfer
from todos.transfers import answers, jobs
from todos.views.answers import back, post_only, problems_of, refused


@post_only
def ask_for_export(request: SignedInRequest) -> HttpResponse:
    """Have the file made; the page of one's data tells when it is there."""
    jobs.ask_for_export(request.user, at=timezone.now())
    messages.success(request, _("The file is being made. You can go on meanwhile."))
    return back(request, "accounts:data")


@post_only
def ask_for_import(request: SignedInRequest) -> HttpResponse:
    """Have the account made what a file says; the page of one's data tells what became of it."""
    form = ImportForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise problems_of(form)
        jobs.ask_for_import(request.user, form.cleaned_data["file"], at=timezone.now())
    except ValidationError as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("The file is being imported. You can leave this page."))
    return back(request, "accounts:data")


@require_safe
def export_file(request: SignedInRequest) -> HttpResponseBase:
    """The file that was made."""
    transfer = Transfer.objects.exports_of(request.user).filter(state=Transfer.State.DONE).first()
    if transfer is None:
        raise Http404(_("There is no such file."))
    return answers.file_answer(transfer)
