"""How often something may be tried: one counter for pages and API, atomic in any cache.

A cache that does not answer neither lets everybody in nor keeps everybody out: this process then
counts for itself.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from accounts.signals import limit_reached

logger = logging.getLogger(__name__)

own_counts = LocMemCache("limits", {})


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
    """At most `number` tries of one kind by one subject in each `period`."""

    name: str
    number: int
    period: timedelta

    def use(self, *subject: object, at: datetime) -> None:
        """Count a try. Raises LimitReached when it is one too many; that one is not made."""
        if self.count(*subject, at=at) > self.number:
            limit_reached.send(None, name=self.name)
            raise LimitReached(self.seconds_left(at))

    def count(self, *subject: object, at: datetime, by: int = 1) -> int:
        """The number of tries in the present period, with `by` more."""
        key, seconds = self.key(subject, at), self.seconds_left(at) + 1
        try:
            return add_up(cache, key, by, seconds)
        except (RedisError, OSError) as problem:
            logger.warning("The cache does not answer: %s", type(problem).__qualname__)
            return add_up(own_counts, key, by, seconds)

    def forget(self, *subject: object, at: datetime) -> None:
        """Let the tries of the present period not have been."""
        key = self.key(subject, at)
        own_counts.delete(key)
        with suppress(RedisError, OSError):
            cache.delete(key)

    def key(self, subject: tuple[object, ...], at: datetime) -> str:
        """Where the count is kept; no address of a person can be read from it."""
        period = int(at.timestamp() // self.period.total_seconds())
        digest = hashlib.sha256("\0".join(map(str, subject)).encode()).hexdigest()[:32]
        return f"limit:{self.name}:{digest}:{period}"

    def seconds_left(self, at: datetime) -> int:
        length = self.period.total_seconds()
        return max(1, math.ceil(length - at.timestamp() % length))


def add_up(counts: BaseCache, key: str, by: int, seconds: int) -> int:
    """Add to a count that is forgotten after `seconds`, in steps that cannot lose a try."""
    counts.add(key, 0, seconds)
    try:
        return int(counts.incr(key, by))
    except ValueError:  # Forgotten between the two steps.
        counts.set(key, by, seconds)
        return by


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


WRONG_SIGN_INS = Limit("sign-in", 5, timedelta(minutes=5))
WRONG_SIGN_INS_OF_NETWORK = Limit("sign-in-network", 30, timedelta(minutes=5))
WRONG_CODES = Limit("code", 5, timedelta(minutes=5))
DEVICE_REQUESTS = Limit("device-request", 10, timedelta(hours=1))
WRONG_SIGN_INS_TO_TELL = Limit("sign-in-alarm", 50, timedelta(hours=1))
REFRESHES = Limit("refresh", 120, timedelta(minutes=1))
SIGN_UPS = Limit("sign-up", 10, timedelta(hours=1))
RESETS_OF_NETWORK = Limit("reset-network", 10, timedelta(hours=1))
RESETS = Limit("reset", 3, timedelta(hours=1))
REPORTS = Limit("report", 5, timedelta(hours=1))
EXPORTS = Limit("export", 5, timedelta(hours=1))
IMPORTS = Limit("import", 5, timedelta(hours=1))
