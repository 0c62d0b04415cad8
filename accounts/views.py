"""The pages on which people look after their account and their devices."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import device_grant, factors, operations, reauthentication, sessions
from accounts.callers import caller_of
from accounts.forms import CloseAccountForm, ProfileForm, SessionNameForm, UserCodeForm
from accounts.middleware import SignedInRequest
from accounts.models import ApiSession, AuthEvent, PageSession

EVENTS_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
def settings(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        operations.change_profile(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:settings")
    context = {"form": form, "has_second_factor": bool(factors.factors_of(request.user))}
    return render(request, "accounts/settings.html", context)


@require_http_methods(["GET"])
def devices(request: SignedInRequest) -> HttpResponse:
    found = sessions.devices_of(request.user, current=request.actor.session)
    return render(request, "accounts/devices.html", {"sessions": found})


@require_http_methods(["GET"])
def security_log(request: SignedInRequest) -> HttpResponse:
    """What happened to the account, the latest first."""
    events = AuthEvent.objects.filter(user=request.user).order_by("-at", "-pk")
    page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/security_log.html", {"page_obj": page})


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


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def close_account(request: SignedInRequest) -> HttpResponse:
    form = CloseAccountForm(request.POST or None, user=request.user, caller=caller_of(request))
    if request.method == "POST" and form.is_valid():
        user = request.user
        logout(request)
        operations.close_account(user)
        messages.success(request, _("Your account is closed, and everything in it is gone."))
        return redirect("todos:landing")
    return render(request, "accounts/close_account.html", {"form": form})


@require_http_methods(["GET", "POST"])
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
