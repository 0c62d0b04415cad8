"""How devices are told on pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()

LONGEST_NAME = 40

# The first that a user agent contains names it: Edge and Opera also say Chrome, Chrome says Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def device_words(user_agent: str) -> str:
    """`user_agent` as people say it: Firefox on Linux; a program's own name as it is."""
    browser = first_in(user_agent, BROWSERS)
    system = first_in(user_agent, SYSTEMS)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or own_name(user_agent) or _("An unknown device")


def own_name(user_agent: str) -> str:
    """What a program calls itself, without what could be a link: anybody may send anything."""
    words = user_agent.partition("(")[0].split()
    return " ".join(word for word in words if "://" not in word)[:LONGEST_NAME]


def first_in(user_agent: str, names: dict[str, str]) -> str:
    return next((name for part, name in names.items() if part in user_agent), "")
