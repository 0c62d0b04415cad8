"""The way around the settings, and what their pages say of this server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True)
class Section:
    """A page of settings, with the beginnings of the names of the pages below it."""

    name: str
    label: str | Promise
    below: tuple[str, ...] = ()

    def current(self, name: str) -> str:
        """What `aria-current` says of the link to this section on the page of that name."""
        if name == self.name:
            return "page"
        return "true" if name.startswith(self.below) else ""


SECTIONS = [
    Section("accounts:settings", _("Profile"), ("account_email",)),
    Section("accounts:dates", _("Date and time")),
    Section("accounts:appearance", _("Appearance")),
    Section("accounts:keys", _("Keys")),
    Section("accounts:notifications", _("Notifications")),
    Section(
        "accounts:security",
        _("Security"),
        (
            *("account_change_password", "account_set_password", "mfa_"),
            *("accounts:devices", "accounts:let-in", "accounts:security-log"),
        ),
    ),
    Section("accounts:data", _("Your data")),
    Section("accounts:close-account", _("Close the account")),
]


@register.inclusion_tag("accounts/_sections.html", takes_context=True)
def settings_sections(context: template.Context) -> dict[str, Any]:
    """The links to all sections, with the one that this page belongs to marked."""
    name = context["request"].resolver_match.view_name
    sections = [(section, section.current(name)) for section in SECTIONS]
    return {"sections": sections, "is_staff": context["user"].is_staff}


@register.simple_tag
def mail_stays_here() -> bool:
    """Whether mails are only written down where the server runs."""
    return bool(settings.MAIL_STAYS_HERE)
