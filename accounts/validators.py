"""What an account's fields may hold."""

import re
import zoneinfo
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

PASSWORD_MAX_LENGTH = 1000
# What everybody knows of this application, besides its address (docs/security.md).
OWN_WORDS = ("todo", "tasks", "admin")
# So many letters and digits a password has besides such words.
OTHER_CHARACTERS = 6


@cache
def time_zones() -> list[str]:
    """The names of all time zones (IANA), sorted, such as Europe/Berlin."""
    return sorted(zoneinfo.available_timezones() - {"localtime"})


def validate_time_zone(name: str) -> None:
    if name not in time_zones():
        raise ValidationError(_("There is no such time zone."), code="time_zone")


class MaximumLengthValidator:
    """Refuse a password so long that hashing it would be an attack."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > PASSWORD_MAX_LENGTH:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return gettext("Your password can have at most %(limit)d characters.") % {
            "limit": PASSWORD_MAX_LENGTH
        }


class OwnWordsValidator:
    """Refuse a password that is little else than the name of this application or its address."""

    def validate(self, password: str, user: object = None) -> None:
        parts = re.split(r"[\W_]+", settings.PUBLIC_NAME.lower())
        words = {*OWN_WORDS, *(part for part in parts if len(part) > 3)}
        known = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
        letters = re.sub(r"[\W_]+", "", password.lower())
        rest = known.sub("", letters)
        if rest != letters and len(rest) < OTHER_CHARACTERS:
            raise ValidationError(self.get_help_text(), code="password_of_own_words")

    def get_help_text(self) -> str:
        return gettext(
            "Your password must be more than the name of this application or its address."
        )
