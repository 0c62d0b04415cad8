"""What happened to an account, and its end."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import operations
from accounts.callers import caller_of
from accounts.forms import CloseAccountForm
from accounts.middleware import SignedInRequest
from accounts.models import AuthEvent

EVENTS_PER_PAGE = 50


@require_safe
def security_log(request: SignedInRequest) -> HttpResponse:
    """What happened to the account, the latest first."""
    events = AuthEvent.objects.filter(user=request.user).order_by("-at", "-pk")
    page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/security_log.html", {"page_obj": page})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: SignedInRequest) -> HttpResponse:
    form = CloseAccountForm(request.POST or None, user=request.user, caller=caller_of(request))
    if request.method == "POST" and form.is_valid():
        user = request.user
        logout(request)
        operations.close_account(user)
        messages.success(request, _("Your account is closed, and everything in it is gone."))
        return redirect("todos:landing")
    return render(request, "accounts/close_account.html", {"form": form})
