"""What runs elsewhere: the mail server and the cache. May be called from any thread."""

from __future__ import annotations

import ssl
import uuid
from smtplib import SMTPAuthenticationError, SMTPException

from django.conf import settings
from django.core.cache import caches
from django.core.mail import get_connection

from todo_project.doctor.findings import Finding, Findings, ok, problem, warning
from todo_project.environment import is_loopback


def look_at_mail(*, seconds: float) -> Findings:
    """Connect to the mail server and sign in there, and send nothing."""
    if settings.MAIL_STAYS_HERE:
        yield mail_stays_here()
        return
    server = f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
    try:
        connection = get_connection(timeout=seconds)
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        yield problem(f"The mail server at {server} cannot be used: {reason(error)}", advice(error))
        return
    is_private = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if is_private or is_loopback(str(settings.EMAIL_HOST)):
        yield ok(f"The mail server at {server} takes mail.")
    else:
        yield warning(
            f"The mail server at {server} takes mail, which travels in clear.",
            "Begin EMAIL_URL with smtp+tls:// or smtp+ssl://.",
        )


def mail_stays_here() -> Finding:
    if settings.IS_LOOPBACK_HOST and is_loopback(settings.PUBLIC_NAME):
        return ok("Mail stays on this machine, as EMAIL_URL is not set.")
    return warning(
        "Mail stays on this machine: nobody gets a reset of a password, or a reminder.",
        "Set EMAIL_URL to a mail server.",
    )


def reason(error: Exception) -> str:
    if isinstance(error, SMTPAuthenticationError):
        return "it refuses the name and password."
    if isinstance(error, ssl.SSLError):
        return "no TLS can be agreed."
    if isinstance(error, TimeoutError):
        return "it does not answer in time."
    return f"{type(error).__name__}."


def advice(error: Exception) -> str:
    if isinstance(error, SMTPAuthenticationError):
        return "Correct the name and password in EMAIL_URL; there, @ is written %40."
    if isinstance(error, ssl.SSLError):
        return (
            "smtp+tls:// is for STARTTLS (often port 587), smtp+ssl:// for TLS from the first byte "
            "(465); the certificate must be valid for the name in EMAIL_URL."
        )
    return "Correct host and port in EMAIL_URL, and see whether this machine may connect there."


def look_at_cache() -> Findings:
    is_shared = "locmem" not in str(settings.CACHES["default"]["BACKEND"])
    if settings.WEB_PROCESSES > 1 and not is_shared:
        yield problem(
            f"{settings.WEB_PROCESSES} web processes count their limits each for itself.",
            "Set CACHE_URL to a Redis server, or WEB_PROCESSES to 1.",
        )
        return
    value = uuid.uuid4().hex
    try:
        caches["default"].set(f"doctor:{value}", value, timeout=10)
        remembers = caches["default"].get(f"doctor:{value}") == value
    except Exception as error:
        yield problem(
            f"The cache does not answer ({type(error).__name__}): limits count by process.",
            "See whether the server in CACHE_URL runs and can be reached.",
        )
        return
    if not remembers:
        yield problem("The cache forgets what it is given.", "Give it more memory.")
    elif is_shared:
        yield ok("The cache answers, and is shared by all processes.")
    else:
        yield ok("The cache is in the memory of the one web process.")
