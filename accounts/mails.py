"""The mails about an account that no person asked for (allauth's adapter sends the others)."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuthEvent


def send_reuse(event: AuthEvent) -> None:
    """Say that a device was signed out because an old token of its session came back."""
    with timezone.override(event.user.zone):
        text = render_to_string(
            "email/session_reused.txt",
            {"event": event, "devices_url": settings.PUBLIC_ORIGIN + reverse("accounts:devices")},
        )
    EmailMessage(
        subject=_("We signed out one of your devices"),
        body=text,
        to=[event.user.email],
        headers={"Message-ID": f"<auth-event-{event.pk}@{settings.PUBLIC_URL.hostname}>"},
    ).send()
