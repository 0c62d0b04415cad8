"""What people write in Markdown, as HTML that can do no harm. It asks no database."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {
    *("p", "br", "em", "strong", "s", "a", "code", "pre", "blockquote", "hr", "ul", "ol", "li"),
    *("h2", "h3", "h4", "h5", "h6"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
# A text with more was not written for people, and would take long: it is shown as it is.
MOST_LINES, MOST_MARKS = 1000, 2000
MARKS_OF_AN_ADDRESS = 8  # To make a link of one takes as long as so many marks.
MARK = re.compile(r"[\[\]*_~`<>&!\\#]")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
AFTER_AN_ADDRESS = ".,:;!?'*_~"


def render(text: str, highest_heading: int = 3) -> SafeString:
    """`text` as HTML: no tags of its own, no pictures, links that vouch for nobody.

    Its headings are below those of the page: its first level is h3, or as `highest_heading` says.
    """
    safe = nh3.clean(
        linebreaks(text, autoescape=True)
        if is_too_much(text)
        else parser.render(text, {"highest_heading": highest_heading}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener",
    )
    return mark_safe(safe)  # noqa: S308  # nosec B308 B703


def is_too_much(text: str) -> bool:
    marks = len(MARK.findall(text)) + MARKS_OF_AN_ADDRESS * text.count("://")
    return text.count("\n") > MOST_LINES or marks > MOST_MARKS


def lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = int(token.tag.removeprefix("h"))
            token.tag = f"h{min(level + state.env['highest_heading'] - 1, 6)}"


def link_addresses(state: StateCore) -> None:
    """Make links of the addresses that stand in the text as they are."""
    for block in state.tokens:
        if block.type == "inline" and "://" in block.content:
            block.children = list(with_links(block.children or []))


def with_links(tokens: list[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and depth == 0:
            yield from split_at_addresses(token)
        else:
            yield token


def split_at_addresses(token: Token) -> Iterator[Token]:
    end = 0
    for found in ADDRESS.finditer(token.content):
        address = without_tail(found.group())
        yield text_token(token.content[end : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": parser.normalizeLink(address)})
        yield text_token(address)
        yield Token("link_close", "a", -1)
        end = found.start() + len(address)
    yield text_token(token.content[end:])


def without_tail(address: str) -> str:
    """`address` without the punctuation that ends the sentence it stands in."""
    address = address.rstrip(AFTER_AN_ADDRESS)
    if address.endswith(")") and address.count("(") < address.count(")"):
        address = address[:-1].rstrip(AFTER_AN_ADDRESS)
    return address


def text_token(text: str) -> Token:
    return Token("text", "", 0, content=text)


def make_parser() -> MarkdownIt:
    """CommonMark with strikethrough; a line break stays one, as in a plain note.

    Pictures could come from elsewhere and tell who reads; tables and link references let a short
    text unfold to a very long one.
    """
    made = MarkdownIt("commonmark", {"html": False, "breaks": True})
    made.enable("strikethrough").disable(["image", "reference"])
    made.core.ruler.push("lower_headings", lower_headings)
    made.core.ruler.push("link_addresses", link_addresses)
    return made


parser = make_parser()
