"""The error pages need nothing: no context, no session, no database."""

from collections.abc import Callable

import pytest
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from todo_project.errors import bad_request, server_error


@pytest.mark.parametrize("status", [400, 403, 404, 405, 429, 500, 503])
def test_an_error_page_renders_by_itself(status: int) -> None:
    page = render_to_string(f"{status}.html")
    assert page.count("<h1>") == page.count("<main") == 1
    assert '<html lang="en">' in page


def test_a_refusal_says_why() -> None:
    assert "Sign-up is closed &amp; locked" in render_to_string(
        "403.html", {"reason": "Sign-up is closed & locked"}
    )


def test_where_nothing_is_there_are_ways_on() -> None:
    page = render_to_string("404.html")
    assert 'href="/today"' in page and 'href="/search"' in page


def test_an_error_page_keeps_the_theme_that_was_chosen() -> None:
    assert '<html lang="en" data-theme="dark">' in render_to_string("404.html", {"theme": "dark"})


@pytest.mark.parametrize(
    "answer", [server_error, lambda request: bad_request(request, ValueError())]
)
def test_a_fault_is_told_in_the_theme_that_was_chosen(
    answer: Callable[[HttpRequest], HttpResponse],
) -> None:
    request = RequestFactory().get("/today")
    assert "data-theme" not in answer(request).text
    request.COOKIES["theme"] = "dark"
    assert '<html lang="en" data-theme="dark">' in answer(request).text


@pytest.mark.parametrize("problem", [OperationalError, InterfaceError, InternalError])
def test_a_database_that_is_away_is_told_as_such(problem: type[Exception]) -> None:
    for method, offers_to_try in (("GET", True), ("POST", False)):
        try:
            raise problem("secret host")
        except problem:
            answer = server_error(RequestFactory().generic(method, "/today"))
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert "Back in a moment" in answer.text and "secret" not in answer.text
        assert ("Try again</a>" in answer.text) is offers_to_try
