"""How the rail is written, which is on every page, and what is the same on all of them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.template.base import Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from todos.rail import FilterLink, ListLink, TagLink
from todos.templatetags.todos import address_of, count, icon

register = template.Library()

LINK = '<a class="rail-link" href="{}"{}>{}<span class="rail-name">{}</span>{}</a>'


@register.simple_tag
def list_links(lists: Iterable[ListLink]) -> SafeString:
    """Links to `lists`, each with its colour and how many tasks are open in it."""
    address = address_of("todos:list")
    return joined(
        LINK.format(
            address % each.pk,
            f' data-drop-list="{each.pk}"',
            f'<span class="dot color-{each.color}" aria-hidden="true"></span>',
            escape(each.name),
            count(each.open_count, f"list-count-{each.pk}"),
        )
        for each in lists
    )


@register.simple_tag
def filter_links(filters: Iterable[FilterLink]) -> SafeString:
    address, picture = address_of("todos:filter"), icon("filter")
    return joined(
        LINK.format(address % each.pk, "", picture, escape(each.name), "") for each in filters
    )


@register.simple_tag
def tag_links(tags: Iterable[TagLink]) -> SafeString:
    address = address_of("todos:tag")
    return joined(
        LINK.format(
            address % each.pk,
            "",
            f'<span class="hash color-{each.color}" aria-hidden="true">@</span>',
            escape(each.name),
            "",
        )
        for each in tags
    )


def joined(links: Iterable[str]) -> SafeString:
    return SafeString("\n".join(links))


class Once(template.Node):
    """What is the same on every page, made once a process in each language.

    It is made without the context of the page, so nothing of a person can be in it.
    """

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes = nodes
        self.texts: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language()
        if language not in self.texts:
            self.texts[language] = self.nodes.render(context.new())
        return self.texts[language]


class MarksHere(template.Node):
    """Says of the link that leads to the present page that it does; where there is none, of the
    one that leads to `part_of`, the page that this one belongs to.
    """

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes = nodes

    def render(self, context: template.Context) -> SafeString:
        text = self.nodes.render(context)
        for address, kind in ((context["request"].path, "page"), (context.get("part_of"), "true")):
            link = f'href="{escape(address or "")}"'
            if link in text:
                return SafeString(text.replace(link, f'{link} aria-current="{kind}"'))
        return text


@register.tag
def once(parser: Parser, token: Token) -> Once:
    return Once(between(parser, "endonce"))


@register.tag
def marks_here(parser: Parser, token: Token) -> MarksHere:
    return MarksHere(between(parser, "endmarks_here"))


def between(parser: Parser, end: str) -> template.NodeList:
    nodes = parser.parse((end,))
    parser.delete_first_token()
    return nodes
