"""Asking who it is once more, before somebody else is let in."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.http import HttpResponseRedirect
from django.urls import reverse

from accounts import factors
from accounts.middleware import SignedInRequest


def fresh_methods(request: SignedInRequest) -> list[str] | None:
    """What the person has just proved themselves with once more, or None when nothing counts.

    Where the account has a second factor only that counts, else the password.
    """
    method = "mfa" if factors.factors_of(request.user) else "password"
    for record in reversed(get_authentication_records(request, request.user)):
        is_fresh = time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        if record.get("reauthenticated") and record["method"] == method and is_fresh:
            return ["device_code", record.get("type", method)]
    return None


def ask(request: SignedInRequest) -> HttpResponseRedirect:
    """Lead to the page that asks, and back to this one afterwards."""
    types = {factor.type for factor in factors.factors_of(request.user)}
    if factors.Type.TOTP in types:
        name = "mfa_reauthenticate"
    elif types:
        name = "mfa_reauthenticate_webauthn"
    else:
        name = "account_reauthenticate"
    return suspend_request(request, reverse(name))
