"""Numbers, texts and days that make no sense, in JSON and in forms of pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests.bad_input.surfaces import FIELDS, pages, written
from todos.models import Task

TASKS = "/api/v1/tasks/"
LISTS = "/api/v1/lists/"
RTL = "\u202e"
NUMBERS: list[tuple[str, Any]] = [
    *(
        ("priority", bad)
        for bad in (0, 5, -1, 2**31, 2**63 - 1, True, "1", 1.0, None, [], "\uff11")
    ),
    *(("list", bad) for bad in (0, -1, 2**31, 2**63 - 1, True, "1", 1.5, {}, None)),
    *(("parent", bad) for bad in (0, -1, 2**31, 2**63 - 1, False, "1")),
    *(("section", bad) for bad in (2**31, 2**63 - 1, "x")),
    *(("uid", bad) for bad in (5, True, "x", "0" * 32, "{" + "0" * 32 + "}")),
    *(("tags", bad) for bad in ("a", {"0": "a"}, [5], [None], ["x" * 51], [""], ["a,b"])),
]
TEXTS: list[tuple[str, Any]] = [
    *(("title", bad) for bad in ("", "  ", "\u200b\u2060", "\ufeff", 5, True, None, [], "é" * 201)),
    *(("title", bad) for bad in ("\t\n", RTL)),
    ("description", "x" * 10_001),
]
DAYS: list[tuple[str, Any]] = [
    *(
        (field, bad)
        for field in ("deadline", "start")
        for bad in (
            *("2026-02-30", "0000-01-01", "10000-01-01", "1969-12-31", "2201-01-01"),
            *(
                "9999-12-31",
                "9999-12-31-12:00",
                "2026-1-1",
                "20260101",
                "\uff12\uff10\uff12\uff16-01-01",
                "today",
            ),
            *("2026-01-01T00:00", 20260101, True, ""),
        )
    ),
    *(("due_time", bad) for bad in ("24:00", "12:60", "9:00", "09:00:60", "09:00+99:99", "", 9)),
    *(("due_zone", bad) for bad in ("Mars/Phobos", "../../etc/passwd", "+99:99", 5)),
    *(
        ("recurrence", {"rule": rule})
        for rule in (
            *("", "x", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=1000000000", "FREQ=SECONDLY"),
            *("FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;UNTIL=99991231", "FREQ=DAILY\nX:1"),
        )
    ),
]


@pytest.mark.parametrize(("field", "bad"), [*NUMBERS, *TEXTS, *DAYS])
def test_a_task_with_a_value_that_makes_no_sense_is_400_naming_the_field(
    api: APIClient, alice: User, rows: dict[str, Any], field: str, bad: Any
) -> None:
    before = written(alice)
    body = {"title": "a", "deadline": "2026-12-01", "due_time": "09:00"}
    for method, address in (("post", TASKS), ("patch", f"{TASKS}{rows['task']}")):
        answer = getattr(api, method)(address, body | {field: bad})
        assert (answer.status_code, list(answer.json())) == (400, [field]), answer.content
    assert written(alice) == before


@pytest.mark.parametrize("bad", ["", " ", "\u200b", "x" * 101, 5, None, True])
@pytest.mark.parametrize("route", [LISTS, "/api/v1/tags/", "/api/v1/sections/"])
def test_a_name_that_is_none_is_400_naming_it(
    api: APIClient, alice: User, rows: dict[str, Any], route: str, bad: Any
) -> None:
    before = written(alice)
    body = {"name": bad} | ({"list": rows["list"]} if "sections" in route else {})
    answer = api.post(route, body)
    assert (answer.status_code, list(answer.json())) == (400, ["name"])
    assert written(alice) == before


@pytest.mark.parametrize(
    "text",
    [
        *("é" * 200, "{{7*7}}", "%(x)s", "<script>alert(1)</script>", "javascript:alert(1)"),
        *("<svg onload=alert(1)>", "' OR 1=1 --", "\\", "=cmd|' /C calc'!A0", "İı", "\U0001f600"),
    ],
)
def test_a_text_that_only_looks_bad_is_kept_and_shown_as_it_is(
    api: APIClient, page: Client, text: str
) -> None:
    task = api.post(TASKS, {"title": text, "description": text}).json()
    assert task["title"] == text
    shown = page.get(f"/tasks/{task['id']}").content.decode()
    assert "<script>alert" not in shown
    assert "<svg onload" not in shown
    assert 'href="javascript:' not in shown


@pytest.mark.parametrize("text", [f"a{RTL}b", "a\x1bb", "a\r\nb", "a\x07b", "a\x85b"])
def test_characters_that_control_are_kept_nowhere(api: APIClient, text: str) -> None:
    title = api.post(TASKS, {"title": text}).json()["title"]
    assert title in {"ab", "a b"}


ADDRESSES = ["0", "-1", "1.0", "9" * 20, str(2**31), str(2**63), "1%0a", "%EF%BC%91", "%00", "1%20"]


@pytest.mark.parametrize("pk", [*ADDRESSES, "x" * 5000])
@pytest.mark.parametrize("place", ["tasks", "lists", "tags", "sections", "filters"])
def test_an_id_that_is_none_is_404_everywhere(
    api: APIClient, page: Client, place: str, pk: str
) -> None:
    for answer in (
        api.get(f"/api/v1/{place}/{pk}"),
        api.patch(f"/api/v1/{place}/{pk}", {}),
        api.delete(f"/api/v1/{place}/{pk}"),
        page.get(f"/{place}/{pk}"),
        page.post(f"/{place}/{pk}/edit", {}),
    ):
        assert answer.status_code == 404


IN_FORMS = [
    *("", "\x00", "\u200b", RTL, "x" * 5000, "9" * 5000, "-1", str(2**31), str(2**63), "\uff11"),
    *("1.0", "2026-02-30", "0000-01-01", "9999-12-31", "24:00", "Mars/Phobos", "//evil.example"),
    *("../../etc/passwd", "FREQ=DAILY;COUNT=1000000000", "javascript:alert(1)", "a\r\nX-Bad: 1"),
    *("%(x)s", "{{7*7}}", "' OR 1=1 --"),
]
IN_QUERIES = ["\x00", "9" * 5000, str(2**63), "9999-12-31", "//evil.example"]


@pytest.mark.parametrize("value", IN_FORMS, ids=range(len(IN_FORMS)))
def test_no_page_fails_whatever_its_form_holds(
    page: Client, rows: dict[str, Any], value: str
) -> None:
    fields = dict.fromkeys(FIELDS, value)
    for address in pages(rows):
        answer = page.post(address, fields)
        assert answer.status_code < 500, address
        location = answer.headers.get("Location", "")
        assert "evil.example" not in location and "javascript" not in location, address
        assert "X-Bad" not in answer.headers


@pytest.mark.parametrize("value", IN_QUERIES, ids=range(len(IN_QUERIES)))
def test_no_page_fails_whatever_its_query_holds(
    page: Client, rows: dict[str, Any], value: str
) -> None:
    for address in pages(rows):
        assert page.get(address, dict.fromkeys(FIELDS, value)).status_code < 500, address


def test_a_null_character_is_written_nowhere(page: Client, alice: User) -> None:
    for address, field in (("/tasks/add", "text"), ("/lists/new", "name")):
        page.post(address, {field: "a\x00b"})
    assert not Task.objects.filter(owner=alice).exists()
