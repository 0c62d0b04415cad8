"""Two-step login in a real browser: a passkey of a virtual device, and every page of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from accounts.factors import step_at
from accounts.models import AuthEvent, User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from tests.e2e.test_every_page import sideways, violations

PASSWORD = "correct horse battery"


@pytest.fixture
def alice(transactional_db: None, settings: Any) -> User:
    settings.PUBLIC_NAME = "localhost"
    return User.objects.create_user("alice@example.org", PASSWORD)


def plug_in_a_device(page: Page) -> None:
    """Give the browser a device that holds passkeys and says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("alice@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()


def enter_password_again(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def test_a_passkey_is_added_and_logs_in(open_page: OpenPage, alice: User) -> None:
    page = open_page(**DESKTOP)
    plug_in_a_device(page)
    log_in(page)
    page.goto("/accounts/2fa/webauthn/add/")
    enter_password_again(page)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert Authenticator.objects.filter(user=alice, type="webauthn").count() == 1
    log_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    log_out(page)

    log_in(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert AuthEvent.objects.filter(user=alice, kind="factor_added").count() == 1


PATHS = {
    "2fa-on": "/accounts/2fa/",
    "2fa-code-again": "/accounts/2fa/reauthenticate/",
    "2fa-passkey-again": "/accounts/2fa/webauthn/reauthenticate/",
    "2fa-app-off": "/accounts/2fa/totp/deactivate/",
    "2fa-codes": "/accounts/2fa/recovery-codes/",
    "2fa-codes-new": "/accounts/2fa/recovery-codes/generate/",
    "2fa-passkeys": "/accounts/2fa/webauthn/",
    "2fa-passkey-new": "/accounts/2fa/webauthn/add/",
}


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
def test_every_page_is_well_in_both_themes(
    open_page: OpenPage, alice: User, screen: dict[str, Any]
) -> None:
    page = open_page(**screen, bypass_csp=True)
    faults = []

    def look(name: str) -> None:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            keep_picture(page, f"{name}-{screen['viewport']['width']}-{theme}")
            faults.extend(f"{name}: {fault}" for fault in violations(page))
        if sideways(page):
            faults.append(f"{name} scrolls sideways")

    plug_in_a_device(page)
    log_in(page)
    page.goto("/accounts/2fa/")
    look("2fa-off")
    page.goto("/accounts/2fa/totp/activate/")
    enter_password_again(page)
    look("2fa-app")
    asked = page.request.post("/api/v1/auth/device", form={"label": "Television"}).json()
    turn_on = page.url
    page.goto(f"/devices/let-in?user_code={asked['user_code']}")
    look("let-in")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Television")).to_be_visible()
    look("let-in-asked")
    page.goto(turn_on)
    secret = page.locator("code.key").inner_text()
    shown = format_hotp_value(hotp_value(secret, step_at(datetime.now(UTC))))
    page.get_by_label("Code").fill(shown)
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Two-step login")).to_be_visible()
    for name, path in PATHS.items():
        page.goto(path)
        look(name)
    key = Authenticator.objects.get(user=alice, type="webauthn").pk
    for name in ("edit", "remove"):
        page.goto(f"/accounts/2fa/webauthn/keys/{key}/{name}/")
        look(f"2fa-passkey-{name}")
    log_out(page)
    log_in(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    look("2fa-one-more-step")
    assert faults == []
