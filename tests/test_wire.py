"""What goes over the wire: the web server with clients that are slow, wrong or in a hurry."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from tests.drills.figures import record
from tests.servers import PATIENCE, PREPARED, Application
from todo_project.server import LARGEST_HEAD, open_door, shut_door

pytestmark = pytest.mark.skipif(
    not settings.IS_SQLITE, reason="The server does the same whatever the database."
)

MiB = 1024 * 1024
TOO_LARGE = "This is too large: a request can have 1 MiB at most."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A server with two threads, for the tests that leave it running."""
    application = Application(
        tmp_path_factory.mktemp("data"), settings={"WEB_THREADS": "2", "DRAIN_SECONDS": "0"}
    )
    application.migrate()
    with application.serving():
        yield application


def connect(application: Application) -> socket.socket:
    return socket.create_connection(("127.0.0.1", application.port), timeout=PATIENCE)


def head(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def login(*headers: str) -> bytes:
    return head("POST /api/v1/login", "Content-Type: application/json", *headers)


WHO = json.dumps({"username": "nobody@example.com", "password": "wrong"}).encode()
LIVEZ = head("GET /livez")
LAST = head("GET /livez", "Connection: close")
READYZ = head("GET /readyz", "Connection: close")


def read_all(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    read = b""
    while True:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            return read
        if not part:
            return read
        read += part


def read_until(connection: socket.socket, end: bytes) -> bytes:
    read = b""
    while end not in read:
        part = connection.recv(65536)
        assert part, read
        read += part
    return read


def exchange(application: Application, *parts: bytes) -> bytes:
    with connect(application) as connection:
        for part in parts:
            connection.sendall(part)
        return read_all(connection)


SLOW = {
    "silent": b"",
    "head": b"GET /livez HTTP/1.1\r\nHost: local",
    "body": login("Content-Length: 100") + b"{",
    "chunks": login("Transfer-Encoding: chunked") + b"5\r\n{",
    "answer": head("GET /static/{file}"),
}


@pytest.mark.parametrize("kind", SLOW)
def test_two_hundred_slow_clients_keep_nobody_waiting(served: Application, kind: str) -> None:
    begun = SLOW[kind].replace(b"{file}", largest_file().encode())
    with ExitStack() as slow:
        for _ in range(200):
            client = slow.enter_context(socket.socket())
            # Takes in as little of an answer as a system lets it.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            client.settimeout(PATIENCE)
            client.connect(("127.0.0.1", served.port))
            client.sendall(begun)
        began = time.monotonic()
        assert exchange(served, LAST).startswith(b"HTTP/1.1 200")
        took = (time.monotonic() - began) * 1000
    record(f"slow clients: {kind}", f"200 of them, another is answered after {took:.0f} ms")


def largest_file() -> str:
    files = [path for path in PREPARED.rglob("*") if path.is_file()]
    return max(files, key=lambda path: path.stat().st_size).relative_to(PREPARED).as_posix()


@pytest.mark.parametrize(
    "parts",
    [
        [login(f"Content-Length: {2 * MiB}", "Connection: close"), b" " * 2 * MiB],
        [
            login("Transfer-Encoding: chunked", "Connection: close"),
            b"100001\r\n" + b" " * (MiB + 1) + b"\r\n0\r\n\r\n",
        ],
    ],
    ids=["declared", "chunked"],
)
def test_a_large_body_is_refused_in_our_words(served: Application, parts: list[bytes]) -> None:
    answer = exchange(served, *parts)
    assert answer.startswith(b"HTTP/1.1 413")
    assert TOO_LARGE.encode() in answer


def test_a_very_large_body_is_refused_before_it_is_there(served: Application) -> None:
    assert exchange(served, login("Content-Length: 10000000")).startswith(b"HTTP/1.1 413")


def test_a_body_in_chunks_is_read_as_any_other(served: Application) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in WHO) + b"0\r\n\r\n"
    answer = exchange(served, login("Transfer-Encoding: chunked", "Connection: close"), chunks)
    assert answer.startswith(b"HTTP/1.1 401")


def test_a_body_is_asked_for_when_the_client_waits_for_that(served: Application) -> None:
    with connect(served) as connection:
        length = f"Content-Length: {len(WHO)}"
        connection.sendall(login(length, "Expect: 100-continue", "Connection: close"))
        assert read_until(connection, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(WHO)
        assert read_all(connection).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(
    "parts",
    [
        [head("GET /livez", f"X-Long: {'x' * 64 * 1024}")],
        [b"GET /livez?", *[b"x" * 1024] * 300],
        [b"GET /livez HTTP/1.1\r\nX-Endless: ", *[b"x" * 1024] * 300],
    ],
    ids=["whole", "address", "endless"],
)
def test_a_large_head_is_refused(served: Application, parts: list[bytes]) -> None:
    with connect(served) as connection:
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass
        answer = read_all(connection)
    assert not answer or re.match(rb"HTTP/1.[01] 431", answer)
    assert LARGEST_HEAD < 64 * 1024


@pytest.mark.parametrize(
    "request_line",
    [b"NONSENSE", b"GET /livez HTTP/x", b"\x16\x03\x01\x02"],
)
def test_what_is_no_http_is_refused(served: Application, request_line: bytes) -> None:
    answer = exchange(served, request_line + b"\r\nHost: localhost\r\n\r\n")
    assert re.match(rb"HTTP/1.[01] 400", answer)


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: 3", "Content-Length: 4"],
        ["Content-Length: -3"],
    ],
    ids=["two", "negative"],
)
def test_a_body_whose_length_is_in_doubt_is_refused(
    served: Application, headers: list[str]
) -> None:
    assert exchange(served, login(*headers) + b"0\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_requests_sent_at_once_are_answered_in_turn(served: Application) -> None:
    answers = exchange(served, LIVEZ + head("GET /nothing") + LAST)
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"200", b"404", b"200"]


