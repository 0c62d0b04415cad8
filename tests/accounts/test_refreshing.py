"""Refreshing: each token works once, a lost answer can be repeated, an old token ends all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from accounts import sessions, tasks
from accounts.actor import Caller
from accounts.models import ApiSession, AuthEvent, User
from accounts.sessions import SessionRefused
from accounts.tokens import RefreshToken
from tests.accounts.conftest import NOON, bearer, log_in, refresh
from tests.accounts.races import at_once, on_postgresql

REFUSED = {
    "error": "invalid_grant",
    "error_description": "Could not validate credentials",
    "detail": "Could not validate credentials",
}


@pytest.fixture
def session(alice: User) -> ApiSession:
    return sessions.open_session(alice, client="token", caller=Caller("192.0.2.1", "a"), at=NOON)


def rotate(session: ApiSession, generation: int, *, at: datetime) -> str:
    found = sessions.find_session(session.pk, session.user_id)
    assert found is not None
    found = sessions.refresh_session(
        found, generation=generation, caller=Caller("192.0.2.2", "b"), at=at
    )
    return str(RefreshToken.of(found, at=at))


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_a_refresh_moves_the_session_on(session: ApiSession) -> None:
    rotate(session, 0, at=NOON + seconds(60))
    session.refresh_from_db()
    assert (session.generation, session.rotated_at) == (1, NOON + seconds(60))
    assert (session.ip, session.user_agent) == ("192.0.2.2", "b")


def test_a_refresh_takes_two_queries(session: ApiSession, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        rotate(session, 0, at=NOON)


def test_a_retry_within_ten_seconds_gets_the_same_token_byte_for_byte(session: ApiSession) -> None:
    first = rotate(session, 0, at=NOON)
    ApiSession.objects.update(confirmed_generation=1)
    assert rotate(session, 0, at=NOON + seconds(10)) == first
    with pytest.raises(SessionRefused):
        rotate(session, 0, at=NOON + seconds(10.1))


def test_a_retry_within_ten_minutes_works_until_the_answer_was_used(session: ApiSession) -> None:
    first = rotate(session, 0, at=NOON)
    assert rotate(session, 0, at=NOON + timedelta(minutes=10)) == first
    with pytest.raises(SessionRefused):
        rotate(session, 0, at=NOON + timedelta(minutes=10, seconds=1))


def test_a_grandparent_is_reuse_even_within_ten_seconds(session: ApiSession) -> None:
    rotate(session, 0, at=NOON)
    rotate(session, 1, at=NOON)
    with pytest.raises(SessionRefused):
        rotate(session, 0, at=NOON)
    session.refresh_from_db()
    assert session.revoked_reason == "reuse"


def test_a_row_read_before_others_moved_on_does_not_move_it_back(session: ApiSession) -> None:
    rotate(session, 0, at=NOON)
    late = sessions.refresh_session(session, generation=0, caller=Caller(), at=NOON + seconds(1))
    assert (late.generation, late.rotated_at) == (1, NOON)
    rotate(session, 1, at=NOON + seconds(2))
    with pytest.raises(SessionRefused):
        sessions.refresh_session(session, generation=0, caller=Caller(), at=NOON + seconds(3))
    session.refresh_from_db()
    assert (session.generation, session.revoked_reason) == (2, "reuse")


def test_a_session_that_ended_after_it_was_read_is_not_refreshed(session: ApiSession) -> None:
    ApiSession.objects.update(revoked_at=NOON)
    with pytest.raises(SessionRefused):
        sessions.refresh_session(session, generation=0, caller=Caller(), at=NOON)
    session.refresh_from_db()
    assert session.generation == 0


def test_reuse_ends_the_session_with_one_event_and_one_mail(session: ApiSession) -> None:
    rotate(session, 0, at=NOON)
    rotate(session, 1, at=NOON)
    for _ in range(3):
        with pytest.raises(SessionRefused):
            rotate(session, 0, at=NOON + seconds(1))
    event = AuthEvent.objects.get(kind=AuthEvent.Kind.REUSE)
    assert (event.session, event.ip, event.at) == (session.pk, "192.0.2.2", NOON + seconds(1))
    job = DBTaskResult.objects.get()
    assert (job.task_path, job.args_kwargs["args"]) == (tasks.mail_event.module_path, [event.pk])
    tasks.mail_event.call(event.pk)
    tasks.mail_event.call(event.pk)
    first, second = mail.outbox
    assert first.to == ["alice@example.com"]
    assert "http://testserver/devices" in first.body and "192.0.2.2" in first.body
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_retry_never_revives_a_session_that_has_ended(session: ApiSession) -> None:
    rotate(session, 0, at=NOON)
    sessions.end_session(session, reason="signed_out", caller=Caller(), at=NOON)
    for generation in (0, 1):
        with pytest.raises(SessionRefused):
            rotate(session, generation, at=NOON + seconds(1))
    assert not AuthEvent.objects.filter(kind=AuthEvent.Kind.REUSE).exists()


def test_a_generation_that_was_never_given_out_is_refused_and_ends_nothing(
    session: ApiSession,
) -> None:
    with pytest.raises(SessionRefused):
        rotate(session, 5, at=NOON)
    session.refresh_from_db()
    assert session.revoked_at is None


def test_a_token_dies_of_idleness_and_the_session_of_age(
    session: ApiSession, settings: Any
) -> None:
    token = RefreshToken.of(session, at=NOON)
    assert token["exp"] == (NOON + settings.REFRESH_TOKEN_IDLE).timestamp()
    late = session.expires_at - timedelta(days=1)
    ApiSession.objects.update(rotated_at=late)
    session.refresh_from_db()
    assert RefreshToken.of(session, at=late)["exp"] == session.expires_at.timestamp()
    with pytest.raises(SessionRefused):
        rotate(session, 0, at=session.expires_at)


@pytest.mark.parametrize("name", ["refresh_token", "refresh"])
@pytest.mark.parametrize("format", ["json", "multipart"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_refresh_answers_with_both_tokens(alice: User, name: str, format: str, slash: str) -> None:
    client = APIClient()
    token = log_in(client, alice)["refresh_token"]
    response = client.post(f"/api/v1/refresh{slash}", {name: token}, format=format)
    assert response.status_code == 200
    body = response.json()
    assert body.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert body["refresh_token"] != token
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_refresh_takes_what_oauth_clients_send(alice: User) -> None:
    client = APIClient()
    token = log_in(client, alice)["refresh_token"]
    response = client.post(
        "/api/v1/refresh",
        f"grant_type=refresh_token&refresh_token={token}&scope=",
        content_type="application/x-www-form-urlencoded",
        HTTP_AUTHORIZATION="Basic eDp5",
    )
    assert response.status_code == 200


@pytest.mark.parametrize("body", [{}, {"refresh_token": None}, {"refresh_token": 5}])
@pytest.mark.parametrize("format", ["json"])
def test_a_missing_token_is_401(db: None, body: dict[str, Any], format: str) -> None:
    response = APIClient().post("/api/v1/refresh", body, format=format)
    assert response.status_code == 401
    assert response.json() == REFUSED | {"error": "invalid_request"}
    assert response["WWW-Authenticate"].startswith('Bearer realm="api"')
    assert not response.cookies


def test_an_access_token_does_not_refresh(alice: User) -> None:
    client = APIClient()
    response = refresh(client, log_in(client, alice)["access_token"])
    assert (response.status_code, response.json()) == (401, REFUSED)
    assert response["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


def test_an_idle_refresh_token_is_refused_but_not_taken_for_theft(alice: User) -> None:
    client = APIClient()
    with time_machine.travel(NOON, tick=False):
        token = log_in(client, alice)["refresh_token"]
    with time_machine.travel(NOON + timedelta(days=14, seconds=31), tick=False):
        assert refresh(client, token).status_code == 401
    assert ApiSession.objects.get().revoked_at is None


def test_the_first_use_of_a_new_access_token_confirms_it(alice: User) -> None:
    client = APIClient()
    with time_machine.travel(NOON, tick=False):
        old = log_in(client, alice)["refresh_token"]
        new = refresh(client, old).json()
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert refresh(client, old).json()["refresh_token"] == new["refresh_token"]
        client.get("/api/v1/users/me/", **bearer(new["access_token"]))
        session = ApiSession.objects.get()
        assert session.confirmed_generation == 1
        assert session.last_used_at == NOON + timedelta(minutes=2)
        assert refresh(client, old).status_code == 401
    assert ApiSession.objects.get().revoked_reason == "reuse"


@pytest.mark.parametrize(
    "change",
    [
        lambda user: user.set_password("another password"),
        lambda user: setattr(user, "is_active", False),
    ],
)
def test_nobody_refreshes_after_a_password_change_or_deactivation(
    alice: User, change: Callable[[User], None]
) -> None:
    client = APIClient()
    token = log_in(client, alice)["refresh_token"]
    change(alice)
    alice.save()
    assert refresh(client, token).status_code == 401


def test_a_deleted_person_cannot_refresh(alice: User) -> None:
    client = APIClient()
    token = log_in(client, alice)["refresh_token"]
    alice.delete()
    assert refresh(client, token).status_code == 401


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_fifty_refreshes_at_once_get_one_successor(alice: User) -> None:
    token = log_in(APIClient(), alice)["refresh_token"]
    responses = at_once(lambda _: refresh(APIClient(), token), 50)
    assert [response.status_code for response in responses] == [200] * 50
    assert len({response.json()["refresh_token"] for response in responses}) == 1
    assert ApiSession.objects.get().generation == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_logout_that_races_refreshes_leaves_no_survivor(alice: User) -> None:
    client = APIClient()
    for _ in range(10):
        body = log_in(client, alice)

        def race(number: int, body: dict[str, str] = body) -> Any:
            if number == 0:
                return APIClient().post("/api/v1/logout", **bearer(body["access_token"]))
            return refresh(APIClient(), body["refresh_token"])

        logout, *refreshed = at_once(race, 6)
        assert logout.status_code == 204
        survivors = [answer.json() for answer in refreshed if answer.status_code == 200]
        for answer in survivors:
            assert refresh(client, answer["refresh_token"]).status_code == 401
            me = client.get("/api/v1/users/me/", **bearer(answer["access_token"]))
            assert me.status_code == 401
    assert not ApiSession.objects.filter(revoked_at=None).exists()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_replays_at_once_write_one_event_and_one_mail(alice: User) -> None:
    client = APIClient()
    dead = log_in(client, alice)["refresh_token"]
    newer = refresh(client, dead).json()["refresh_token"]
    newest = refresh(client, newer).json()["refresh_token"]
    responses = at_once(lambda _: refresh(APIClient(), dead), 20)
    assert [response.status_code for response in responses] == [401] * 20
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.REUSE).count() == 1
    assert DBTaskResult.objects.count() == 1
    assert refresh(client, newest).status_code == 401
