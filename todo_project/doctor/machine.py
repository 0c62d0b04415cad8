"""This machine: its disk and files, and what it knows of time zones."""

from __future__ import annotations

import shutil
import zoneinfo
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from todo_project.doctor.findings import Finding, Findings, ok, problem, warning

GIB = 1024**3
OLDEST_BACKUP = timedelta(days=2)
LONG_SECRET = 50


def age_of_backup() -> timedelta | None:
    """How long ago the newest backup was finished; None where there is none."""
    files = (settings.DATA_DIR / "backups").glob("todo-*")
    moments = [file.stat().st_mtime for file in files if file.suffix != ".part"]
    return timedelta(seconds=timezone.now().timestamp() - max(moments)) if moments else None


def look_at_backups() -> Findings:
    age = age_of_backup()
    how = (
        "The worker makes one each day: see whether it runs, or run manage.py backup."
        if settings.IS_SQLITE
        else "Run manage.py backup every night (docs/deploying.md), unless yours are elsewhere."
    )
    if age is None:
        yield warning("There is no backup in DATA_DIR/backups.", how)
    elif age > OLDEST_BACKUP:
        yield warning(f"The newest backup is {age.days} days old.", how)
    else:
        yield ok(f"The newest backup is {age.total_seconds() / 3600:.0f} hours old.")


def look_at_secrets() -> Findings:
    findings = [
        *readable_by_others(settings.DATA_DIR, "DATA_DIR", "700"),
        *readable_by_others(settings.DATA_DIR / "secret_key", "DATA_DIR/secret_key", "600"),
        *readable_by_others(settings.BASE_DIR / ".env", "The file .env", "600"),
    ]
    if len(settings.SECRET_KEY) < LONG_SECRET:
        findings.append(
            warning(
                f"SECRET_KEY has {len(settings.SECRET_KEY)} characters.",
                f"Use {LONG_SECRET} random ones, and keep the former in SECRET_KEY_FALLBACKS "
                "for 30 days.",
            )
        )
    if settings.SECRET_KEY_FALLBACKS or settings.REFRESH_SECRET_KEY_FALLBACKS:
        findings.append(
            warning(
                "Former keys are still accepted.",
                "Take them out of the settings 30 days after the change.",
            )
        )
    yield from findings or [ok("The secrets are long, and this account alone can read them.")]


def readable_by_others(path: Path, name: str, mode: str) -> list[Finding]:
    if not path.exists() or not path.stat().st_mode & 0o077:
        return []
    return [warning(f"{name} can be read by others on this machine.", f"Run: chmod {mode} {path}")]


def look_at_disk() -> Findings:
    disk = shutil.disk_usage(settings.DATA_DIR)
    found = f"{disk.free / GIB:.1f} GiB are left where the data are."
    advice = "Make room, or move DATA_DIR to a larger disk."
    if disk.free < GIB / 10:
        yield problem(found, advice)
    elif disk.free < GIB:
        yield warning(found, advice)
    else:
        yield ok(found)


def look_at_time_zones() -> Findings:
    known, release = len(zoneinfo.available_timezones()), release_of_time_zones()
    advice = "Update the system's package tzdata, or install the requirements anew."
    if known < 400:
        yield problem(f"This machine knows {known} time zones.", advice)
    elif int(release[:4]) < timezone.now().year - 1:
        yield warning(f"The rules of time zones are of {release}.", advice)
    else:
        yield ok(f"{known} time zones, by the rules of {release}.")


def release_of_time_zones() -> str:
    """Of the system's, which Python asks first, or of Python's own."""
    for folder in zoneinfo.TZPATH:
        rules = Path(folder) / "tzdata.zi"
        if rules.is_file():
            with rules.open() as file:
                return file.readline().removeprefix("# version ").strip()
    return version("tzdata")


def look_at_static_files() -> Findings:
    if settings.DEBUG or (settings.STATIC_ROOT / "staticfiles.json").is_file():
        yield ok("Style sheets and scripts are there.")
    else:
        yield problem(
            "Style sheets and scripts were not prepared.",
            "manage.py serve does it, or run manage.py collectstatic.",
        )