def test_head_has_no_body_and_its_length(served: Application) -> None:
    asked = exchange(served, head("HEAD /accounts/login/") + LAST)
    status, _, following = asked.partition(b"\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 200")
    assert re.search(rb"Content-Length: [1-9]", status)
    assert following.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "hidden",
    [
        login("Connection: upgrade", "Upgrade: h2c", f"Content-Length: {len(LIVEZ)}") + LIVEZ,
        login("Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
    ],
    ids=["upgrade", "trailer"],
)
def test_a_body_is_no_request_and_no_header(served: Application, hidden: bytes) -> None:
    answers = exchange(served, hidden + LAST)
    assert len(re.findall(rb"HTTP/1.1 \d+", answers)) == 2
    assert re.match(rb"HTTP/1.1 4(00|22)", answers)


def test_a_client_of_http_1_0_is_answered_and_let_go(served: Application) -> None:
    answer = exchange(served, b"GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert b" 200 OK" in answer.splitlines()[0]
    assert b"chunked" not in answer
    assert answer.endswith(b'{"status": "ok"}')


@pytest.mark.parametrize("path", ["/%ff%fe", "/%E2%98%83", "/%00", "/a%2Fb", "/%zz", "//x/../y"])
def test_odd_addresses_are_not_found(served: Application, path: str) -> None:
    answer = exchange(served, head(f"GET {path}", "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 404")


def test_static_files_are_kept_for_ever_and_sent_compressed(served: Application) -> None:
    name = next((PREPARED / "css").glob("app.*.css")).name
    plain = file_answer(served, "GET", name)
    assert plain["cache-control"] == "max-age=315360000, public, immutable"
    packed = file_answer(served, "GET", name, "Accept-Encoding: br, gzip")
    assert packed["content-encoding"] == "br"
    assert int(packed["content-length"]) < int(plain["content-length"])
    assert file_answer(served, "HEAD", name)["content-length"] == plain["content-length"]
    part = file_answer(served, "GET", name, "Range: bytes=0-9")
    assert (part["status"], part["content-length"]) == ("206", "10")
    again = file_answer(served, "GET", name, f"If-None-Match: {plain['etag']}")
    assert again["status"] == "304"


def file_answer(application: Application, method: str, name: str, *headers: str) -> dict[str, str]:
    answer = exchange(
        application, head(f"{method} /static/css/{name}", "Connection: close", *headers)
    )
    first, *lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return {"status": first.split()[1], **dict(line.lower().split(": ", 1) for line in lines)}


@pytest.fixture
def application(served: Application) -> Application:
    """Another server with the same data, for a test that ends it."""
    return Application(Path(served.data_dir), settings=served.settings)


def test_what_is_under_way_is_answered_before_the_end(application: Application) -> None:
    with (
        application.serving() as server,
        connect(application) as kept,
        connect(application) as slow,
    ):
        kept.sendall(LIVEZ)
        read_until(kept, b"}")
        slow.sendall(login(f"Content-Length: {len(WHO)}") + WHO[:5])
        # Answered after `slow` was seen, as both are of one process.
        kept.sendall(LIVEZ)
        read_until(kept, b"}")
        os.kill(server.pid, signal.SIGTERM)
        wait_until_refused(application)
        # Over a connection that was kept a request may be on its way.
        kept.sendall(LIVEZ)
        last = read_until(kept, b"}")
        assert last.startswith(b"HTTP/1.1 200")
        assert b"Connection: close" in last
        slow.sendall(WHO[5:])
        assert read_all(slow).startswith(b"HTTP/1.1 401")
        assert server.wait(PATIENCE) == 0


def test_a_server_that_is_to_end_says_so_while_it_still_serves(application: Application) -> None:
    application.settings = {**application.settings, "DRAIN_SECONDS": "60"}
    with application.serving() as server, connect(application) as kept:
        kept.sendall(LIVEZ)
        assert b"Connection: close" not in read_until(kept, b"}")
        assert exchange(application, READYZ).startswith(b"HTTP/1.1 200")
        os.kill(server.pid, signal.SIGTERM)
        for _ in range(10_000):
            if b'"server": "ending"' in (refusal := exchange(application, READYZ)):
                break
        assert refusal.startswith(b"HTTP/1.1 503")
        kept.sendall(LIVEZ)
        assert b"Connection: close" in read_all(kept)
        answer = exchange(application, LIVEZ)
        assert answer.startswith(b"HTTP/1.1 200") and b"Connection: close" in answer
        # Ctrl-C does not wait.
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(PATIENCE) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Others have no such filter.")
def test_behind_a_shut_door_nobody_stands_in_line() -> None:
    """Who stands there when the socket is closed is cut off."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as clients:
        address = listener.getsockname()
        first = clients.enter_context(socket.create_connection(address, timeout=PATIENCE))
        shut_door(listener)
        with pytest.raises(TimeoutError):
            socket.create_connection(address, timeout=0.1)
        # Who was in line before is served as ever.
        first.sendall(LIVEZ)
        accepted = clients.enter_context(listener.accept()[0])
        assert accepted.recv(1000) == LIVEZ
        open_door(listener)
        clients.enter_context(socket.create_connection(address, timeout=PATIENCE))


def wait_until_refused(application: Application) -> None:
    for _ in range(100_000):
        try:
            connect(application).close()
        except ConnectionRefusedError:
            return
    pytest.fail("It still listens.")
