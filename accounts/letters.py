"""How a mail is made: plain text, and the same words as HTML in the look of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

# What the link in a mail does, by its name in the context.
LINKS = {
    "activate_url": _("Confirm this address"),
    "data_url": _("Open your data"),
    "devices_url": _("Look at your devices"),
    "password_reset_url": _("Set a new password"),
    "signup_url": _("Sign up"),
    "task_url": _("Open the task"),
    "tasks_url": _("Open your tasks"),
}
SIGNATURE = "\n-- \n"


@dataclass(frozen=True)
class Paragraph:
    """Words, and the link that they end with, if they do. What is indented is `set_off`."""

    words: str
    set_off: bool = False
    url: str = ""
    label: str = ""


def letter(
    template: str, context: dict[str, Any], *, subject: str, to: str, message_id: str
) -> EmailMultiAlternatives:
    """The mail of `template`. Sent again under the same `message_id`, it is the same mail."""
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"email/{template}.txt", context),
        to=[to],
        headers={"Message-ID": f"<{message_id}@{settings.PUBLIC_URL.hostname}>"},
    )
    add_html(mail, context)
    return mail


def add_html(mail: EmailMultiAlternatives, context: dict[str, Any]) -> None:
    """Give `mail`, whose text was rendered with `context`, its part in HTML.

    There is none where mail stays on this server, as on its console: it would be shown as it is
    written, and hide the words.
    """
    if settings.MAIL_STAYS_HERE:
        return
    links = {context[name]: str(label) for name, label in LINKS.items() if context.get(name)}
    html = render_to_string(
        "email/letter.html",
        {
            "subject": mail.subject,
            "paragraphs": paragraphs_of(str(mail.body), links),
            "site": settings.PUBLIC_URL.netloc,
        },
    )
    mail.attach_alternative(html.strip(), "text/html")


def paragraphs_of(text: str, links: dict[str, str]) -> Iterator[Paragraph]:
    """The paragraphs of `text` up to its signature; `links` are labels by their address."""
    for words in re.split(r"\n\s*\n", text.partition(SIGNATURE)[0]):
        url = next((url for url in links if words.split()[-1:] == [url]), "")
        yield Paragraph(
            words=words.strip().removesuffix(url).strip(),
            set_off=words.startswith("  "),
            url=url,
            label=links.get(url, ""),
        )
