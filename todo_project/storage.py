"""Static files as they are served: few requests, each kept by browsers for good."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from posixpath import dirname, join
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/app.css"
OUR_SCRIPTS = "js/*.js"
IMPORT = re.compile(r'@import url\("([\w./-]+)"\);')
# "./rows.js", in any kind of import, and what is put there.
OF_MODULE = (r"""(?P<matched>"(?P<url>\./[\w-]+\.js)")""", '"%(url)s"')
# Comments of a sheet, and the lines of a script that are nothing else: a tenth of what is sent.
SHEET_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
SCRIPT_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)

Paths = dict[str, tuple[Storage, str]]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Gives each file a name with the hash of what is in it, and compresses it.

    `SHEET` imports the others, which are written in their places: one request instead of a score.
    Our modules import each other by their hashed names; those of others are left alone.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, (OUR_SCRIPTS, [OF_MODULE]))

    def post_process(
        self, paths: Paths, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        changed = {} if dry_run else dict(as_sent(paths))
        for name, text in changed.items():
            self.delete(name)
            self._save(name, ContentFile(text.encode()))
        paths = {**paths, **{name: (self, name) for name in changed}}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def as_sent(paths: Paths) -> Iterator[tuple[str, str]]:
    """The files of ours that are sent otherwise than they are written, with their texts."""
    if SHEET in paths:
        yield SHEET, SHEET_COMMENT.sub("", with_imports(SHEET, paths))
    for name in fnmatch.filter(paths, OUR_SCRIPTS):
        yield name, SCRIPT_COMMENT.sub("", text_of(name, paths))


def with_imports(name: str, paths: Paths) -> str:
    """The text of a sheet with those that it imports in their places."""
    return IMPORT.sub(
        lambda found: text_of(join(dirname(name), found[1]), paths), text_of(name, paths)
    )


def text_of(name: str, paths: Paths) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
