"""How long signing in, a reset and a refresh take; and whether an account's existence can be timed.

    python bench/sign_in.py [rounds]

Known and unknown accounts take turns within one run, so that a busy machine slows both alike. Only
their ratio means something elsewhere. It works on an empty SQLite file of its own.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = tempfile.TemporaryDirectory(prefix="todo-bench-")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "todo_project.settings",
    "DATA_DIR": FOLDER.name,
    "DATABASE_URL": f"sqlite:///{FOLDER.name}/bench.sqlite3",
    "CACHE_URL": "locmemcache://",
    "EMAIL_URL": "memorymail://",
    "PUBLIC_URL": "http://testserver",
    "SECRET_KEY": "a secret for measuring alone, not for a server",
}

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
settings.MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
django.setup()
logging.disable()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402

PASSWORD = "correct horse battery"  # noqa: S105
API = "/api/v1/"


def address(number: int) -> str:
    """Another address for each try, so that no limit is reached."""
    return f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"


def timed(work: Callable[[], Any], *statuses: int) -> float:
    start = time.perf_counter()
    response = work()
    took = time.perf_counter() - start
    if response.status_code not in statuses:
        raise SystemExit(f"{response.status_code}: {response.content!r}")
    return took


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post(f"{API}login", {"username": email, "password": password})


def on_page(client: Client, email: str, password: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def reset(client: Client, email: str, password: str) -> Any:
    return client.post("/accounts/password/reset/", {"email": email})


def compare(name: str, ask: Callable[[Client, str, str], Any], rounds: int) -> str:
    """The medians of `ask` with the wrong password, for an account and for none."""
    known: list[float] = []
    unknown: list[float] = []
    for number in range(rounds):
        for who, times in (("known", known), ("unknown", unknown)):
            client = Client(REMOTE_ADDR=address(number))
            email = f"{who}{number}@example.com"
            times.append(timed(partial(ask, client, email, "wrong"), 200, 302, 401))
    medians = statistics.median(known) * 1000, statistics.median(unknown) * 1000
    ratio = medians[0] / medians[1]
    return f"{name:<28}{medians[0]:8.1f} ms{medians[1]:8.1f} ms   ratio {ratio:.2f}"


def measure(name: str, work: Callable[[], Any], rounds: int) -> str:
    return f"{name:<28}{statistics.median(timed(work, 200) for _ in range(rounds)) * 1000:8.1f} ms"


def main(rounds: int) -> None:
    call_command("migrate", verbosity=0)
    user = User.objects.create_user("someone@example.com", PASSWORD)
    for number in range(rounds):
        User.objects.create(email=f"known{number}@example.com", password=user.password)
    numbers = iter(range(100_000, 200_000))
    tokens = sign_in(Client(), "known0@example.com", PASSWORD).json()

    def right() -> Any:
        return sign_in(Client(REMOTE_ADDR=address(next(numbers))), user.email, PASSWORD)

    def refresh() -> Any:
        response = Client().post(f"{API}refresh", {"refresh_token": tokens["refresh_token"]})
        if response.status_code == 200:
            tokens.update(response.json())
        return response

    def ask() -> Any:
        return Client().get(
            f"{API}users/me/", HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}"
        )

    lines = [
        measure("sign-in over the API", right, rounds),
        measure("refresh", refresh, min(rounds, 100)),
        measure("authenticated request", ask, rounds),
        f"{'':<28}{'known':>11}{'unknown':>11}",
        compare("wrong sign-in, API", sign_in, rounds),
        compare("wrong sign-in, page", on_page, rounds),
        compare("reset by mail", reset, rounds),
    ]
    print("\n".join(lines))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
