"""What deploy/Dockerfile builds and starts works where nothing but the data may be written.

No engine is needed: its commands are run in a folder of the files that it copies, by the packages
of this environment, without a right to write there.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.servers import BASE_DIR, free_port

pytestmark = [
    pytest.mark.skipif(not settings.IS_SQLITE, reason="It serves the same on any database."),
    pytest.mark.skipif(
        os.geteuid() == 0 and not shutil.which("setpriv"),
        reason="Root writes everywhere, and there is no setpriv to keep it from that.",
    ),
]

HOME = "/srv/todo"
TEXT = (BASE_DIR / "deploy" / "Dockerfile").read_text().replace("\\\n", " ")
IGNORED = (BASE_DIR / "deploy" / "Dockerfile.dockerignore").read_text()
COMPOSE = yaml.safe_load((BASE_DIR / "deploy" / "compose.yaml").read_text())["services"]
# Root without capabilities is bound by the rights of files like everybody else.
UNPRIVILEGED = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


def instructions(name: str) -> list[str]:
    return [found.strip() for found in re.findall(rf"^\s*{name} (.*)$", TEXT, re.MULTILINE)]


class Image:
    """The folder that is an image, and the one that is its volume."""

    def __init__(self, folder: Path) -> None:
        self.home, self.data, self.port = folder / "home", folder / "data", free_port()
        self.home.mkdir()
        self.data.mkdir()
        for line in IGNORED.splitlines():
            if line.startswith("!"):
                self.copy(line.removeprefix("!"))
        (self.home / ".venv").symlink_to(sys.prefix)

    def copy(self, name: str) -> None:
        source = BASE_DIR / name
        if source.is_dir():
            shutil.copytree(source, self.home / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, self.home / name)

    def build(self) -> None:
        """Run the command of the build that needs our code."""
        (command,) = [each for each in instructions("RUN") if "collectstatic" in each]
        environment = {"PATH": os.environ["PATH"]}
        command = command.replace(HOME, str(self.home))
        subprocess.run(
            ["/bin/sh", "-c", command], cwd=self.home, env=environment, check=True, timeout=120
        )
        for path in [self.home, *self.home.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)

    @property
    def environment(self) -> dict[str, str]:
        (line,) = instructions("ENV")
        given = dict(each.split("=", 1) for each in line.split())
        given["PATH"] = given["PATH"].replace("$PATH", os.environ["PATH"])
        given = {name: value.replace(HOME, str(self.home)) for name, value in given.items()}
        # The sandbox of a test has one address and takes no fixed port.
        return given | {"DATA_DIR": str(self.data), "HOST": "127.0.0.1", "PORT": str(self.port)}

    def start(self, command: list[str]) -> subprocess.Popen[str]:
        unprivileged = UNPRIVILEGED if os.geteuid() == 0 else []
        found = shutil.which(command[0], path=self.environment["PATH"]) or command[0]
        return subprocess.Popen(
            [*unprivileged, found, *command[1:]],
            cwd=self.home,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: list[str]) -> str:
        process = self.start(command)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
        return output

    def files(self) -> dict[str, int]:
        return {str(path): path.lstat().st_mtime_ns for path in self.home.rglob("*")}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    image = Image(tmp_path_factory.mktemp("image"))
    image.build()
    yield image
    for path in [image.home, *image.home.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o700)


def end(process: subprocess.Popen[str]) -> str:
    """Ask `process` to end, as `docker stop` does, and return what it said."""
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=40)
    assert process.returncode == 0, output
    return output


def test_the_image_holds_what_serves_and_nothing_else(image: Image) -> None:
    assert not (image.home / "tests").exists()
    assert not list(image.home.glob("*.env*")) and not (image.home / "data").exists()
    assert (image.home / "collected" / "staticfiles.json").is_file()


def test_nothing_can_be_written_into_it(image: Image) -> None:
    refused = image.start(["python", "-c", "open('new', 'w')"])
    output, _ = refused.communicate(timeout=30)
    assert refused.returncode != 0
    assert "PermissionError" in output


def test_it_sets_up_serves_works_and_ends(image: Image) -> None:
    before = image.files()
    image.run(COMPOSE["migrate"]["command"])
    web = image.start(json.loads(instructions("CMD")[-1]))
    worker = image.start(COMPOSE["worker"]["command"])
    try:
        wait_until_healthy(image, web)
        page = asked(image, "/")
        (sheet,) = re.findall(r'href="(/static/css/app[^"]+\.css)"', page)
        assert "color" in asked(image, sheet)
        assert '"status": "ok"' in asked(image, "/readyz")
        assert worker.poll() is None
        end(worker)
        end(web)
    finally:
        for process in (web, worker):
            process.kill()
            process.communicate()
    assert image.files() == before
    assert {path.name for path in image.data.iterdir()} >= {"secret_key", "todo.sqlite3"}


def asked(image: Image, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{image.port}{path}", timeout=30) as answer:
        return str(answer.read().decode())


def wait_until_healthy(image: Image, web: subprocess.Popen[str]) -> None:
    """Ask as the health check of the image does, until it says that all is well."""
    (check,) = re.findall(r"CMD (\[.*livez.*\])", TEXT)
    command = [part.replace(":8000/", f":{image.port}/") for part in json.loads(check)]
    assert str(image.port) in shlex.join(command)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and web.poll() is None:
        asking = image.start(command)
        asking.communicate(timeout=30)
        if asking.returncode == 0:
            return
    pytest.fail(f"It never was healthy: {web.communicate()[0] if web.poll() else ''}")
