"""Static files as they are served: few requests, each kept by browsers for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/app.css"
IMPORT = re.compile(r'@import url\("([\w./-]+)"\);')
# "./rows.js", in any kind of import, and what is put there.
OF_MODULE = (r"""(?P<matched>"(?P<url>\./[\w-]+\.js)")""", '"%(url)s"')

Paths = dict[str, tuple[Storage, str]]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Gives each file a name with the hash of what is in it, and compresses it.

    `SHEET` imports the others, which are written in their places: one request instead of a score.
    Our modules import each other by their hashed names; those of others are left alone.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", [OF_MODULE]))

    def post_process(
        self, paths: Paths, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if SHEET in paths and not dry_run:
            self.delete(SHEET)
            self._save(SHEET, ContentFile(with_imports(SHEET, paths).encode()))
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def with_imports(name: str, paths: Paths) -> str:
    """The text of a sheet with those that it imports in their places."""
    return IMPORT.sub(
        lambda found: text_of(join(dirname(name), found[1]), paths), text_of(name, paths)
    )


def text_of(name: str, paths: Paths) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
