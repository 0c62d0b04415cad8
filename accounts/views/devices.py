"""Where somebody is signed in: looked through, named, ended, and let in by a code."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import device_grant, reauthentication, sessions
from accounts.callers import caller_of
from accounts.forms import SessionNameForm, UserCodeForm
from accounts.middleware import SignedInRequest
from accounts.models import ApiSession, PageSession


@require_safe
def devices(request: SignedInRequest) -> HttpResponse:
    found = sessions.devices_of(request.user, current=request.actor.session)
    return render(request, "accounts/devices.html", {"sessions": found})


@require_POST
def rename_session(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    row = device_row(request, pk)
    form = SessionNameForm(request.POST)
    if form.is_valid():
        sessions.name_device(row, form.cleaned_data["label"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, " ".join(map(str, form.errors["label"])))
    return redirect("accounts:devices")


@require_POST
def end_session(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    row = device_row(request, pk)
    if row.pk == request.actor.session:
        logout(request)
        return redirect("todos:landing")
    sessions.end_device(row, caller=caller_of(request))
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:devices")


@require_POST
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    sessions.end_others(request.user, keep=request.actor.session, caller=caller_of(request))
    messages.success(request, _("All other devices are signed out."))
    return redirect("accounts:devices")


@require_http_methods(["GET", "HEAD", "POST"])
def let_in(request: SignedInRequest) -> HttpResponse:
    """Enter the code that a device shows; see what asks; then let it in, or not."""
    methods = reauthentication.fresh_methods(request)
    if methods is None:
        return reauthentication.ask(request)
    form = UserCodeForm(request.POST or None, initial={"user_code": request.GET.get("user_code")})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        at, user_code = timezone.now(), form.cleaned_data["user_code"]
        waiting = device_grant.find_request(user_code, user=request.user, at=at)
        if waiting is None:
            form.add_error("user_code", _("That code is not right, or it has expired."))
        elif "approve" in request.POST:
            device_grant.approve(waiting, user=request.user, methods=methods, at=at)
            messages.success(request, _("The device is let in: it goes on by itself."))
            return redirect("accounts:devices")
        elif "deny" in request.POST:
            device_grant.deny(waiting, user=request.user, at=at)
            messages.success(request, _("The device is not let in."))
            return redirect("accounts:devices")
        else:
            context["waiting"] = waiting
    return render(request, "accounts/let_in.html", context)


def device_row(request: SignedInRequest, pk: uuid.UUID) -> ApiSession | PageSession:
    row = sessions.find_device_row(request.user, pk)
    if row is None:
        raise Http404
    return row
