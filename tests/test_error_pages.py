"""The error pages need nothing: no context, no session, no database."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from todo_project.errors import bad_request, server_error


@pytest.mark.parametrize("status", [400, 403, 404, 405, 429, 500])
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
