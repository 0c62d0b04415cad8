"""How often something may be tried: one counter for pages and API, and a setting for each limit.

All processes that share a cache count together, in steps that cannot lose a try.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import ngettext

from accounts.signals import limit_reached


class LimitReached(Exception):
    """Too many tries; `retry_after` is the number of whole seconds until the next may succeed."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after

    @property
    def sentence(self) -> str:
        minutes = math.ceil(self.retry_after / 60)
        return ngettext(
            "Too many tries. Please wait a minute, then try again.",
            "Too many tries. Please wait %(minutes)d minutes, then try again.",
            minutes,
        ) % {"minutes": minutes}


@dataclass(frozen=True)
class Limit:
    """At most so many tries by one subject in each period, as the setting of this name says.

    A setting that is None lets everybody try as often as they like, and nothing is counted.
    """

    setting: str

    def use(self, *subject: object, at: datetime) -> None:
        """Count a try. Raises LimitReached when it is one too many; that one is not made."""
        rate = getattr(settings, self.setting)
        if rate and self.count(*subject, at=at) > rate[0]:
            limit_reached.send(None, name=self.name)
            raise LimitReached(self.seconds_left(at))

    def is_just_reached(self, *subject: object, at: datetime) -> bool:
        """Count a try, and tell whether it is the last one that the limit has room for."""
        rate = getattr(settings, self.setting)
        return rate is not None and self.count(*subject, at=at) == rate[0]

    def count(self, *subject: object, at: datetime, by: int = 1) -> int:
        """The number of tries in the present period, with `by` more; 0 where there is no limit."""
        if getattr(settings, self.setting) is None:
            return 0
        counts: Any = cache
        return int(counts.add_up(self.key(subject, at), by, self.seconds_left(at) + 1))

    def forget(self, *subject: object, at: datetime) -> None:
        """Let the tries of the present period not have been."""
        if getattr(settings, self.setting) is not None:
            cache.delete(self.key(subject, at))

    def key(self, subject: tuple[object, ...], at: datetime) -> str:
        """Where the count is kept; no address of a person can be read from it."""
        period = int(at.timestamp() // self.period)
        digest = hashlib.sha256("\0".join(map(str, subject)).encode()).hexdigest()[:32]
        return f"{self.setting}:{digest}:{period}"

    @property
    def name(self) -> str:
        """What it is called where it is counted: sign-ins, or requests-of-address."""
        return self.setting.removeprefix("LIMIT_").lower().replace("_", "-")

    @property
    def period(self) -> float:
        """Its length in seconds."""
        seconds: float = getattr(settings, self.setting)[1].total_seconds()
        return seconds

    def seconds_left(self, at: datetime) -> int:
        return max(1, math.ceil(self.period - at.timestamp() % self.period))


@dataclass
class Attempt:
    """A try that is being made."""

    failed: bool = False


@contextmanager
def tries(*limited: tuple[Limit, tuple[object, ...]], at: datetime) -> Iterator[Attempt]:
    """A try that counts against several limits if it failed: by an exception, or by its word.

    It is counted before it is made, so that tries at the same time cannot pass together.
    Raises LimitReached before the block is entered.
    """
    counted: list[tuple[Limit, tuple[object, ...]]] = []

    def give_back() -> None:
        for limit, subject in counted:
            limit.count(*subject, at=at, by=-1)

    for limit, subject in limited:
        counted.append((limit, subject))
        try:
            limit.use(*subject, at=at)
        except LimitReached:
            give_back()
            raise
    attempt = Attempt()
    yield attempt
    if not attempt.failed:
        give_back()


def wrong_sign_ins(email: str, ip: str | None, *, at: datetime) -> AbstractContextManager[Attempt]:
    """A sign-in with a password, which counts if it is wrong: here for the account, and from here.

    Nothing is counted for the account alone: that would let anybody lock its owner out.
    """
    network = network_of(ip)
    return tries(
        (WRONG_SIGN_INS, (email.lower(), network)), (WRONG_SIGN_INS_OF_NETWORK, (network,)), at=at
    )


def forget_wrong_sign_ins(email: str, ip: str | None, *, at: datetime) -> None:
    """Let somebody who proved to be the owner, by a mail, sign in at once."""
    WRONG_SIGN_INS.forget(email.lower(), network_of(ip), at=at)


def network_of(ip: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 one."""
    if not ip:
        return ""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


REQUESTS = Limit("LIMIT_REQUESTS")
REQUESTS_OF_NETWORK = Limit("LIMIT_REQUESTS_OF_ADDRESS")
WRONG_SIGN_INS = Limit("LIMIT_SIGN_INS")
WRONG_SIGN_INS_OF_NETWORK = Limit("LIMIT_SIGN_INS_OF_ADDRESS")
WRONG_SIGN_INS_TO_TELL = Limit("LIMIT_SIGN_INS_UNTOLD")
WRONG_CODES = Limit("LIMIT_CODES")
DEVICE_REQUESTS = Limit("LIMIT_DEVICES")
REFRESHES = Limit("LIMIT_REFRESHES")
SIGN_UPS = Limit("LIMIT_SIGN_UPS")
RESETS = Limit("LIMIT_RESETS")
RESETS_OF_NETWORK = Limit("LIMIT_RESETS_OF_ADDRESS")
REPORTS = Limit("LIMIT_REPORTS")
EXPORTS = Limit("LIMIT_EXPORTS")
IMPORTS = Limit("LIMIT_IMPORTS")
