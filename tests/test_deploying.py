"""The files of deploy/ are what their programs understand, and as closed as they can be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import BASE_DIR

DEPLOY = BASE_DIR / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
UNITS = sorted((DEPLOY / "systemd").iterdir())
SETTINGS = set(re.findall(r"^#([A-Z_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE))
TOOLS = Path(sys.executable).parent


def told_by(*command: str | Path) -> str:
    """What `command` says of a file; fails where it does not take it."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_compose_is_as_its_schema_wants() -> None:
    schema = ["--builtin-schema", "vendor.compose-spec"]
    told_by(TOOLS / "check-jsonschema", *schema, DEPLOY / "compose.yaml")


def test_the_dockerfile_is_as_hadolint_wants() -> None:
    assert told_by(TOOLS / "hadolint", DEPLOY / "Dockerfile") == ""


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_only_what_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert "cap_add" not in service or name == "database"
    assert ("ports" in service) == (name == "nginx")
    assert "privileged" not in service and "network_mode" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_looked_after_and_its_volumes_are_named(name: str) -> None:
    service = SERVICES[name]
    if "dockerfile" not in str(service.get("build")):
        assert service["healthcheck"]["test"][0] == "CMD"
        assert re.search(r":\d[\w.-]+$", service["image"]), "The version is named."
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        if source.startswith("./"):
            assert volume.endswith(":ro")
            assert source == "./tls" or (DEPLOY / source).exists()
        else:
            assert source in COMPOSE["volumes"]


def test_every_variable_is_a_setting() -> None:
    text = (DEPLOY / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)) - {"POSTGRES_PASSWORD"}
    for service in SERVICES.values():
        if "build" in service:
            named |= service["environment"].keys()
    assert len(named) > 4
    assert named <= SETTINGS


def test_no_secret_lies_in_git() -> None:
    given = re.findall(r"(?:PASSWORD|SECRET\w*)=(.*)", (DEPLOY / ".env.example").read_text())
    assert given == [""]
    assert ".env" in (DEPLOY / ".gitignore").read_text().splitlines()
    assert set(re.findall(r"PASSWORD: +(\S+)", (DEPLOY / "compose.yaml").read_text())) == {
        "${POSTGRES_PASSWORD:?Set"
    }


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="There is no systemd-analyze.")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_as_systemd_wants_and_closed(unit: Path, tmp_path: Path) -> None:
    installed = tmp_path / unit.name.replace("@", "@8000")
    text = unit.read_text()
    installed.write_text(text.replace("/srv/todo/.venv/bin/python", sys.executable))
    assert told_by("systemd-analyze", "verify", "--man=no", installed) == ""
    looks = ["security", "--offline=true", "--threshold=20", "--no-pager"]
    told_by("systemd-analyze", *looks, installed)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_commands_that_are_there(unit: Path) -> None:
    commands = re.findall(r"^ExecStart(?:Pre)?=(.*)$", unit.read_text(), re.MULTILINE)
    assert commands
    for command in commands:
        python, *arguments = command.split()
        assert python == "/srv/todo/.venv/bin/python"
        if arguments[0] == "manage.py":
            environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "todo_project.settings"}
            asked = [sys.executable, BASE_DIR / "manage.py", arguments[1], "--help"]
            done = subprocess.run(asked, env=environment, capture_output=True, text=True)
            assert done.returncode == 0
            assert all(each in done.stdout for each in arguments if each.startswith("--"))
        else:
            assert arguments == ["-m", "todo_project.server"]
