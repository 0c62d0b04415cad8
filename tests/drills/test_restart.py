"""A restart drops nothing: two servers behind nginx, each ended and started in turn under load."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from tests.drills.figures import LONG, record
from tests.servers import PATIENCE, Application, free_port, kill_group, wait_for_line

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
ROUNDS, REQUESTS = 2, 1000
CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream todo {{
        {servers}
        keepalive 16;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://todo;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
        }}
    }}
}}
"""

pytestmark = [
    pytest.mark.skipif(not LONG, reason="takes a minute: make drills"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]


@contextmanager
def nginx(folder: Path, ports: list[int]) -> Iterator[int]:
    """nginx before the servers at `ports`, at the port that it yields."""
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{each} fail_timeout=1s;" for each in ports)
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, servers=servers, port=port))
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(configuration)])
    try:
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def test_a_restart_of_two_servers_in_turn_drops_nothing(
    application: Application, tmp_path: Path
) -> None:
    ports = [free_port(), free_port()]
    instances = [replace(application, port=port) for port in ports]
    ended = Event()
    with nginx(tmp_path, ports) as port, ExitStack() as left:
        front = replace(application, port=port)
        servers = [left.enter_context(each.serving()) for each in instances]
        token = instances[0].sign_in(is_new=True)

        def ask(number: int) -> str:
            try:
                if number % 2:
                    body = f'{{"title": "Task {number}"}}'.encode()
                    return str(front.exchange("POST", "/api/v1/tasks/", body, token=token).status)
                return str(front.exchange("GET", "/api/v1/tasks/?size=10", token=token).status)
            except OSError as problem:
                return type(problem).__name__

        def ask_on() -> Counter[str]:
            answers: Counter[str] = Counter()
            while answers.total() < REQUESTS // 4 or not ended.is_set():
                answers[ask(answers.total())] += 1
            return answers

        with ThreadPoolExecutor(4) as clients:
            asking = [clients.submit(ask_on) for _ in range(4)]
            try:
                for number in range(2 * ROUNDS):
                    which = number % 2
                    servers[which].send_signal(signal.SIGTERM)
                    assert servers[which].wait(PATIENCE) == 0
                    kill_group(servers[which])
                    servers[which] = left.enter_context(instances[which].running("serve"))
                    wait_for_line(servers[which], "Serving")
                    wait_until_ready(instances[which])
            finally:
                ended.set()
            answers = sum((each.result() for each in asking), Counter())
        tasks = len(instances[0].all_tasks(token))
    assert set(answers) == {"200", "201"}
    assert tasks == answers["201"]
    record(
        "restart behind nginx",
        f"{2 * ROUNDS} restarts, {answers.total()} requests ({tasks} POST): 0 failed",
    )


def wait_until_ready(instance: Application) -> None:
    """Who asks earlier waits in line; the answer comes when the server is up."""
    assert instance.get("/readyz")[0] == 200
