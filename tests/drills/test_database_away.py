"""The database goes and comes back: everybody is told so at once, and nothing has to be started."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.clusters import Cluster, needs_servers, own_cluster
from tests.drills.browsers import signed_in
from tests.drills.figures import LONG, record
from tests.servers import Answer, Application

AT_MOST = 5
BACK_WITHIN = 10

pytestmark = [
    pytest.mark.skipif(not LONG, reason="takes a minute: make drills"),
    pytest.mark.skipif(settings.IS_SQLITE, reason="SQLite is a file, not a server"),
    needs_servers,
]


@pytest.fixture
def server() -> Iterator[Cluster]:
    with own_cluster() as made:
        yield made


def test_a_database_that_is_away_is_told_and_waited_for(server: Cluster, tmp_path: Path) -> None:
    application = Application(tmp_path, settings={"DATABASE_URL": server.url()})
    application.migrate()
    with application.serving() as process:
        token = application.sign_in(is_new=True)
        cookies = signed_in(application)

        def ask(path: str, **headers: str) -> Answer:
            if path.startswith("/api/"):
                return application.exchange("GET", path, token=token, headers=headers)
            return application.exchange("GET", path, headers={"Cookie": cookies, **headers})

        assert ask("/today").status == ask("/api/v1/tasks/").status == 200
        slowest = 0.0
        with server.away():
            for _ in range(3):
                refusals = [ask("/api/v1/tasks/"), ask("/today"), ask("/inbox")]
                refusals.append(ask("/today", **{"HX-Request": "true"}))
                body = b'{"title": "Lost"}'
                refusals.append(application.exchange("POST", "/api/v1/tasks/", body, token=token))
                assert [each.status for each in refusals] == [503] * 5
                assert {each.headers["Retry-After"] for each in refusals} == {"5"}
                assert b"Back in a moment" in refusals[1].text
                slowest = max(slowest, *(each.seconds for each in refusals))
            assert ask("/livez").status == 200
            assert ask("/readyz").status == 503
        began = time.monotonic()
        while ask("/api/v1/tasks/").status != 200 or ask("/today").status != 200:
            assert time.monotonic() - began < BACK_WITHIN
        back = time.monotonic() - began
        assert ask("/readyz").status == 200
        assert process.poll() is None
    assert slowest <= AT_MOST
    record("database away", f"503 within {slowest:.1f} s, back after {back:.1f} s")
