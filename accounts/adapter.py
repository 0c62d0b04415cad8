"""What allauth asks of us: who may sign up, where links lead, and what a failed mail looks like."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import limits, operations
from accounts.callers import caller_of
from accounts.letters import add_html
from accounts.middleware import page_session_id
from accounts.models import AuthEvent, User
from accounts.passwords import note_wrong_password

logger = logging.getLogger(__name__)

TOLD_BY_US = {"account/email/password_changed", "account/email/password_reset"}


def at_public_url(url: str) -> str:
    """`url` as people reach it, whatever host this request came to."""
    public = settings.PUBLIC_URL
    return urlsplit(url)._replace(scheme=public.scheme, netloc=public.netloc).geturl()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "enter_current_password": gettext_lazy("That is not your password."),
        "incorrect_password": gettext_lazy("That is not your password."),
    }

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return operations.sign_up_is_open()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send now; when that fails, tell the person on the page they see next.

        These mails carry secret links, which a queue would keep.
        """
        context = {
            name: at_public_url(value) if name.endswith("_url") else value
            for name, value in context.items()
        }
        public = settings.PUBLIC_URL.netloc
        context["current_site"] = SimpleNamespace(domain=public, name=public)
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            logger.exception("A mail could not be sent (%s).", template_prefix)
            self.request.mail_has_failed = True
            messages.error(
                self.request, _("We could not send the e-mail. Please try again in a while.")
            )

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], *args: Any
    ) -> EmailMultiAlternatives:
        mail: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, *args)
        add_html(mail, context)
        return mail

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        sent = message_template == "account/messages/email_confirmation_sent.txt"
        if not (sent and getattr(request, "mail_has_failed", False)):
            super().add_message(request, level, message_template, *args, **kwargs)

    def set_password(self, user: User, password: str) -> None:
        """Change the password from the page: the person's own wish, or a reset by mail."""
        is_own_wish = self.request.user == user
        operations.change_password(
            user,
            new=password,
            keep=page_session_id(self.request) if is_own_wish else None,
            kind=AuthEvent.Kind.PASSWORD_CHANGED if is_own_wish else AuthEvent.Kind.PASSWORD_RESET,
            caller=caller_of(self.request),
        )
        if not is_own_wish:
            limits.forget_wrong_sign_ins(user.email, caller_of(self.request).ip, at=timezone.now())

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address, unless somebody else took it in the meantime.

        Taking it first, in a transaction of its own, keeps allauth's mails outside of one.
        """
        try:
            with transaction.atomic():
                User.objects.filter(pk=email_address.user_id).update(email=email_address.email)
        except IntegrityError:
            messages.error(request, operations.address_is_taken())
            return False
        return bool(super().confirm_email(request, email_address))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address behind our proxies; the nearest one where a header does not come of them."""
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            return str(request.META["REMOTE_ADDR"])

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who these credentials belong to. Raises LimitReached after too many wrong ones."""
        at, caller, email = timezone.now(), caller_of(request), str(credentials.get("email", ""))
        with limits.wrong_sign_ins(email, caller.ip, at=at) as attempt:
            user: User | None = super().authenticate(request, **credentials)
            attempt.failed = user is None
        if user is None and (known := User.objects.filter(email=email).first()):
            note_wrong_password(known, caller=caller, at=at)
        return user

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell `user`, at their clock, what our own mails do not tell, however it comes about."""
        if template_prefix not in TOLD_BY_US:
            context = {**(context or {}), "person": user}
            with timezone.override(user.zone):
                super().send_notification_mail(template_prefix, user, context, email)


class SecondFactorAdapter(DefaultMFAAdapter):
    """How this server and its people are named to authenticator apps and passkeys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code is not right, or it was used before."),
    }

    def get_totp_issuer(self) -> str:
        return f"Todo ({settings.PUBLIC_NAME})"

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.PUBLIC_NAME, "name": "Todo"}
