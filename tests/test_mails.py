"""That every mail says the same in plain text and in HTML, and gets nothing from anywhere."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.letters import LINKS, paragraphs_of
from accounts.models import User
from tests.mails import SENT, UNKIND, part_of, sent


class Reader(HTMLParser):
    """What a mail program finds in the HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.hidden = tag in {"style", "title"}
        self.words += " " if tag == "br" else ""
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not {name for name, _ in attrs} & {"src", "srcset", "background", "action"}

    def handle_data(self, data: str) -> None:
        self.words += "" if self.hidden else data

    def handle_endtag(self, tag: str) -> None:
        self.hidden = False


@pytest.fixture
def unkind(db: None) -> User:
    return User.objects.create(email="alice@example.com", display_name=UNKIND)


@pytest.mark.parametrize("name", SENT)
def test_both_parts_say_the_same(unkind: User, name: str) -> None:
    message = sent(name, unkind)
    text, page = part_of(message, "plain"), Reader(part_of(message, "html"))
    said = text.partition("\n-- \n")[0].split()
    heard = page.words.split()
    told = iter(heard)
    assert [word for word in said if word not in told] == []
    assert page.links == re.findall(r"https?://\S+", text)
    assert heard[-2:] == ["at", "testserver"]


@pytest.mark.parametrize("name", SENT)
def test_nothing_is_fetched_nor_meant_as_html(unkind: User, name: str) -> None:
    html = part_of(sent(name, unkind), "html")
    tags = set(Reader(html).tags)
    assert tags <= {"html", "head", "meta", "title", "style", "body", "div", "h1", "p", "br", "a"}
    assert not re.search(r"url\(|@import|@font-face|http-equiv|<b>", html)
    assert set(re.findall(r"https?://[^/\"<]+", html)) <= {"http://testserver"}


def test_what_people_wrote_is_escaped(unkind: User) -> None:
    message = sent("reminder", unkind)
    assert message.subject == f"Reminder: {UNKIND}"
    assert f"  {UNKIND}\n" in part_of(message, "plain")
    html = part_of(message, "html")
    assert "<b>" not in html
    assert UNKIND in unescape(html)


def test_a_mail_with_something_to_do_has_one_button(unkind: User) -> None:
    for name in ("account/email/email_confirmation_signup", "event/reuse", "reminder", "report"):
        assert part_of(sent(name, unkind), "html").count('class="button"') == 1


def test_a_title_that_is_an_address_is_no_link(unkind: User) -> None:
    links = {"https://testserver/tasks/1": "Open the task"}
    text = "You asked:\n\n  https://example.com/x\n  Due today\n\nhttps://testserver/tasks/1\n"
    asked, title, link = paragraphs_of(text, links)
    assert (asked.words, asked.set_off, asked.url) == ("You asked:", False, "")
    assert (title.set_off, title.url) == (True, "")
    assert (link.words, link.url, link.label) == ("", *next(iter(links.items())))


def test_the_links_of_all_mails_have_a_label(unkind: User) -> None:
    for name in SENT:
        sent(name, unkind)
    labels = {
        label
        for message in mail.outbox
        for label in re.findall(r'<a class="button".*?>(.*?)</a>', part_of(message, "html"))
    }
    assert labels == {str(label) for label in LINKS.values()}


def test_on_the_console_a_mail_is_its_text_alone(
    unkind: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAIL_STAYS_HERE = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    SENT["report"](unkind)
    shown = capsys.readouterr().out
    assert "The report of your tasks is attached." in shown
    assert "<html" not in shown


@pytest.mark.parametrize("name", ["mfa/email/webauthn_added", "event/signed_in"])
def test_a_moment_is_told_as_the_person_reads_it(unkind: User, name: str) -> None:
    User.objects.update(time_zone="America/New_York", locale="en-US", date_order="mdy")
    unkind.refresh_from_db()
    now = timezone.now().astimezone(ZoneInfo("America/New_York"))
    assert f"{now:%b} {now.day}, {now.year}, {now.hour % 12 or 12}:" in sent(name, unkind).body
