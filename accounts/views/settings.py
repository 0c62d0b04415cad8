"""What people set for themselves, a page for each kind."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import factors, operations
from accounts.appearance import CHOICES, chosen, keep
from accounts.callers import caller_of
from accounts.forms import AppearanceForm, DatesForm, KeysForm, NotificationsForm, ProfileForm
from accounts.middleware import SignedInRequest
from accounts.models import User

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def profile(request: SignedInRequest) -> HttpResponse:
    return change_profile(request, ProfileForm, "accounts/profile.html")


@form_page
def dates(request: SignedInRequest) -> HttpResponse:
    return change_profile(request, DatesForm, "accounts/dates.html")


@form_page
def keys(request: SignedInRequest) -> HttpResponse:
    return change_profile(request, KeysForm, "accounts/keys.html")


@form_page
def notifications(request: SignedInRequest) -> HttpResponse:
    return change_profile(request, NotificationsForm, "accounts/notifications.html")


def change_profile(
    request: SignedInRequest, form_class: type[forms.ModelForm[User]], template: str
) -> HttpResponse:
    """Show a form of some fields of the person, and keep what they sent."""
    data = request.POST if request.method == "POST" else None
    form = form_class(data, instance=request.user)
    if form.is_valid():
        operations.change_profile(request.user, caller=caller_of(request), **form.cleaned_data)
        return saved(request)
    return render(request, template, {"form": form})


@form_page
def appearance(request: SignedInRequest) -> HttpResponse:
    """Choose theme and density, for this device alone: they are kept in its cookies."""
    data = request.POST if request.method == "POST" else None
    now = {name: chosen(request, name) or choices[0][0] for name, choices in CHOICES.items()}
    form = AppearanceForm(data, initial=now)
    if form.is_valid():
        response = saved(request)
        for name, value in form.cleaned_data.items():
            keep(response, name, value)
        return response
    return render(request, "accounts/appearance.html", {"form": form})


@require_safe
def security(request: SignedInRequest) -> HttpResponse:
    found = factors.factors_of(request.user)
    passkeys = [factor for factor in found if factor.type == Authenticator.Type.WEBAUTHN]
    context = {"has_second_factor": bool(found), "passkeys": len(passkeys)}
    return render(request, "accounts/security.html", context)


@require_safe
def data(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/data.html")


def saved(request: SignedInRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(request.path)
