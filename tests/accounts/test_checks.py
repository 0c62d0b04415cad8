"""The system checks of sessions and tokens: each mistake is told by its id."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from rest_framework.settings import api_settings

LONG, SHORT = "a secret of more than thirty-two characters", "short"
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


def ids() -> set[str]:
    return {str(message.id) for message in run_checks() if str(message.id).startswith("accounts.")}


def test_the_settings_as_they_are_have_no_mistake() -> None:
    assert ids() == set()


@pytest.mark.parametrize(
    ("mistake", "expected"),
    [
        ({"SECRET_KEY_FALLBACKS": [SHORT]}, "accounts.E001"),
        ({"REFRESH_SECRET_KEY": SHORT}, "accounts.E001"),
        (
            {
                "SECRET_KEY": LONG,
                "REFRESH_SECRET_KEY": LONG,
                "HAS_REFRESH_SECRET_KEY": True,
            },
            "accounts.E002",
        ),
        ({"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True}, "accounts.E005"),
        ({"DATABASES": {"default": {**SQLITE, "ATOMIC_REQUESTS": True}}}, "accounts.E006"),
        ({"ACCESS_TOKEN_LIFETIME": timedelta(hours=2)}, "accounts.W001"),
    ],
)
def test_a_mistake_is_told(settings: Any, mistake: dict[str, Any], expected: str) -> None:
    for name, value in mistake.items():
        setattr(settings, name, value)
    assert ids() == {expected}


def test_one_secret_for_both_is_no_mistake_when_none_was_given(settings: Any) -> None:
    settings.SECRET_KEY = settings.REFRESH_SECRET_KEY = LONG
    settings.HAS_REFRESH_SECRET_KEY = False
    assert ids() == set()


def test_the_blacklist_application_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blacklist = "rest_framework_simplejwt.token_blacklist"
    monkeypatch.setattr("accounts.checks.apps.is_installed", lambda name: name == blacklist)
    assert ids() == {"accounts.E003"}


def test_another_way_into_the_api_is_refused(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rest_framework.authentication import SessionAuthentication

    from todos.api.views import TaskViewSet

    monkeypatch.setattr(TaskViewSet, "authentication_classes", [SessionAuthentication])
    assert ids() == {"accounts.E004"}
    monkeypatch.undo()
    monkeypatch.setattr(api_settings, "DEFAULT_AUTHENTICATION_CLASSES", [SessionAuthentication])
    assert ids() == {"accounts.E004"}
