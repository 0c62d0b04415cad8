"""Redis as the cache, and this process's own memory while Redis does not answer.

Nothing but counts and short-lived marks is cached, so that a process which has only its own is
stricter or laxer for a while, and never wrong: no request fails, and no limit is lifted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

# So long a request waits for Redis; then nobody asks for a while, and after it one at a time.
PATIENCE_SECONDS = 0.5
PAUSE_SECONDS = 1.0
# As many as some 5 MB hold; Django's 300 would let anybody push counts out.
MOST_ENTRIES = 20_000

ADD_UP = """local sum = redis.call("INCRBY", KEYS[1], ARGV[1])
if sum == tonumber(ARGV[1]) then redis.call("EXPIRE", KEYS[1], ARGV[2]) end
return sum"""

Method = Callable[..., Any]


class Absence:
    """What all threads of this process know of Redis."""

    is_known = False
    next_look = 0.0


def or_own(name: str) -> Method:
    """The method of this name, of Redis or else of the cache that is this process's own."""

    def ask(self: Redis, *arguments: Any, **named: Any) -> Any:
        if self.may_answer():
            try:
                answer = getattr(super(Redis, self), name)(*arguments, **named)
            except (RedisError, OSError) as problem:
                self.note_absence(problem)
            else:
                Absence.is_known = False
                return answer
        return getattr(self.own, name)(*arguments, **named)

    return ask


class Counting(RedisCache):
    """Django's cache in Redis, which adds up in one round trip."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": PATIENCE_SECONDS,
            "socket_connect_timeout": PATIENCE_SECONDS,
            # A connection that Redis ended, in a restart, is opened anew at once.
            "retry": Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,)),
        }
        super().__init__(server, {**params, "OPTIONS": options | params.get("OPTIONS", {})})

    @cached_property
    def client(self) -> Any:
        """One for all counts: to make a client takes as long as to ask Redis."""
        return self._cache.get_client(write=True)

    def add_up(self, key: str, by: int, seconds: int) -> int:
        """Add to a count that is forgotten `seconds` after it began."""
        return int(self.client.eval(ADD_UP, 1, self.make_and_validate_key(key), by, seconds))


class Own(LocMemCache):
    """This process's own cache."""

    def add_up(self, key: str, by: int, seconds: int) -> int:
        """Add to a count that is forgotten `seconds` after it began, in steps that lose nothing."""
        self.add(key, 0, seconds)
        try:
            return int(self.incr(key, by))
        except ValueError:  # Forgotten between the two steps.
            self.set(key, by, seconds)
            return by


class Redis(Counting):
    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.own = Own("while Redis is away", {"OPTIONS": {"MAX_ENTRIES": MOST_ENTRIES}})

    @property
    def is_away(self) -> bool:
        return Absence.is_known

    def may_answer(self) -> bool:
        """Whether to ask Redis: while it is away one thread does so now and then."""
        if not Absence.is_known:
            return True
        now = time.monotonic()
        if now < Absence.next_look:
            return False
        Absence.next_look = now + PAUSE_SECONDS
        return True

    def note_absence(self, problem: Exception) -> None:
        if not Absence.is_known:
            logger.warning("The cache does not answer: %s", type(problem).__qualname__)
        Absence.is_known, Absence.next_look = True, time.monotonic() + PAUSE_SECONDS

    add = or_own("add")
    get = or_own("get")
    set = or_own("set")
    touch = or_own("touch")
    delete = or_own("delete")
    get_many = or_own("get_many")
    has_key = or_own("has_key")
    incr = or_own("incr")
    set_many = or_own("set_many")
    delete_many = or_own("delete_many")
    clear = or_own("clear")
    add_up = or_own("add_up")


def cache(config: dict[str, Any]) -> dict[str, Any]:
    """What a CACHE_URL says, with the caches above in the place of Django's."""
    ours = {
        "django.core.cache.backends.redis.RedisCache": "todo_project.cache.Redis",
        "django.core.cache.backends.locmem.LocMemCache": "todo_project.cache.Own",
    }
    if config["BACKEND"] not in ours:
        raise ImproperlyConfigured("CACHE_URL must be of Redis: no other cache counts for sure.")
    options = {} if "redis" in config["BACKEND"] else {"MAX_ENTRIES": MOST_ENTRIES}
    options |= config.get("OPTIONS", {})
    return {**config, "BACKEND": ours[config["BACKEND"]], "OPTIONS": options}
