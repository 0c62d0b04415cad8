"""The modules of JavaScript that a page loads."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path, PurePosixPath

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# import "./rows.js", or with names from it; not import("./rows.js"), which is for later.
IMPORT = re.compile(r'^(?:import|export)\b[^;(]*"\./([\w-]+\.js)"', re.MULTILINE)


@register.simple_tag
@cache
def module(name: str) -> SafeString:
    """A script, and links that have the browser get all that it imports at the same time."""
    links = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((static(each),) for each in imports_of(name))
    )
    return format_html('{}<script type="module" src="{}"></script>', links, static(name))


def imports_of(name: str) -> list[str]:
    """The modules that `name` imports, and those that they import, each once."""
    found = [name]
    for each in found:  # It grows meanwhile.
        for file in IMPORT.findall(source_of(each)):
            path = str(PurePosixPath(each).with_name(file))
            if path not in found:
                found.append(path)
    return found[1:]


def source_of(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise ValueError(f"There is no module {name}.")
    return Path(path).read_text()
