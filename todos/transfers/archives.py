"""Opening a zip that anybody may have made.

Nothing is unpacked onto a disk and nothing is believed: names are those of an export or it is
refused, and what is read is counted while it is read.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from todos.transfers.formats import DOCUMENT, MEMBERS

LARGEST_DOCUMENT = 512 * 1024 * 1024
# JSON of a to-do list becomes a tenth to a thirtieth; bombs a thousandth.
LARGEST_RATIO = 200
LARGEST_DIRECTORY = 16 * 1024
# APPNOTE.TXT 4.3.16: the record at the end, without a comment; 4.3.15: what leads to zip64's.
END, END_SIGNATURE, LOCATOR_SIGNATURE = struct.Struct("<4s4H2LH"), b"PK\5\6", b"PK\6\7"
LOCATOR_SIZE = 20
HEADER_SIZE = 30
ENCRYPTED = 0x1


class Document:
    """The document of an account while it is read."""

    def __init__(self, source: IO[bytes], *, most: int) -> None:
        self.source = source
        self.left = most

    def read(self, size: int) -> bytes:
        try:
            data = self.source.read(size)
        except (BadZipFile, zlib.error, EOFError, OSError):
            raise ValidationError(_("The file is damaged.")) from None
        self.left -= len(data)
        if self.left < 0:
            raise too_large()
        return data


@contextmanager
def document_in(file: IO[bytes]) -> Iterator[Document]:
    """The document in `file`, to be read once. Raises ValidationError for what is no export."""
    check_directory(file)
    try:
        archive = ZipFile(file)
    except (BadZipFile, NotImplementedError, ValueError, struct.error, OSError):
        raise no_export() from None
    with archive:
        check_members(archive)
        info = archive.getinfo(DOCUMENT)
        most = min(LARGEST_DOCUMENT, max(info.compress_size * LARGEST_RATIO, 1024 * 1024))
        if info.file_size > most:
            raise too_large()
        try:
            source = archive.open(info)
        except (BadZipFile, NotImplementedError, RuntimeError, struct.error, OSError):
            raise no_export() from None
        with source:
            yield Document(source, most=most)


def check_directory(file: IO[bytes]) -> None:
    """Refuse a zip with a directory that is too long to be read, or with parts of other kinds."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END.size - LOCATOR_SIZE))
    tail = file.read()
    if len(tail) < END.size:
        raise no_export()
    signature, *_numbers, length, _begin, comment = END.unpack(tail[-END.size :])
    if signature != END_SIGNATURE or tail.startswith(LOCATOR_SIGNATURE):
        raise no_export()
    if comment or length > LARGEST_DIRECTORY:
        raise no_export()


def check_members(archive: ZipFile) -> None:
    """Refuse an archive that has other members than an export has."""
    members = archive.infolist()
    names = [info.orig_filename for info in members]
    if len(set(names)) < len(names):
        raise ValidationError(_("A file is in it twice."))
    for info in members:
        if info.orig_filename not in MEMBERS:
            raise ValidationError(
                _("There is a file in it that no export has: %(name)s")
                % {"name": info.orig_filename[:100]}
            )
        check_member(info)
    if DOCUMENT not in names:
        raise no_export()
    spans = sorted((info.header_offset, info.compress_size) for info in members)
    for (begin, length), (following, _length) in pairwise([*spans, (archive.start_dir, 0)]):
        if begin + HEADER_SIZE + length > following:
            raise ValidationError(_("Files in it overlap."))


def check_member(info: ZipInfo) -> None:
    if info.flag_bits & ENCRYPTED:
        raise ValidationError(_("It is encrypted. Send the file as it was downloaded."))
    if stat.S_ISLNK(info.external_attr >> 16) or info.compress_type not in {
        ZIP_STORED,
        ZIP_DEFLATED,
    }:
        raise no_export()


def no_export() -> ValidationError:
    return ValidationError(
        _("This is no export of an account. Send the file as it was downloaded.")
    )


def too_large() -> ValidationError:
    return ValidationError(_("What is in the file is too large."))
