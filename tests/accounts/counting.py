"""Counting in a process of its own, which must set Django up before it imports what it counts."""

from typing import Any

import django


def count_in_a_process(url: str, subject: str, turns: int, results: Any) -> None:
    django.setup()
    from django.core.cache.backends.redis import RedisCache

    from accounts import limits

    cache = RedisCache(url, {})
    passed = 0
    for _number in range(turns):
        passed += limits.add_up(cache, f"limit:test:{subject}", 1, 60) <= 5
    results.put(passed)
