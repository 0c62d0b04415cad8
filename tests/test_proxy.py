"""deploy/nginx before the real server: TLS, limits, and what is said without it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests.servers import BASE_DIR, Application, free_port

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/bin:/usr/local/bin")
CONFIGURATION = BASE_DIR / "deploy" / "nginx"
UPSTREAMS = sorted(CONFIGURATION.glob("upstream*.conf"))
TEMPORARY = ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")

pytestmark = [
    pytest.mark.skipif(not settings.IS_SQLITE, reason="The proxy knows no database."),
    pytest.mark.skipif(not (NGINX and shutil.which("openssl")), reason="There is no nginx here."),
]


@dataclass
class Proxy:
    """nginx with the samples of deploy/, at ports of its own."""

    folder: Path
    web: int
    plain: int
    secure: int

    def write(self, upstream: Path) -> Path:
        """Write the samples as they are, but for ports and the places of files."""
        site = (CONFIGURATION / "todo.conf").read_text()
        site = re.sub(r"^ *listen \[::\].*\n", "", site, flags=re.MULTILINE)
        site = site.replace("listen 80;", f"listen 127.0.0.1:{self.plain};")
        site = site.replace("listen 443 ", f"listen 127.0.0.1:{self.secure} ")
        site = site.replace("/etc/nginx/tls/", f"{self.folder}/")
        servers = re.sub(r"server \S+:8000", f"server 127.0.0.1:{self.web}", upstream.read_text())
        places = "".join(f"{name}_temp_path {self.folder}/{name};\n" for name in TEMPORARY)
        path = self.folder / "nginx.conf"
        # Started by root, nginx would else become one who cannot write into the folder of a test.
        user = "user root; " if os.geteuid() == 0 else ""
        path.write_text(
            f"{user}daemon off; events {{}}\n"
            f"pid {self.folder}/pid; error_log {self.folder}/errors;\n"
            f"http {{\n{places}{servers}\n{site}}}\n"
        )
        return path

    def command(self, *arguments: str, upstream: Path = UPSTREAMS[-1]) -> list[str]:
        errors = str(self.folder / "errors")
        return [str(NGINX), "-e", errors, "-c", str(self.write(upstream)), *arguments]

    @contextmanager
    def running(self) -> Iterator[None]:
        process = subprocess.Popen(self.command())
        try:
            while not is_open(self.secure):
                assert process.poll() is None, (self.folder / "errors").read_text()
            yield
        finally:
            process.terminate()
            process.wait(30)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        trusted = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        connection = http.client.HTTPSConnection(
            "localhost", self.secure, timeout=30, context=trusted
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Host": "localhost"} | named)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Proxy:
    folder = tmp_path_factory.mktemp("nginx")
    certificate = (
        f"-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {folder}/privkey.pem"
    )
    alternative = ["-addext", "subjectAltName=DNS:localhost", "-out", f"{folder}/fullchain.pem"]
    openssl = [str(shutil.which("openssl")), "req", *certificate.split(), *alternative]
    subprocess.run(openssl, check=True, capture_output=True)
    return Proxy(folder, web=free_port(), plain=free_port(), secure=free_port())


@pytest.fixture(scope="module")
def before_the_server(
    proxy: Proxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Application]:
    application = Application(
        tmp_path_factory.mktemp("data"),
        port=proxy.web,
        settings={"PUBLIC_URL": "https://localhost", "TRUSTED_PROXY_COUNT": "1"},
    )
    application.migrate()
    with application.serving(), proxy.running():
        yield application


@pytest.mark.parametrize("upstream", UPSTREAMS, ids=lambda path: path.name)
def test_nginx_takes_the_samples(proxy: Proxy, upstream: Path) -> None:
    done = subprocess.run(
        proxy.command("-t", upstream=upstream), capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    assert "emerg" not in done.stderr


def test_without_the_server_it_says_when_to_come_again(proxy: Proxy) -> None:
    alone = Proxy(proxy.folder, web=free_port(), plain=free_port(), secure=free_port())
    with alone.running():
        answer, text = alone.ask("/today")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "Try again" in text


@pytest.mark.usefixtures("before_the_server")
class TestBeforeTheServer:
    def test_pages_come_over_tls_and_files_too(self, proxy: Proxy) -> None:
        answer, page = proxy.ask("/")
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        (sheet,) = re.findall(r'href="(/static/css/app[^"]+\.css)"', page)
        assert proxy.ask(sheet)[0].status == 200

    def test_plain_http_leads_to_tls(self, proxy: Proxy) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=30)
        connection.request("GET", "/today?x=1", headers={"Host": "todo.example.org"})
        answer = connection.getresponse()
        assert answer.status == 308
        assert answer.headers["Location"] == "https://todo.example.org/today?x=1"
        connection.close()

    def test_a_foreign_name_is_refused(self, proxy: Proxy) -> None:
        assert proxy.ask("/", Host="evil.example")[0].status == 400

    def test_numbers_are_not_for_everybody(self, proxy: Proxy) -> None:
        answer, text = proxy.ask("/metrics")
        assert answer.status == 404
        assert "nginx" in text, "The server is not even asked."

    def test_a_request_is_named_by_nginx(self, proxy: Proxy) -> None:
        answer, _ = proxy.ask("/livez", X_Request_ID="chosen-by-the-client")
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])

    def test_large_bodies_stop_here(self, proxy: Proxy) -> None:
        large = b"x" * (1024 * 1024 + 1)
        assert proxy.ask("/api/v1/login", "POST", large)[0].status == 413

    @pytest.mark.parametrize("path", settings.IMPORT_PATHS)
    def test_the_file_of_an_account_goes_through(self, proxy: Proxy, path: str) -> None:
        large = b"x" * (2 * 1024 * 1024)
        for address in (path, f"{path}/"):
            answer, _ = proxy.ask(address, "POST", large)
            assert answer.status in {401, 403, 404}, "The application refuses it, and not nginx."

    def test_the_address_of_a_client_is_the_one_nginx_sees(
        self, proxy: Proxy, before_the_server: Application
    ) -> None:
        """What a client says of itself would else lead the limits by the nose."""
        body = b'{"username": "nobody@example.com", "password": "not this one at all"}'
        kind = {"Content_Type": "application/json"}
        statuses = [
            proxy.ask("/api/v1/login", "POST", body, X_Forwarded_For=f"192.0.2.{n}", **kind)[0]
            for n in range(7)
        ]
        assert [answer.status for answer in statuses] == [401] * 5 + [429] * 2
