"""What a browser is told with every answer, judged as Mozilla's Observatory judges it."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.conftest import PASSWORD
from tests.observatory import Answer, points, score
from tests.servers import Application

pytestmark = pytest.mark.skipif(
    not settings.IS_SQLITE, reason="The headers are the same whatever the database."
)

SITE = "https://todo.example.org"
WANTED = 120
# Cookies that sign nobody in.
WORTH_NOTHING = {"theme", "density", "messages"}


class Browser:
    """What a browser keeps of the answers at `SITE`, behind a proxy that ends TLS."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def fill_in(self, path: str, **fields: str) -> Answer:
        """Send the form of the page at `path`."""
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path).body)
        assert token
        body = urlencode(fields | {"csrfmiddlewaretoken": token[1].decode()})
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")

    def ask(self, method: str, path: str, body: str = "", kind: str = "") -> Answer:
        headers = {
            "Host": SITE.removeprefix("https://"),
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body:
            headers |= {"Content-Type": kind, "Origin": SITE, "Referer": SITE + path}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        cookies = answer.headers.get_all("Set-Cookie", [])
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, named, cookies, content)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    application = Application(
        tmp_path_factory.mktemp("data"),
        settings={"PUBLIC_URL": SITE, "SECURITY_CONTACT": "mailto:security@example.org"},
    )
    application.migrate()
    with application.serving():
        yield application


@pytest.fixture(scope="module")
def person(server: Application) -> Browser:
    """A browser in which somebody is signed in."""
    browser = Browser(server.port)
    answer = browser.fill_in("/accounts/signup/", email="ann@example.org", password1=PASSWORD)
    assert answer.status == 302
    return browser


@pytest.fixture
def stranger(server: Application) -> Browser:
    return Browser(server.port)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/accounts/login/", 200),
        ("/accounts/password/reset/", 200),
        ("/today", 302),
        ("/offline", 200),
        ("/sw.js", 200),
        ("/manifest.webmanifest", 200),
        ("/robots.txt", 200),
        ("/.well-known/security.txt", 200),
        ("/livez", 200),
        ("/readyz", 200),
        ("/nowhere", 404),
        ("/static/nowhere.css", 404),
        ("/api/v1/tasks/", 401),
        ("/api/v1/nowhere", 404),
        ("/api/v1/docs/", 200),
        ("/api/v1/schema/", 200),
    ],
)
def test_what_a_stranger_gets_is_worth_its_points(
    stranger: Browser, path: str, status: int
) -> None:
    answer = stranger.get(path)
    assert answer.status == status
    assert score(answer) >= WANTED, points(answer)


@pytest.mark.parametrize(
    "path", ["/today", "/inbox", "/search?q=milk", "/settings", "/accounts/2fa/", "/tasks/1"]
)
def test_what_a_person_gets_is_worth_its_points(person: Browser, path: str) -> None:
    answer = person.get(path)
    assert answer.status in {200, 404}
    assert score(answer) >= WANTED, points(answer)


def test_files_are_worth_their_points(stranger: Browser) -> None:
    """Pictures in SVG most of all, which could run scripts where they are opened by themselves."""
    page = stranger.get("/").body.decode()
    files = set(re.findall(r'"(/static/[^"#]+)', page))
    assert {path.rpartition(".")[2] for path in files} >= {"css", "js", "svg"}
    for path in files:
        answer = stranger.get(path)
        assert answer.status == 200
        assert score(answer) >= WANTED, (path, points(answer))


def test_refused_requests_are_worth_their_points(stranger: Browser) -> None:
    too_large = stranger.ask("POST", "/api/v1/login", "x" * (1024 * 1024 + 1), "application/json")
    forged = stranger.ask(
        "POST", "/accounts/login/", "login=x", "application/x-www-form-urlencoded"
    )
    unread = stranger.ask("POST", "/api/v1/login", "{", "application/json")
    assert [too_large.status, forged.status, unread.status] == [413, 403, 400]
    for answer in (too_large, forged, unread):
        assert score(answer) >= WANTED, points(answer)


def test_every_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(
    person: Browser, stranger: Browser
) -> None:
    browser = stranger
    signed_in = browser.fill_in("/accounts/login/", login="ann@example.org", password=PASSWORD)
    assert signed_in.status == 302
    page = browser.fill_in("/settings/appearance", theme="dark", density="compact")
    body = '{"username": "ann@example.org", "password": "' + PASSWORD + '"}'
    program = browser.ask("POST", "/api/v1/login", body, "application/json")
    cookies = [*browser.get("/accounts/login/").cookies, *signed_in.cookies, *page.cookies]
    cookies += program.cookies
    assert len({cookie.partition("=")[0] for cookie in cookies}) >= 3
    for cookie in cookies:
        attributes = set(cookie.lower().replace(" ", "").split(";")[1:])
        assert cookie.startswith("__Host-") or cookie.partition("=")[0] in WORTH_NOTHING, cookie
        assert {"secure", "httponly", "path=/"} <= attributes, cookie
        assert attributes & {"samesite=lax", "samesite=strict"}, cookie


def test_the_rules_take_points_where_something_is_missing(stranger: Browser) -> None:
    """The judge is a judge: each header that is taken away costs what Mozilla says."""
    answer = stranger.get("/")
    full = score(answer)
    costs = {
        "content-security-policy": 35 + 5,
        "cross-origin-resource-policy": 10,
        "referrer-policy": 5,
        "x-content-type-options": 5,
    }
    for name, cost in costs.items():
        headers = {key: value for key, value in answer.headers.items() if key != name}
        left = score(Answer(answer.status, headers, answer.cookies, answer.body))
        assert left <= full - cost, name
