"""How lists, filters and tags are written as links, in the rail, which is on every page, and in
the palette; and what is the same on all pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.template.base import Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from todos.rail import FilterLink, ListLink, TagLink
from todos.templatetags.todos import address_of, count, icon

register = template.Library()

Link = ListLink | FilterLink | TagLink

LINK = '<a class="rail-link" href="{}"{}>{}<span class="rail-name">{}</span>{}</a>'
ENTRY = (
    '<li><a class="entry" href="{}">{}<span class="entry-name">{}</span>'
    '<span class="entry-note">{}</span></a></li>'
)
MOVE = (
    '<button class="entry" type="button" data-do="move" name="task_list" value="{}">{}'
    '<span class="entry-name">{}</span></button>'
)
ROUTES = {ListLink: "todos:list", FilterLink: "todos:filter", TagLink: "todos:tag"}


@register.simple_tag
def links(things: Iterable[Link]) -> SafeString:
    """Links of the rail to lists, each with how many tasks are open there, filters or tags."""
    return joined(
        LINK.format(
            address_of(ROUTES[type(each)]) % each.pk,
            f' data-drop-list="{each.pk}"' if isinstance(each, ListLink) else "",
            sign_of(each),
            escape(each.name),
            count(each.open_count, f"list-count-{each.pk}") if isinstance(each, ListLink) else "",
        )
        for each in things
    )


@register.simple_tag
def entries(things: Iterable[Link], kind: str) -> SafeString:
    """Entries of the palette that lead to lists, filters or tags, which are of that `kind`."""
    note = escape(kind)
    return joined(
        ENTRY.format(
            address_of(ROUTES[type(each)]) % each.pk, sign_of(each), escape(each.name), note
        )
        for each in things
    )


@register.simple_tag
def moves_to(lists: Iterable[ListLink]) -> SafeString:
    """Entries of the palette that move a task to one of `lists`."""
    words = escape(_("Move to %(list)s"))
    return joined(
        MOVE.format(each.pk, sign_of(each), words % {"list": escape(each.name)}) for each in lists
    )


def sign_of(thing: Link) -> str:
    """What stands before the name of a list, a filter or a tag, for the eye alone."""
    if isinstance(thing, FilterLink):
        return icon("filter")
    if isinstance(thing, TagLink):
        return f'<span class="hash color-{thing.color}" aria-hidden="true">@</span>'
    return f'<span class="dot color-{thing.color}" aria-hidden="true"></span>'


def joined(parts: Iterable[str]) -> SafeString:
    return SafeString("\n".join(parts))  # nosec B703


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
                return SafeString(text.replace(link, f'{link} aria-current="{kind}"'))  # nosec B703
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
