"""How a device is told to people who do not read user agents."""

import pytest

from accounts.templatetags.devices import device_words

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/140.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 14) {CHROME}", "Chrome on Android"),
        ("python-requests/2.32", "python-requests/2.32"),
        ("", "An unknown device"),
        ("Your bank: https://evil.example/log-in", "Your bank:"),
        ("https://evil.example/", "An unknown device"),
        ("a" * 50, "a" * 40),
    ],
)
def test_a_device_is_told_by_browser_and_system(user_agent: str, words: str) -> None:
    assert device_words(user_agent) == words
