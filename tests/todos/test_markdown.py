"""Markdown in notes and comments: what it becomes, what it cannot do, and how long it takes."""

from __future__ import annotations

import cProfile
import time

import pytest

from todos.markdown import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("plain", "<p>plain</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("*a* **b** ~~c~~ `d`", "<em>a</em> <strong>b</strong> <s>c</s> <code>d</code>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">'),
        ("# Top", "<h3>Top</h3>"),
        ("###### Low", "<h6>Low</h6>"),
        ("```python\nx = 1\n```", "<pre><code>x = 1\n</code></pre>"),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        ("{{7*7}} %(x)s", "{{7*7}} %(x)s"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert html in render(text)


def test_headings_are_below_those_of_the_page() -> None:
    assert render("# Top\n## Next", 2) == "<h2>Top</h2>\n<h3>Next</h3>\n"


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("[shop](https://example.com/a)", "https://example.com/a", ""),
        ("<https://example.com>", "https://example.com", ""),
        ("see https://example.com/a?b=1, then", "https://example.com/a?b=1", ", then"),
        ("(https://example.com/a)", "https://example.com/a", ")"),
        ("https://en.example.org/wiki/A_(b)", "https://en.example.org/wiki/A_(b)", ""),
        ("[mail](mailto:a@example.com)", "mailto:a@example.com", ""),
    ],
)
def test_addresses_are_links_that_vouch_for_nobody(text: str, address: str, rest: str) -> None:
    html = render(text)
    assert f'href="{address}" rel="nofollow noopener"' in html
    assert f"</a>{rest}" in html


def test_an_address_in_code_or_in_a_link_is_left_alone() -> None:
    assert "<a" not in render("`https://example.com`")
    assert render("[https://example.com](https://example.org)").count("<a") == 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:msgbox)",
        "<javascript:alert(1)>",
        '[x](https://a "onmouseover=alert(1)")<b onclick=alert(1)>',
        "![x](https://evil.example/pixel.png)",
        "[a]: javascript:alert(1)\n\n[a]",
        "https://a.example/<script>alert(1)</script>",
        '<p style="position:fixed">x</p>',
        "<\n" * 1500 + "<script>alert(1)</script>",
    ],
)
def test_nothing_in_it_runs_or_is_fetched(text: str) -> None:
    html = render(text).lower()
    for start in ("<script", "<img", "<svg", "<b ", "<p style", 'href="javascript', 'href="data'):
        assert start not in html
    assert 'href="vbscript' not in html


BOMBS = {
    "brackets": "[" * 10_000,
    "nested brackets": "[" * 5_000 + "]" * 5_000,
    "some brackets": "[" * 2_000 + "x" * 8_000,
    "pictures": "![](" * 2_500,
    "emphasis": "*a_" * 3_300,
    "stars": "a**b" * 2_500,
    "back-ticks": "".join("a" + "`" * number for number in range(140)),
    "quotes": ">" * 10_000,
    "quotes in lists": "> * " * 2_500,
    "lists": "* a\n" * 2_500,
    "some lists": "1. aaaaaa\n" * 1_000,
    "nested lists": "".join(" " * number + "* a\n" for number in range(138)),
    "tags": "<a " * 3_300,
    "comments": "<!--" * 2_500,
    "entities": "&amp" * 2_500,
    "a wide table": "|a" * 1_000 + "\n" + "|-" * 1_000 + "\n" + "|\n" * 3_000,
    "references": "[a]: " + "x" * 5_000 + "\n\n" + "[a]" * 1_600,
    "addresses": "<a@b.c>" * 1_400,
    "links": "http://a. " * 1_000,
    "backslashes": "\\" * 10_000,
    "line breaks": "a\n" * 5_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_no_tenth_of_a_second_and_stays_small(name: str) -> None:
    text = BOMBS[name][:10_000]

    def took() -> float:
        start = time.process_time()
        assert len(render(text)) < 100_000
        return time.process_time() - start

    assert min(took() for _ in range(5)) < 0.1


@pytest.mark.parametrize("unit", ["http://é ", "https://xn--9ca.example/%zz ", "a://b ://"])
@pytest.mark.parametrize("number", [245, 2_000])
def test_the_work_for_addresses_is_bounded(unit: str, number: int) -> None:
    """Counted in calls, which do not depend on the machine."""
    profile = cProfile.Profile()
    profile.runcall(render, (unit * number)[:10_000])
    assert sum(entry.callcount for entry in profile.getstats()) < 70_000


def test_a_long_list_of_addresses_has_links() -> None:
    text = "".join(f"https://example.com/shop/{number}\n" for number in range(250))
    assert render(text).count("<a ") == 250
    assert render(f"{text}https://example.com").count("<a ") == 0


def test_what_is_too_much_is_shown_as_it_is() -> None:
    assert render("*" * 2_001) == f"<p>{'*' * 2_001}</p>"
    assert render("*a* " * 500).startswith("<p><em>a</em>")
