"""What an account's fields may hold."""

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

PASSWORD_MAX_LENGTH = 1000


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
