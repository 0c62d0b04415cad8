"""The mails about an account that no person asked for (allauth's adapter sends the others)."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.letters import letter
from accounts.models import AuthEvent

Kind = AuthEvent.Kind
MAILS = {
    Kind.REUSE: ("session_reused", _("We signed out one of your devices")),
    Kind.SIGNED_IN: ("new_device", _("A new device signed in")),
    Kind.SIGN_IN_REFUSED: ("many_refusals", _("Somebody tries to sign in to your account")),
    Kind.PASSWORD_CHANGED: ("password_changed", _("Your password was changed")),
    Kind.PASSWORD_RESET: ("password_changed", _("Your password was changed")),
    Kind.DEVICE_MAILS_OFF: ("device_mails_off", _("Mails about new devices were switched off")),
}


def send_about(event: AuthEvent) -> None:
    """Tell the person of `event` what happened. Sent again, it has the same Message-ID."""
    template, subject = MAILS[Kind(event.kind)]
    with timezone.override(event.user.zone):
        letter(
            template,
            {"event": event, "devices_url": settings.PUBLIC_ORIGIN + reverse("accounts:devices")},
            subject=str(subject),
            to=event.user.email,
            message_id=f"auth-event-{event.pk}",
        ).send()
