"""The HTML of every mail, in the browser: in both themes and on a narrow screen."""

import pytest

from accounts.models import User
from tests.e2e.conftest import OpenPage, keep_picture
from tests.e2e.test_every_page import sideways, violations
from tests.mails import SENT, part_of, sent

# A mail is a part of the mail program's page, which has the landmarks.
OF_PAGES = ("landmark-one-main:", "region:")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_mail_can_be_read(open_page: OpenPage, transactional_db: None, theme: str) -> None:
    user = User.objects.create(email="busy@example.org", display_name="x" * 80)
    options = {"color_scheme": theme, "bypass_csp": True}
    page = open_page(viewport={"width": 320, "height": 640}, **options)
    faults = []
    for name in SENT:
        page.set_content(part_of(sent(name, user), "html"))
        faults += [
            f"{name}: {fault}" for fault in violations(page) if not fault.startswith(OF_PAGES)
        ]
        faults += [f"{name}: too wide"] if sideways(page) > 0 else []
        keep_picture(page, f"mail-{name.replace('/', '-')}-320-{theme}")
    page.set_viewport_size({"width": 800, "height": 640})
    keep_picture(page, f"mail-{name}-800-{theme}")
    assert faults == []
