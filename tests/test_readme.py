"""What the README shows works as it is printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.servers import BASE_DIR, Application

README = (BASE_DIR / "README.md").read_text()


@pytest.mark.skipif(shutil.which("curl") is None, reason="There is no curl here.")
@pytest.mark.skipif(not settings.IS_SQLITE, reason="The API does the same on every database.")
def test_the_curl_lines_do_what_they_say(tmp_path: Path) -> None:
    shown = re.search(r"## The API with curl\n+```sh\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    application = Application(tmp_path)
    application.migrate()
    lines = shown.group(1).replace("localhost:8000", f"localhost:{application.port}")
    strict = 'set -euo pipefail; curl() { command curl --fail --show-error "$@"; }\n'
    with application.serving():
        answer = subprocess.run(
            ["/bin/bash", "-c", strict + lines],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert '"email":"me@example.com"' in answer.stdout
    assert '"title":"Buy oat milk"' in answer.stdout
    assert '"completed":true' in answer.stdout


def test_every_file_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)|src=\"([^\"]+)\"", README)
    assert len(links) > 8
    assert [
        link for pair in links for link in pair if link and not (BASE_DIR / link).exists()
    ] == []
