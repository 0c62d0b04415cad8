"""The application for a server that speaks ASGI, such as uvicorn.

It is the WSGI application, run by threads, with a buffer on both sides: a thread is taken only when
a request has arrived whole, and is free again when its answer is made. So clients that are slow to
send or to read keep nobody waiting. Django's own ASGI handler would hand each query to a thread.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application

# Within so many seconds a body must have arrived.
PATIENCE = 60
CLOSE = (b"connection", b"close")

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Buffered:
    """An ASGI application around one of WSGI."""

    def __init__(self, wsgi: Any, threads: int) -> None:
        self.wsgi = wsgi
        self.threads = ThreadPoolExecutor(threads, "web")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        environ = environ_of(scope)
        is_whole = True
        if "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0":
            try:
                async with asyncio.timeout(PATIENCE):
                    is_whole = await take_body(environ, receive)
            except (TimeoutError, ConnectionError):
                await send({"type": "http.response.start", "status": 408, "headers": [CLOSE]})
                await send({"type": "http.response.body"})
                return
        loop = asyncio.get_running_loop()
        status, headers, body = await loop.run_in_executor(self.threads, self.answer, environ)
        if not is_whole:
            headers.append(CLOSE)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def answer(self, environ: dict[str, Any]) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        response: Iterable[bytes] = self.wsgi(environ, lambda *start: started.append(start[:2]))
        try:
            body = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        status, headers = int(started[-1][0][:3]), started[-1][1]
        pairs = [
            (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
            for name, value in headers
        ]
        has_length = any(name == b"content-length" for name, _ in pairs)
        if not has_length and environ["REQUEST_METHOD"] != "HEAD" and status not in {204, 304}:
            pairs.append((b"content-length", str(len(body)).encode()))
        return status, pairs, body


async def take_body(environ: dict[str, Any], receive: Receive) -> bool:
    """Read the body into `environ`, as long as it may be; tell whether that was all of it.

    What is longer is left unread: the application sees its length, and refuses it in its words.
    """
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = environ.get("CONTENT_LENGTH", "0")
    if length.isdigit() and int(length) > limit:
        return False
    body, is_more = bytearray(), True
    while is_more and len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)
    return not is_more


def environ_of(scope: Message) -> dict[str, Any]:
    """What PEP 3333 wants to know of a request, with an empty body."""
    server, port = scope["server"]
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # X_Forwarded_For would pass for X-Forwarded-For.
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


application = Buffered(get_internal_wsgi_application(), settings.WEB_THREADS)
