"""Reading settings from the environment: a value that makes no sense stops the start, by name."""

import ipaddress
import re
import sys
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`, a name or an address without brackets."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Environment(environ.Env):
    """django-environ, with the kinds of value that this project has."""

    def choice(self, name: str, options: Collection[str], *, default: str) -> str:
        value = self.str(name, default=default)
        if value not in options:
            raise ImproperlyConfigured(
                f"{name} is {value!r}; it must be one of {', '.join(options)}."
            )
        return value

    def whole(self, name: str, *, default: int, minimum: int, maximum: int) -> int:
        text = self.str(name, default=str(default))
        if not (text.isascii() and text.isdigit() and minimum <= int(text) <= maximum):
            raise ImproperlyConfigured(
                f"{name} is {text!r}; it must be a whole number from {minimum} to {maximum}."
            )
        return int(text)

    def switch(self, name: str, *, default: bool) -> bool:
        text = self.str(name, default=str(default)).lower()
        if text not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
            raise ImproperlyConfigured(f"{name} is {text!r}; it must be true or false.")
        return text in self.BOOLEAN_TRUE_STRINGS

    def minutes(self, name: str, *, default: float) -> timedelta:
        """A length of time given in minutes, fractions allowed, from one second to ten years."""
        text = self.str(name, default=str(default))
        try:
            value = timedelta(minutes=float(text))
        except (ValueError, OverflowError):
            value = timedelta()
        if not timedelta(seconds=1) <= value <= timedelta(days=3653):
            raise ImproperlyConfigured(
                f"{name} is {text!r}; it must be a number of minutes, such as {default}."
            )
        return value

    def limit(self, name: str, *, default: str) -> tuple[int, timedelta] | None:
        """A number of times in a period, such as 5/5m, 10/h or 600/m; None for off."""
        text = self.str(name, default=default)
        found = re.fullmatch(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,3})?([smhd])", text)
        if found:
            number, units, unit = found.groups(default="1")
            return int(number), timedelta(seconds=int(units) * SECONDS[unit])
        if text != "off":
            raise ImproperlyConfigured(
                f"{name} is {text!r}; it must be a number of times in a period, such as {default},"
                " or off."
            )
        return None

    def origin(self, name: str, *, default: str) -> SplitResult:
        """An http or https address with a host and no path, such as https://todo.example.org."""
        return self.parse_origin(name, self.str(name, default=default))

    def parse_origin(self, name: str, text: str) -> SplitResult:
        text = text.rstrip("/")
        try:
            parts = urlsplit(text)
            well_formed = parts.port is None or parts.port > 0
        except ValueError:
            well_formed = False
        if not (
            well_formed
            and parts.scheme in {"http", "https"}
            and parts.hostname
            and text == f"{parts.scheme}://{parts.netloc}"
            and "@" not in parts.netloc
        ):
            raise ImproperlyConfigured(
                f"{name} is {text!r}; it must be an address such as https://todo.example.org."
            )
        return parts

    def origins(self, name: str) -> list[str]:
        """Addresses as in `origin`, with commas between them; none by default."""
        return [
            self.parse_origin(name, text.strip()).geturl()
            for text in self.list(name, default=[])
            if text.strip()
        ]

    def contact(self, name: str) -> str:
        """An address to write to or to open, such as mailto:me@example.org; none by default."""
        text = self.str(name, default="")
        if text and not re.fullmatch(r"(mailto:[^\s@]+@|https://)[^\s@]+", text):
            raise ImproperlyConfigured(
                f"{name} is {text!r}; it must begin with mailto: or https://."
            )
        return text

    def secret(self, name: str, *, file: Path) -> str:
        """The secret in the variable, else in `file`; only `manage.py setup` starts without one."""
        value = self.str(name, default="")
        if not value and file.is_file():
            value = file.read_text().strip()
        if not value and sys.argv[1:2] != ["setup"]:
            raise ImproperlyConfigured(
                f"{name} is not set and {file} does not exist. Run: python manage.py setup"
            )
        if value and len(value) < 32:
            raise ImproperlyConfigured(f"{name} is too short; use at least 32 random characters.")
        return value

    def checked_url(self, name: str, kind: str, *, default: str) -> dict[str, object]:
        """What django-environ makes of a database (`db_url`), cache or e-mail URL."""
        text = self.str(name, default=default)
        schemes, read = {
            "db": (environ.Env.DB_SCHEMES, environ.Env.db_url_config),
            "cache": (environ.Env.CACHE_SCHEMES, environ.Env.cache_url_config),
            "email": (environ.Env.EMAIL_SCHEMES, environ.Env.email_url_config),
        }[kind]
        if text.partition("://")[0] not in schemes:
            raise ImproperlyConfigured(f"{name} does not begin like a URL that we know.")
        try:
            config: dict[str, object] = read(text)
        except (ImproperlyConfigured, KeyError, ValueError, IndexError) as problem:
            raise ImproperlyConfigured(f"{name} is not a URL that we know: {problem}") from None
        return config
