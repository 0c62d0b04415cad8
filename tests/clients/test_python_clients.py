"""OAuth 2 clients in Python, as they come from their registry, run as docs/clients.md shows."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from accounts.models import ApiSession, User
from tests.clients.conftest import EMAIL, PASSWORD, Later, example

EXPIRED = timedelta(minutes=6)


@pytest.fixture(autouse=True)
def plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


def run(title: str, server: LiveServer) -> dict[str, Any]:
    """The names that the example under `title` leaves behind."""
    names: dict[str, Any] = {}
    exec(compile(example(title, server), title, "exec"), names)  # noqa: S102
    return names


def token(server: LiveServer, **form: str) -> Any:
    return requests.post(f"{server.url}/api/v1/auth/token", form, timeout=30)


def works(server: LiveServer, access: str) -> bool:
    headers = {"Authorization": f"Bearer {access}"}
    answer = requests.get(f"{server.url}/api/v1/users/me/", headers=headers, timeout=30)
    return answer.status_code == 200


@pytest.mark.parametrize("title", ["requests-oauthlib", "Authlib"])
def test_a_session_outlives_three_access_tokens(
    me: User, live_server: LiveServer, later: Later, title: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = run(title, live_server)
    assert capsys.readouterr().out == "0\n"
    seen = {names["saved"]["refresh_token"]}
    with names["session"] as session:
        for _ in range(3):
            later(EXPIRED)
            assert session.get(f"{live_server.url}/api/v1/users/me/").json()["email"] == EMAIL
            seen.add(names["saved"]["refresh_token"])
    assert len(seen) == 4
    row = ApiSession.objects.get()
    assert (row.generation, row.client, row.revoked_at) == (3, "token", None)


def test_authlib_revokes(me: User, live_server: LiveServer) -> None:
    with run("Authlib", live_server)["session"] as session:
        revoke = session.metadata["revocation_endpoint"]
        assert session.revoke_token(revoke, session.token["refresh_token"]).status_code == 200
        assert session.get(f"{live_server.url}/api/v1/users/me/").status_code == 401


def test_httpx_oauth_refreshes_and_revokes(me: User, live_server: LiveServer) -> None:
    names = run("httpx-oauth", live_server)
    first = token(live_server, grant_type="password", username=EMAIL, password=PASSWORD).json()
    access, newer = asyncio.run(names["renew"](first["refresh_token"]))
    assert newer != first["refresh_token"]
    assert works(live_server, access)
    asyncio.run(names["sign_out"](newer))
    assert not works(live_server, access)


@pytest.fixture
def shell_answer(me: User, live_server: LiveServer) -> Iterator[str]:
    strict = "set -euo pipefail\n"
    done = subprocess.run(
        ["/bin/bash", "-c", strict + example("curl", live_server)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    yield done.stdout


def test_the_lines_with_curl_do_what_they_say(shell_answer: str) -> None:
    assert f'"email":"{EMAIL}"' in shell_answer
    assert shell_answer.endswith('{"detail":"Could not validate credentials"}')
    assert ApiSession.objects.get().revoked_reason == "signed_out"
