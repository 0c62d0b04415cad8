"""The settings, and the way on which requests arrive."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.http import HttpRequest

from todo_project.doctor.findings import Finding, Findings, State, ok, problem, warning
from todo_project.environment import is_loopback


def look_at_address(request: HttpRequest | None) -> Findings:
    """`PUBLIC_URL`, and how `request`, if there is one, came past the proxies."""
    if not settings.IS_HTTPS and not is_loopback(settings.PUBLIC_NAME):
        yield problem(
            "People come over plain HTTP: whoever is on the way can read passwords.",
            "Let a proxy end TLS, and begin PUBLIC_URL with https (docs/deploying.md).",
        )
    if request is None:
        yield ok(f"People come to {settings.PUBLIC_ORIGIN}; /admin/doctor/ looks at proxies.")
        return
    if request.get_host() != settings.PUBLIC_URL.netloc:
        yield warning(
            "This request came under another name than that in PUBLIC_URL.",
            "Open PUBLIC_URL itself; if you did, let the proxy pass the header Host on.",
        )
    else:
        yield ok(f"This request came to {settings.PUBLIC_ORIGIN}, as people's do.")
    yield proxies(request)
    if settings.IS_HTTPS and request.headers.get("X-Forwarded-Proto", "https") != "https":
        yield warning(
            "This request came to the proxy over plain HTTP.", "Let the proxy redirect to https."
        )


def proxies(request: HttpRequest) -> Finding:
    header = request.headers.get("X-Forwarded-For", "")
    entries = len([entry for entry in header.split(",") if entry.strip()])
    expected = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if entries < expected:
        return problem(
            f"TRUSTED_PROXY_COUNT is {expected}, and X-Forwarded-For has {entries} entries.",
            "Let each proxy add the address it was asked from, or correct the number.",
        )
    if entries and not expected:
        return warning(
            "A proxy adds X-Forwarded-For, and TRUSTED_PROXY_COUNT is 0: all visitors look like "
            "one, and share their limits.",
            "Set TRUSTED_PROXY_COUNT to the number of your proxies.",
        )
    return ok(f"Addresses of visitors are known: TRUSTED_PROXY_COUNT is {expected}.")


def look_at_settings() -> Findings:
    """What manage.py check says, and with https `check --deploy`."""
    if settings.DEBUG:
        yield problem("DEBUG is on: faults show settings and data.", "Set DEBUG to false.")
    # What they ask for is of https; of plain HTTP enough is said.
    all_messages = run_checks(include_deployment_checks=settings.IS_HTTPS)
    messages = [message for message in all_messages if not message.is_silenced()]
    for message in messages:
        state = State.PROBLEM if message.level >= ERROR else State.WARNING
        advice = message.hint or "Correct this setting (docs/settings.md)."
        yield Finding(state, f"{message.msg} ({message.id})", advice)
    if not settings.DEBUG and not messages:
        yield ok("manage.py check has nothing to say.")
