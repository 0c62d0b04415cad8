"""A browser in which Alice signed in, as far as a drill needs one."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.servers import Answer, Application


def signed_in(application: Application) -> str:
    """The cookies of a browser of Alice's."""
    form = application.exchange("GET", "/accounts/login/")
    cookies = cookies_of(form)
    [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text.decode()))
    fields = {
        "csrfmiddlewaretoken": token,
        "login": "alice@example.com",
        "password": "correct horse battery",
    }
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    answer = application.exchange(
        "POST", "/accounts/login/", urlencode(fields).encode(), headers=headers
    )
    assert answer.status == 302, answer
    return f"{cookies}; {cookies_of(answer)}"


def cookies_of(answer: Answer) -> str:
    found = SimpleCookie()
    for header in answer.headers.get_all("Set-Cookie") or []:
        found.load(header)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in found.items())
