"""What every route of the API refuses to read, and how it says so."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.accounts.conftest import PASSWORD, bearer, log_in

LOGIN = "/api/v1/login"
ME = "/api/v1/users/me/"


@pytest.fixture
def program(alice: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {log_in(client, alice)['access_token']}")
    return client


def patch(program: APIClient, body: bytes, content_type: str = "application/json") -> Any:
    return program.generic("PATCH", ME, body, content_type=content_type)


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b'"x"',
        b"5",
        b"{",
        b'{"display_name": "a"} x',
        b'{"display_name": "a", "display_name": "b"}',
        b'{"display_name": NaN}',
        b'{"display_name": Infinity}',
        b'{"display_name": -Infinity}',
        b'{"display_name": 1e400}',
        b'{"display_name": 9223372036854775808}',
        b'{"display_name": ' + b"9" * 5000 + b"}",
        b'{"display_name": ' + b"[" * 990 + b"]" * 990 + b"}",
        b'{"display_name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 21 + b"1" + b"}" * 21,
        b'{"display_name": "\\u0000"}',
        b'{"display_name": "\\ud800"}',
        b'{"display_name\\u0000": "a"}',
        b'\xef\xbb\xbf{"display_name": "a"}',
        '{"display_name": "ä"}'.encode("latin-1"),
        '{"display_name": "a"}'.encode("utf-16"),
    ],
)
def test_json_that_two_programs_may_read_in_two_ways_is_400(
    program: APIClient, alice: User, body: bytes
) -> None:
    response = patch(program, body)
    assert response.status_code == 400
    assert response.json()["detail"]
    alice.refresh_from_db()
    assert alice.display_name == "Alice"


def test_a_body_is_read_to_a_depth_of_twenty(program: APIClient) -> None:
    nested = b'{"a":' * 20 + b"1" + b"}" * 20
    assert patch(program, nested).json() == {"a": ["There is no such field."]}


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "body",
    [
        b"display_name=%ff%fe",
        b"display_name=%C3",
        b"display_name=%C3&x=%A9",
        b"display_name=\xff",
        b"display_name=\xc3%A9",
        b"%ff=a",
        b"display_name=%ED%A0%80",
    ],
)
def test_a_form_that_is_not_utf_8_is_400(program: APIClient, alice: User, body: bytes) -> None:
    response = patch(program, body, FORM)
    assert (response.status_code, response.json()) == (400, {"detail": "The body is not UTF-8."})
    alice.refresh_from_db()
    assert alice.display_name == "Alice"


def parts(value: bytes, name: bytes = b"display_name") -> bytes:
    head = b'--x\r\nContent-Disposition: form-data; name="' + name
    return head + b'"\r\n\r\n' + value + b"\r\n--x--\r\n"


def test_the_parts_of_a_form_are_utf_8(program: APIClient, alice: User) -> None:
    in_parts = "multipart/form-data; boundary=x"
    response = patch(program, parts(b"\xff\xfe"), in_parts)
    assert (response.status_code, response.json()) == (400, {"detail": "The body is not UTF-8."})
    response = patch(program, parts(b"a", "näme".encode()), in_parts)
    assert response.json() == {"näme": ["There is no such field."]}
    file = parts(b"\xff", 'ä"; filename="ü.bin'.encode())
    assert patch(program, file, in_parts).json() == {"ä": ["There is no such field."]}
    assert patch(program, b"x", "multipart/form-data").status_code == 400
    alice.refresh_from_db()
    assert alice.display_name == "Alice"


@pytest.mark.parametrize("name", ["Zoë 雪 \U0001f600", "\ufffd", "a b+c&d=e%41"])
def test_a_form_says_what_json_says(program: APIClient, name: str) -> None:
    bodies = [
        patch(program, urlencode({"display_name": name}).encode(), FORM),
        patch(program, parts(name.encode()), "multipart/form-data; boundary=x"),
        program.patch(ME, {"display_name": name}),
    ]
    assert [response.json()["display_name"] for response in bodies] == [name] * 3
    raw = patch(program, "display_name=Zoë".encode(), FORM)
    assert raw.json()["display_name"] == "Zoë"


def test_a_sign_in_that_is_not_utf_8_is_400(alice: User) -> None:
    for route in (LOGIN, "/api/v1/auth/token"):
        body = b"grant_type=password&username=%ff&password=x"
        response = APIClient().generic("POST", route, body, content_type=FORM)
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("get", ME),
        ("get", "/api/v1/users/get_user_data"),
        ("patch", ME),
        ("delete", ME),
        ("post", f"{ME}password"),
        ("get", "/api/v1/sessions/"),
        ("delete", "/api/v1/sessions/"),
    ],
)
def test_a_query_parameter_that_is_not_read_is_named(
    program: APIClient, alice: User, method: str, route: str
) -> None:
    body = None if method == "get" else {"password": PASSWORD}
    response = getattr(program, method)(f"{route}?colour=red", body)
    assert response.status_code == 400
    assert response.json() == {"colour": ["There is no such query parameter."]}
    assert User.objects.filter(pk=alice.pk).exists()


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=bogus",
        "application/json; charset=utf-7",
        "application/json; charset=utf-16",
        "multipart/form-data; boundary=x; charset=bogus",
        "application/x-www-form-urlencoded; charset=latin-1",
        "text/plain",
        "application/xml",
        "",
    ],
)
def test_another_encoding_or_type_is_415(program: APIClient, content_type: str) -> None:
    assert patch(program, b"{}", content_type).status_code == 415


def test_a_compressed_body_is_415(program: APIClient) -> None:
    response = program.generic(
        "PATCH", ME, b"{}", content_type="application/json", HTTP_CONTENT_ENCODING="gzip"
    )
    assert response.status_code == 415


def test_utf_8_may_be_named(program: APIClient) -> None:
    body = '{"display_name": "Ä"}'.encode()
    response = patch(program, body, "application/json; charset=UTF-8")
    assert response.json()["display_name"] == "Ä"


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_more_than_a_mebibyte_is_413(program: APIClient, content_type: str) -> None:
    body = b'{"display_name": "' + b"a" * 1024 * 1024 + b'"}'
    assert patch(program, body, content_type).status_code == 413


def test_a_missing_route_is_404_in_json_and_a_missing_page_in_words(db: None) -> None:
    response = APIClient().get("/api/v1/nothing")
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})
    assert "404.html" in [template.name for template in Client().get("/nothing").templates]


@pytest.mark.parametrize("pk", ["0", "1.0", "-1", "9" * 30, "%00", "1%0a", "x" * 5000])
def test_an_id_that_is_none_is_404(program: APIClient, pk: str) -> None:
    assert program.delete(f"/api/v1/sessions/{pk}").status_code == 404


def test_a_wrong_host_is_400(db: None) -> None:
    response = Client(HTTP_HOST="evil.example").get("/api/v1/users/me/")
    assert (response.status_code, response.json()["detail"] != "") == (400, True)
    assert Client(HTTP_HOST="evil.example").get("/accounts/login/").status_code == 400


def test_a_wrong_method_is_405(program: APIClient) -> None:
    response = program.put(ME, {})
    assert (response.status_code, response.json().keys()) == (405, {"detail"})
    assert program.post(ME, {}, HTTP_X_HTTP_METHOD_OVERRIDE="DELETE").status_code == 405


def test_a_database_that_is_gone_is_503_never_401(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    access = log_in(APIClient(), alice)["access_token"]

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("accounts.sessions.find_session", fail)
    for response in (
        client.get(ME, **bearer(access)),
        client.post("/api/v1/logout", **bearer(access)),
    ):
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert response.json()["detail"] == ("The database does not answer. Please try again soon.")
    monkeypatch.setattr("accounts.views.devices.sessions.devices_of", fail)
    client.force_login(alice)
    page = client.get("/devices")
    assert (page.status_code, page["Retry-After"]) == (503, "5")


def test_a_fault_of_ours_is_500_in_json_and_in_words(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    access = log_in(APIClient(), alice)["access_token"]

    def fail(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("accounts.sessions.devices_of", fail)
    response = client.get("/api/v1/sessions/", **bearer(access))
    body = {"detail": "Server error.", "request_id": response["X-Request-ID"]}
    assert (response.status_code, response.json()) == (500, body)
    client.force_login(alice)
    assert client.get("/devices").status_code == 500


def test_a_page_that_was_open_for_too_long_is_403_in_words(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    body = {"login": alice.email, "password": PASSWORD}
    response = browser.post("/accounts/login/", body)
    assert response.status_code == 403
    assert "403.html" in [template.name for template in response.templates]


def test_the_api_needs_no_csrf_token_because_it_reads_no_session(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    body = {"username": alice.email, "password": PASSWORD}
    assert browser.post(LOGIN, body).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/schema/", "/api/v1/docs/", "/api/v1/docs"])
def test_the_description_of_the_api_is_public(db: None, path: str) -> None:
    response = Client(HTTP_AUTHORIZATION="Bearer null").get(path)
    assert response.status_code == 200


def test_the_documentation_needs_nothing_from_elsewhere(db: None) -> None:
    response = Client().get("/api/v1/docs/")
    page = response.content.decode()
    assert "http" not in page.replace("http://testserver", "")
    assert "<script>" not in page and "<style" not in page
    policy = response["Content-Security-Policy"].split("; ")
    assert "script-src 'self'" in [directive.rstrip(";") for directive in policy]


def test_the_schema_names_the_bearer_scheme(db: None) -> None:
    schema = Client().get("/api/v1/schema/?format=json").json()
    assert schema["components"]["securitySchemes"]["bearerAuth"]["scheme"] == "bearer"
    assert schema["paths"]["/api/v1/users/me/"]["get"]["security"] == [{"bearerAuth": []}]
    assert "security" not in schema["paths"]["/api/v1/login"]["post"]
