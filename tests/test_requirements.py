"""What is installed is what was tried: exact versions, each file of them by its hash."""

from __future__ import annotations

import re

import pytest

from tests.servers import BASE_DIR

NAMES = ["requirements", "requirements-dev"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==(\S+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    """The versions that `file` names, by the names of the packages in their one spelling."""
    found = PIN.findall((BASE_DIR / file).read_text())
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_package_has_one_version_and_hashes(name: str) -> None:
    text = (BASE_DIR / f"{name}.txt").read_text()
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    unlocked = [
        line for line in lines if not re.search(r"==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]
    assert len(lines) > 40
    assert unlocked == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_for_is_what_is_locked(name: str) -> None:
    asked, locked = pins(f"{name}.in"), pins(f"{name}.txt")
    assert len(asked) > 20
    assert {package: locked.get(package) for package in asked} == asked


def test_tests_run_on_the_versions_that_serve() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("name", NAMES)
def test_no_source_of_packages_is_named(name: str) -> None:
    """Whoever installs decides where from; the hashes say whether it is the same."""
    for ending in ("in", "txt"):
        text = (BASE_DIR / f"{name}.{ending}").read_text()
        assert "://" not in text
        assert "index" not in re.findall(r"^--(\w+)", text, flags=re.MULTILINE)
