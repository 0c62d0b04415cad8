"""Pages of other origins: the named ones may use the API with a token, the others may not."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiSession, User
from tests.accounts.conftest import bearer
from tests.conftest import PASSWORD

APP = "https://app.example"


def preflight(origin: str, route: str = "/api/v1/tasks/") -> Any:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    return APIClient().options(route, headers=headers)


def test_no_other_origin_is_let_in_by_default(db: None) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(APP)


def test_a_named_origin_signs_in_as_a_program_and_gets_no_cookie(
    alice: User, settings: Any
) -> None:
    settings.CORS_ALLOWED_ORIGINS = [APP]
    assert preflight(APP)["Access-Control-Allow-Origin"] == APP
    assert "Access-Control-Allow-Origin" not in preflight("https://evil.example")
    assert "Access-Control-Allow-Origin" not in preflight(APP, "/today")
    allowed = preflight(APP)["Access-Control-Allow-Headers"]
    assert {"idempotency-key", "if-match", "if-none-match", "x-timezone"} <= set(
        allowed.split(", ")
    )
    body = {"username": alice.email, "password": PASSWORD}
    answer = APIClient().post("/api/v1/login", body, headers={"Origin": APP})
    assert answer["Access-Control-Allow-Origin"] == APP
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies
    assert ApiSession.objects.get().client == "token"
    token = answer.json()["access_token"]
    tasks = APIClient().get("/api/v1/tasks/", headers={"Origin": APP}, **bearer(token))
    assert (tasks.status_code, tasks["Access-Control-Allow-Origin"]) == (200, APP)


@pytest.mark.parametrize("value", ["*", "app.example", "https://app.example/path"])
def test_an_origin_that_is_none_stops_the_start(value: str, monkeypatch: Any) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from todo_project.environment import Environment

    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", value)
    with pytest.raises(ImproperlyConfigured, match="CORS_ALLOWED_ORIGINS"):
        Environment().origins("CORS_ALLOWED_ORIGINS")
