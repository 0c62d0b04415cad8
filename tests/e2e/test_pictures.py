"""The demo account, as the README shows it. `make pictures` saves the pictures anew."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ARTEFACTS, DESKTOP, PHONE, OpenPage
from todos.management.commands.demo import make_demo

FOLDER = Path(__file__).parents[2] / "docs/images" if "SAVE_PICTURES" in os.environ else ARTEFACTS


@pytest.mark.parametrize(
    ("name", "theme", "screen"),
    [("today-desktop-light", "light", DESKTOP), ("today-phone-dark", "dark", PHONE)],
)
def test_the_demo_account_shows_a_full_day(
    open_page: OpenPage, transactional_db: None, name: str, theme: str, screen: dict[str, Any]
) -> None:
    person = make_demo("not used here", at=datetime.now(tz=ZoneInfo("UTC")))
    page = open_page(person, color_scheme=theme, device_scale_factor=2, **screen)
    page.goto("/today")
    for section in ("Overdue", "Today"):
        rows = page.get_by_role("region", name=section).get_by_role("listitem")
        expect(rows).not_to_have_count(0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
