"""The demo account, as the README and the first page show it. `make pictures` saves them anew."""

import base64
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ARTEFACTS, DESKTOP, PHONE, OpenPage
from todos.management.commands.demo import make_demo

ROOT = Path(__file__).parents[2]
SAVES = "SAVE_PICTURES" in os.environ
IN_README = {("desktop", "light"), ("phone", "dark")}
SCREENS: dict[str, Any] = {
    "desktop": {**DESKTOP, "viewport": {"width": 1280, "height": 800}},
    "phone": {**PHONE, "viewport": {"width": 390, "height": 760}},
}
# Pictures on the first page: how much larger than the screen, and how many bytes at most.
SCALES = {"desktop": 1.6, "phone": 2}
MOST_BYTES = 60_000


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_the_demo_account_shows_a_full_day(
    open_page: OpenPage, transactional_db: None, screen: str, theme: str
) -> None:
    person = make_demo("not used here", at=datetime.now(tz=ZoneInfo("UTC")))
    page = open_page(person, color_scheme=theme, device_scale_factor=2, **SCREENS[screen])
    page.goto("/today")
    for section in ("Overdue", "Today"):
        rows = page.get_by_role("region", name=section).get_by_role("listitem")
        expect(rows).not_to_have_count(0)
    if (screen, theme) in IN_README:
        page.screenshot(path=folder("docs/images") / f"today-{screen}-{theme}.png")
    picture = as_webp(page, scale=SCALES[screen])
    (folder("static/pictures") / f"today-{screen}-{theme}.webp").write_bytes(picture)
    assert len(picture) < MOST_BYTES


def folder(name: str) -> Path:
    """Where pictures are saved: in their place, or beside those of other tests."""
    chosen = ROOT / name if SAVES else ARTEFACTS
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


def as_webp(page: Page, *, scale: float) -> bytes:
    """What is on the screen; the browser makes WebP only over its own protocol."""
    assert page.viewport_size is not None
    clip = {"x": 0, "y": 0, "scale": scale, **page.viewport_size}
    options = {"format": "webp", "quality": 60, "clip": clip}
    answer = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
    return base64.b64decode(answer["data"])
