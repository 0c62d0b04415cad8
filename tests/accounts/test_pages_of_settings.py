"""The pages of settings: one way around them, and what each of them keeps."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.validators import time_zones
from accounts.widgets import LongSelect
from accounts.zones import city_of, zone_choices
from tests.accounts.conftest import log_in_on_page
from tests.conftest import PASSWORD
from tests.todos.test_pages import text_of

SECTIONS = {
    "accounts:settings": "Profile",
    "accounts:dates": "Date and time",
    "accounts:appearance": "Appearance",
    "accounts:keys": "Keys",
    "accounts:notifications": "Notifications",
    "accounts:security": "Security",
    "accounts:data": "Your data",
    "accounts:close-account": "Close the account",
}
BELOW = {
    "account_email": "Profile",
    "account_change_password": "Security",
    "accounts:devices": "Security",
    "accounts:let-in": "Security",
    "accounts:security-log": "Security",
    "mfa_index": "Security",
    "mfa_add_webauthn": "Security",
    "mfa_activate_totp": "Security",
}


def sections_of(content: str) -> list[tuple[str, str, str]]:
    """The links of the way around: address, what aria-current says, words."""
    (nav,) = re.findall(r'<nav class="sections".*?</nav>', content, re.DOTALL)
    links = re.findall(r'href="([^"]*)"(?: aria-current="([^"]*)")?>([^<]*)</a>', nav)
    return [(address, current, words) for address, current, words in links]


# The way around


@pytest.mark.parametrize("name", SECTIONS)
def test_each_section_has_an_address_and_leads_to_the_others(page: Client, name: str) -> None:
    response = page.get(reverse(name))
    assert response.status_code == 200
    assert sections_of(response.content.decode()) == [
        (reverse(other), "page" if other == name else "", words)
        for other, words in SECTIONS.items()
    ]


@pytest.mark.parametrize("name", BELOW)
def test_pages_below_a_section_wear_the_same_way_around(alice: User, name: str) -> None:
    browser = log_in_on_page(alice)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    content = browser.get(reverse(name)).content.decode()
    marked = [(words, current) for _, current, words in sections_of(content) if current]
    assert marked == [(BELOW[name], "true")]
    assert re.search(r'data-key="g s" href="/settings" aria-current="true"', content)


@pytest.mark.parametrize("name", [*SECTIONS, "accounts:devices", "accounts:security-log"])
def test_each_page_answers_to_who_asks_for_its_head(page: Client, name: str) -> None:
    assert page.head(reverse(name)).status_code == 200


def test_logging_out_is_no_setting(page: Client) -> None:
    assert 'class="sections"' not in page.get(reverse("account_logout")).content.decode()


def test_the_server_is_there_for_those_who_run_it(page: Client, alice: User) -> None:
    admin = reverse("admin:index")
    assert admin not in page.get("/settings").content.decode()
    User.objects.update(is_staff=True)
    assert (admin, "", "Administration") in sections_of(page.get("/settings").content.decode())


def test_security_counts_passkeys_and_tells_of_the_second_step(page: Client, alice: User) -> None:
    assert page.get("/settings/security").context["passkeys"] == 0
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    assert page.get("/settings/security").context["has_second_factor"] is True


# What is kept


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("settings", {"display_name": " A.  L. "}, {"display_name": "A. L."}),
        (
            "dates",
            {"time_zone": "Asia/Tokyo", "locale": "en-US", "date_order": "ymd", "week_start": "7"},
            {"time_zone": "Asia/Tokyo", "locale": "en-US", "date_order": "ymd", "week_start": 7},
        ),
        ("keys", {}, {"single_keys": False}),
        ("notifications", {}, {"reminder_mails": False, "new_device_mails": False}),
        (
            "notifications",
            {"reminder_mails": "on"},
            {"reminder_mails": True, "new_device_mails": False},
        ),
    ],
)
def test_a_section_keeps_its_fields_and_no_others(
    page: Client, alice: User, name: str, sent: dict[str, str], kept: dict[str, Any]
) -> None:
    before = User.objects.values().get()
    address = reverse(f"accounts:{name}")
    response = page.post(address, {**sent, "is_staff": "on"}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "Saved." in text_of(response)
    assert User.objects.values().get() == before | kept


@pytest.mark.parametrize(
    ("name", "sent", "field"),
    [
        ("settings", {"display_name": "x" * 81}, "display_name"),
        ("dates", {"time_zone": "Mars/Phobos"}, "time_zone"),
        ("dates", {"week_start": "8"}, "week_start"),
        ("appearance", {"theme": "pink", "density": "compact"}, "theme"),
        ("appearance", {"theme": "dark"}, "density"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    page: Client, name: str, sent: dict[str, str], field: str
) -> None:
    response = page.post(reverse(f"accounts:{name}"), sent)
    assert response.status_code == 200
    content = response.content.decode()
    assert re.search(rf'aria-describedby="[^"]*id_{field}_error', content), content
    assert f'id="id_{field}_error"' in content
    assert not response.cookies.keys() & {"theme", "density"}


def test_keys_are_on_until_they_are_switched_off(page: Client) -> None:
    assert "data-keys" not in page.get("/inbox").content.decode()
    page.post("/settings/keys", {})
    assert re.search(r'<body [^>]*data-keys="off"', page.get("/inbox").content.decode())


# How the pages look


def look_of(client: Client, address: str = "/settings/appearance") -> dict[str, str]:
    content = client.get(address).content.decode()
    (tag,) = re.findall(r"<html[^>]*>", content)
    look = dict(re.findall(r'data-(\w+)="(\w*)"', tag))
    (scheme,) = re.findall(r'<meta name="color-scheme" content="([^"]*)"', content)
    colors = re.findall(r'<meta name="theme-color" content="([^"]*)"', content)
    return look | {"scheme": scheme, "colors": " ".join(colors)}


SYSTEM = {"scheme": "light dark", "colors": "#fbfaf7 #151816"}
DARK = {"scheme": "dark", "colors": "#151816"}
LIGHT = {"scheme": "light", "colors": "#fbfaf7"}


def choose(client: Client, theme: str, density: str) -> Any:
    response = client.post("/settings/appearance", {"theme": theme, "density": density})
    assert response.status_code == 302
    return response.cookies


def test_theme_and_density_are_in_the_page_signed_in_or_out(page: Client) -> None:
    assert look_of(page) == SYSTEM
    choose(page, "dark", "compact")
    dark = DARK | {"theme": "dark", "density": "compact"}
    assert look_of(page) == dark
    page.logout()
    page.cookies.load({"theme": "dark", "density": "compact"})
    assert look_of(page, "/accounts/login/") == dark
    page.cookies.load({"theme": "light"})
    assert look_of(page, "/") == LIGHT | {"theme": "light", "density": "compact"}


def test_what_was_chosen_is_chosen_in_the_form(page: Client) -> None:
    choose(page, "light", "compact")
    checked = r'value="(\w+)"[^>]* checked'
    assert re.findall(checked, page.get("/settings/appearance").content.decode()) == [
        "light",
        "compact",
    ]


def test_the_first_choices_leave_no_cookie(page: Client) -> None:
    choose(page, "dark", "compact")
    cookies = choose(page, "system", "comfortable")
    assert [cookies[name]["max-age"] for name in ("theme", "density")] == [0, 0]
    assert look_of(page) == SYSTEM


@pytest.mark.parametrize("is_https", [True, False])
def test_the_cookies_stay_a_year_and_go_nowhere_else(
    page: Client, settings: Any, is_https: bool
) -> None:
    settings.IS_HTTPS = is_https
    cookie = choose(page, "dark", "compact")["theme"]
    assert (cookie["max-age"], cookie["samesite"]) == (365 * 24 * 3600, "Lax")
    assert (bool(cookie["secure"]), bool(cookie["httponly"])) == (is_https, True)


@pytest.mark.parametrize("odd", ["pink", "system", '"><script>', "Dark", ""])
def test_no_cookie_gets_anything_else_into_the_page(page: Client, odd: str) -> None:
    page.cookies.load({"theme": odd, "density": odd})
    assert look_of(page) == SYSTEM


@pytest.mark.parametrize(
    ("theme", "media"),
    [("", "screen and (prefers-color-scheme: dark)"), ("dark", "screen"), ("light", None)],
)
def test_the_description_of_the_api_is_in_the_theme_that_was_chosen(
    db: None, theme: str, media: str | None
) -> None:
    client = Client()
    client.cookies.load({"theme": theme})
    content = client.get("/api/v1/docs/").content.decode()
    found = re.search(r'docs-dark[^>]*media="([^"]*)"', content)
    assert (found and found[1]) == media


# Time zones


def test_every_zone_is_there_once_under_its_region() -> None:
    (utc, *groups) = zone_choices()
    assert utc == ("UTC", "UTC")
    assert [str(name) for name, _ in groups][-2:] == ["Pacific", "Other names"]
    zones = [zone for _, cities in groups for zone, _ in cities]  # type: ignore[attr-defined]
    assert sorted([*zones, "UTC"]) == time_zones()


@pytest.mark.parametrize(
    ("zone", "city"),
    [
        ("Europe/Berlin", "Berlin"),
        ("America/New_York", "New York"),
        ("America/Argentina/Buenos_Aires", "Argentina, Buenos Aires"),
        ("US/Eastern", "US/Eastern"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, city: str) -> None:
    assert city_of(zone) == city


def test_a_long_select_groups_escapes_and_marks_what_is_chosen() -> None:
    widget = LongSelect(choices=[("", "None"), ("A & B", [("x", "<X>"), ("1", "One")])])
    assert widget.render("zone", 1, {"id": "id_zone"}) == (
        '<select id="id_zone" name="zone"><option value="">None</option>'
        '<optgroup label="A &amp; B"><option value="x">&lt;X&gt;</option>'
        '<option value="1" selected>One</option></optgroup></select>'
    )


# Mail that is not sent


PAGES_ABOUT_MAIL = {
    "account_reset_password": "We send you",
    "account_reset_password_done": "is on its way",
    "account_email_verification_sent": "We sent",
}


@pytest.mark.parametrize("name", PAGES_ABOUT_MAIL)
def test_no_mail_is_promised_where_none_is_sent(db: None, settings: Any, name: str) -> None:
    settings.MAIL_STAYS_HERE = True
    words = text_of(Client().get(reverse(name)))
    assert "EMAIL_URL" in words and PAGES_ABOUT_MAIL[name] not in words
    settings.MAIL_STAYS_HERE = False
    words = text_of(Client().get(reverse(name)))
    assert "EMAIL_URL" not in words and PAGES_ABOUT_MAIL[name] in words


@pytest.mark.parametrize("name", ["todos:tasks", "accounts:data"])
@pytest.mark.parametrize("stays", [True, False])
def test_a_report_is_offered_by_mail_where_mail_is_sent(
    page: Client, settings: Any, name: str, stays: bool
) -> None:
    settings.MAIL_STAYS_HERE = stays
    words = text_of(page.get(reverse(name)))
    assert "Download CSV" in words
    assert ("Mail me a report" in words, "by mail to" in words) == (not stays, not stays)


def test_reminders_wait_for_a_confirmed_address_and_the_page_says_so(
    page: Client, alice: User, settings: Any
) -> None:
    settings.MAIL_STAYS_HERE = False
    sentence = "Reminders are mailed once you have confirmed your address."
    assert sentence in text_of(page.get("/settings/notifications"))
    alice.emailaddress_set.update(verified=True)
    assert sentence not in text_of(page.get("/settings/notifications"))


@pytest.mark.parametrize(("stays", "words"), [(True, "to itself"), (False, "We sent a mail to")])
def test_signing_up_says_where_the_mail_is(
    db: None, settings: Any, stays: bool, words: str
) -> None:
    settings.MAIL_STAYS_HERE = stays
    body = {"email": "ann@example.com", "password1": PASSWORD}
    response = Client().post(reverse("account_signup"), body, follow=True)
    assert any(words in str(message) for message in response.context["messages"])


@pytest.mark.parametrize(("stays", "words"), [(True, "to itself"), (False, "on its way")])
def test_a_report_goes_where_mail_goes(
    page: Client, alice: User, settings: Any, stays: bool, words: str
) -> None:
    settings.MAIL_STAYS_HERE = stays
    alice.emailaddress_set.update(verified=True)
    sent = page.post(reverse("todos:report"), {"next": "/settings/data"}, follow=True)
    assert sent.redirect_chain == [("/settings/data", 302)]
    assert any(words in str(message) for message in sent.context["messages"])
