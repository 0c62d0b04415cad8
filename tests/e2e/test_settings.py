"""Settings in a real browser: they are there at once, stay, and need no JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from tests.e2e.test_walks import with_and_without_javascript

LIGHT_PAPER, DARK_PAPER = "rgb(251, 250, 247)", "rgb(21, 24, 22)"


@pytest.fixture
def dora(transactional_db: None) -> User:
    return User.objects.create(email="dora@example.org", display_name="Dora")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")


@with_and_without_javascript
@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_theme_is_there_from_the_first_byte_and_stays(
    open_page: OpenPage, dora: User, javascript: bool, system: str
) -> None:
    page = open_page(dora, java_script_enabled=javascript, color_scheme=system, **DESKTOP)
    page.goto("/settings/appearance")
    for theme, paper in (("Dark", DARK_PAPER), ("Light", LIGHT_PAPER)):
        page.get_by_role("radio", name=theme).check()
        save(page)
        expect(page.locator("html")).to_have_css("background-color", paper)
        answer = page.goto("/today")
        assert answer and f'data-theme="{theme.lower()}"' in answer.text()
        expect(page.locator("html")).to_have_css("background-color", paper)
        page.goto("/settings/appearance")
        expect(page.get_by_role("radio", name=theme)).to_be_checked()
    page.get_by_role("radio", name="System").check()
    save(page)
    expect(page.locator("html")).to_have_css(
        "background-color", DARK_PAPER if system == "dark" else LIGHT_PAPER
    )


def test_compact_rows_are_lower(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, **DESKTOP)
    heights = []
    for density in ("Comfortable", "Compact"):
        page.goto("/settings/appearance")
        page.get_by_role("radio", name=density).check()
        save(page)
        box = page.get_by_role("button", name="Save").bounding_box()
        assert box
        heights.append(box["height"])
    assert heights[1] < heights[0]


@with_and_without_javascript
def test_single_keys_are_switched_off_and_on(
    open_page: OpenPage, dora: User, javascript: bool
) -> None:
    page = open_page(dora, java_script_enabled=javascript)
    for switched_on in (False, True):
        page.goto("/settings/keys")
        page.get_by_role("checkbox", name="Shortcuts of a single key").set_checked(switched_on)
        save(page)
        page.goto("/inbox")
        off = page.locator("body[data-keys=off]")
        expect(off).to_have_count(0 if switched_on else 1)


def test_the_zone_of_the_device_is_offered_where_it_is_another(
    open_page: OpenPage, dora: User
) -> None:
    page = open_page(dora, timezone_id="Europe/Berlin")
    page.goto("/settings/dates")
    offer = page.get_by_role("button", name=re.compile("zone: Europe.Berlin$"))
    offer.click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    expect(offer).to_be_hidden()


def test_enter_saves_the_form_and_not_the_offered_zone(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora, timezone_id="Europe/Berlin")
    page.goto("/settings/dates")
    page.get_by_role("radio", name="12 hours").check()
    page.get_by_role("radio", name="12 hours").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_role("radio", name="12 hours")).to_be_checked()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")


def test_another_name_of_the_same_zone_is_no_other_zone(open_page: OpenPage, dora: User) -> None:
    User.objects.update(time_zone="Asia/Kolkata")
    page = open_page(dora, timezone_id="Asia/Calcutta")
    page.goto("/settings/dates")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Kolkata")
    expect(page.locator("[data-offer-zone]")).to_be_hidden()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
def test_one_way_around_leads_to_every_section(
    open_page: OpenPage, dora: User, screen: dict[str, Any]
) -> None:
    page = open_page(dora, **screen)
    page.goto("/settings")
    way = page.get_by_role("navigation", name="Settings")
    names = way.get_by_role("link").all_inner_texts()
    assert len(names) == 8
    for name in names:
        way.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        expect(way.locator("[aria-current=page]")).to_have_text(name)
        keep_picture(
            page, f"settings-{name.lower().replace(' ', '-')}-{screen['viewport']['width']}"
        )


def test_the_way_around_stands_beside_the_form_or_above_it(open_page: OpenPage, dora: User) -> None:
    for screen, is_beside in ((PHONE, False), (DESKTOP, True)):
        page = open_page(dora, **screen)
        page.goto("/settings/dates")
        way = page.get_by_role("navigation", name="Settings").bounding_box()
        heading = page.get_by_role("heading", level=1).bounding_box()
        assert way and heading
        assert (way["x"] + way["width"] <= heading["x"]) is is_beside
        assert (way["y"] + way["height"] <= heading["y"]) is not is_beside


def test_what_is_wrong_is_told_beside_its_field(open_page: OpenPage, dora: User) -> None:
    page = open_page(dora)
    page.goto("/settings")
    field = page.get_by_label("Name")
    field.evaluate("field => field.removeAttribute('maxlength')")
    field.fill("x" * 81)
    page.get_by_role("button", name="Save").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("at most 80 characters"))
