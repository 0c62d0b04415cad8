"""Queries that are compiled once find what the ORM finds, and are compiled once."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import sessions
from accounts.compiled import Compiled
from accounts.models import ApiSession, User
from tests.conftest import program_of


def compare(compiled: Compiled, **values: Any) -> None:
    found = [tuple(row) for row in compiled.rows(**values)]
    assert found
    assert found == list(compiled.build(**values))


@pytest.mark.django_db
def test_the_session_of_a_request(alice: User, charlie: User) -> None:
    for user in (alice, charlie):
        program_of(user)
        session = ApiSession.objects.get(user=user)
        compare(sessions.SESSION_WITH_USER, session=session.pk, user=user.pk)
        found = sessions.find_session(session.pk, user.pk)
        assert found == session
        assert found.__dict__.keys() - {"_state"} == session.__dict__.keys() - {"_state"}
    assert sessions.find_session(session.pk, alice.pk) is None
