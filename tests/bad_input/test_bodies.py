"""Bodies that cannot be read, on every route that takes one."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.bad_input.surfaces import JSON, addressed, routes_with_a_body, written

ROUTES = routes_with_a_body()
UNREADABLE = {
    "null": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"5",
    "half": b"{",
    "trailing": b'{"title": "a"} x',
    "a key twice": b'{"title": "a", "title": "b"}',
    "depth 990": b'{"title": ' + b"[" * 990 + b"]" * 990 + b"}",
    "depth 21": b'{"a":' * 21 + b"1" + b"}" * 21,
    "NaN": b'{"title": NaN}',
    "Infinity": b'{"title": -Infinity}',
    "1e400": b'{"title": 1e400}',
    "2^63": b'{"title": 9223372036854775808}',
    "5,000 digits": b'{"title": ' + b"9" * 5000 + b"}",
    "byte order mark": b'\xef\xbb\xbf{"title": "a"}',
    "UTF-16": '{"title": "a"}'.encode("utf-16"),
    "Latin-1": '{"title": "ä"}'.encode("latin-1"),
    "half a surrogate pair": b'{"title": "\\ud800"}',
    "null character": b'{"title": "\\u0000"}',
    "null character in a name": b'{"title\\u0000": "a"}',
}
NOT_TAKEN = {
    "a charset that is none": {"content_type": f"{JSON}; charset=bogus"},
    "UTF-7": {"content_type": f"{JSON}; charset=utf-7"},
    "text": {"content_type": "text/plain"},
    "XML": {"content_type": "application/xml"},
    "no type": {"content_type": ""},
    "compressed": {"content_type": JSON, "HTTP_CONTENT_ENCODING": "gzip"},
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_body_that_cannot_be_read_is_400_and_writes_nothing(
    api: APIClient, alice: User, rows: dict[str, Any], name: str
) -> None:
    before = written(alice)
    for route in ROUTES:
        if JSON in route.content_types:
            address = addressed(route.path, rows)
            answer = api.generic(route.method.upper(), address, UNREADABLE[name], JSON)
            assert (answer.status_code, address) == (400, address), answer.content
            assert answer.json()["detail"]
    assert written(alice) == before


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_type_or_an_encoding_that_is_not_read_is_415(
    api: APIClient, alice: User, rows: dict[str, Any], name: str
) -> None:
    before = written(alice)
    for route in ROUTES:
        address = addressed(route.path, rows)
        answer = api.generic(route.method.upper(), address, b'{"title": "a"}', **NOT_TAKEN[name])
        assert (answer.status_code, address) == (415, address), answer.content
    assert written(alice) == before


def test_more_than_a_mebibyte_is_413(api: APIClient, alice: User, rows: dict[str, Any]) -> None:
    before = written(alice)
    large = b'{"title": "' + b"a" * 1024 * 1024 + b'"}'
    # The file of an account may have 50 MiB (tests/todos/transfers).
    for route in (route for route in ROUTES if not route.path.endswith("/import")):
        address = addressed(route.path, rows)
        answer = api.generic(route.method.upper(), address, large, route.content_types[0])
        assert (answer.status_code, address) == (413, address), answer.content
    assert written(alice) == before


@pytest.mark.parametrize("field", ["colour", "__proto__", "owner_id__in", "owner_id", "id"])
def test_a_field_that_is_none_or_cannot_be_changed_is_named(
    api: APIClient, alice: User, rows: dict[str, Any], field: str
) -> None:
    before = written(alice)
    # What is done to a task is checked before the task is, and sign-in ignores what it knows not.
    for route in ROUTES:
        if JSON in route.content_types and not route.is_public:
            address = addressed(route.path, rows)
            answer = getattr(api, route.method)(address, {field: 987654321})
            assert (answer.status_code, address) == (400, address), answer.content
            assert field in answer.json(), (address, answer.json())
    assert written(alice) == before
