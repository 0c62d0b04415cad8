"""manage.py purge_sessions and revoke_sessions."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiSession, User
from tests.accounts.conftest import bearer, log_in, log_in_on_page


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_one_person_is_signed_out_everywhere_at_once(alice: User, bob: User) -> None:
    page = log_in_on_page(alice)
    token, others = (log_in(APIClient(), user)["access_token"] for user in (alice, bob))
    assert run("revoke_sessions", "--user", "ALICE@example.com") == "Signed out 2 devices.\n"
    assert APIClient().get("/api/v1/users/me/", **bearer(token)).status_code == 401
    assert APIClient().get("/api/v1/users/me/", **bearer(others)).status_code == 200
    assert page.get("/today").status_code == 302


def test_everybody_is_signed_out(alice: User, bob: User) -> None:
    tokens = [log_in(APIClient(), user)["access_token"] for user in (alice, bob)]
    assert run("revoke_sessions", "--all") == "Signed out 2 devices.\n"
    for token in tokens:
        assert APIClient().get("/api/v1/users/me/", **bearer(token)).status_code == 401


@pytest.mark.parametrize("arguments", [[], ["--user", "x@example.com"], ["--user", "x", "--all"]])
def test_it_must_be_said_who(db: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run("revoke_sessions", *arguments)


def test_purging_erases_only_what_ended_long_ago(alice: User, settings: Any) -> None:
    for _number in range(3):
        log_in(APIClient(), alice)
    live, lately, old = ApiSession.objects.order_by("created_at")
    now, kept = timezone.now(), timedelta(days=settings.ENDED_SESSION_DAYS)
    ApiSession.objects.filter(pk=lately.pk).update(revoked_at=now - kept + timedelta(days=1))
    ApiSession.objects.filter(pk=old.pk).update(revoked_at=now - kept - timedelta(days=1))
    assert run("purge_sessions") == "Erased 1 API sessions.\n"
    assert set(ApiSession.objects.all()) == {live, lately}
