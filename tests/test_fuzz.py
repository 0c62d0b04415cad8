"""What the API answers to everything that its schema allows, and to what it does not.

`make fuzz` is the long form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import assume, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, Response

from accounts.models import User
from tests import fuzz
from tests.accounts.conftest import alice as alice
from tests.accounts.conftest import hashed_password
from tests.conftest import make_user

schema = fuzz.read_schema()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Requests neither begin nor end with another connection, as in the client of Django."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows(alice: User) -> dict[str, Any]:
    return fuzz.rows_of(alice)


@pytest.fixture
def statuses() -> Iterator[set[int]]:
    """What a route answered. Among the many cases of `make fuzz` one is no refusal."""
    found: set[int] = set()
    yield found
    assert not fuzz.IS_LONG or any(status < 400 for status in found), sorted(found)


@schema.parametrize()  # type: ignore[untyped-decorator]
@seed(fuzz.SEED)
@fuzz.SETTINGS
def test_every_route_answers_as_its_schema_says(
    case: Case[Any], alice: User, rows: dict[str, Any], statuses: set[int]
) -> None:
    assume(not fuzz.says_in_other_words(case))
    cache.clear()
    with transaction.atomic():
        fuzz.make_meaningful(case, alice, rows)
        answer = case.call_and_validate(headers=fuzz.headers_for(case, rows))
        statuses.add(answer.status_code)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_an_answer_names_can_be_asked_for_next() -> None:
    class Sequences(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            self.user = make_user("Alice", password=hashed_password())

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

        def before_call(self, case: Case[Any]) -> None:
            cache.clear()

        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            return {"headers": fuzz.headers_of(self.user)}

        def validate_response(
            self, response: Response, case: Case[Any], additional_checks: Any = None, **kwargs: Any
        ) -> None:
            """As it is, but telling that the headers were given and not made up."""
            case.validate_response(
                response,
                headers=kwargs["headers"],
                transport_kwargs=kwargs,
                recorder=self.recorder,
            )

    steps = settings(fuzz.SETTINGS, max_examples=4 * fuzz.EXAMPLES, stateful_step_count=10)
    run_state_machine_as_test(seed(fuzz.SEED)(Sequences), settings=steps)
