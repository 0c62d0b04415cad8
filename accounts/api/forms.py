"""Forms as the API reads them: in UTF-8, as JSON is."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from django.http import QueryDict
from django.http.multipartparser import MultiPartParser as DjangoParser
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from accounts.api.json import NOT_UTF_8

# Every byte is one of its characters, so what was read with it can be read again.
ANY_BYTES = "latin-1"


class FormParser(parsers.FormParser):
    def parse(
        self,
        stream: BinaryIO,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> QueryDict:
        body = stream.read()
        try:
            unquote_to_bytes(body.decode()).decode()
        except UnicodeDecodeError:
            raise ParseError(NOT_UTF_8) from None
        return super().parse(BytesIO(body), media_type, parser_context)


class MultiPartParser(parsers.MultiPartParser):
    def parse(
        self,
        stream: BinaryIO,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> parsers.DataAndFiles:
        request = (parser_context or {})["request"]
        meta = request.META | {"CONTENT_TYPE": media_type}
        try:
            parser = PartsOfAnyBytes(meta, stream, request.upload_handlers, ANY_BYTES)
            data, files = parser.parse()
            return parsers.DataAndFiles(fields_in_utf_8(data), files_in_utf_8(files))
        except UnicodeDecodeError:
            raise ParseError(NOT_UTF_8) from None
        except MultiPartParserError as problem:
            raise ParseError(_("This is no form: %(why)s.") % {"why": problem}) from None


class PartsOfAnyBytes(DjangoParser):
    """Reads the parts of a form byte by byte: Django would read U+FFFD for what is not UTF-8."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        return super().sanitize_file_name(in_utf_8(file_name))


def in_utf_8(text: str) -> str:
    return text.encode(ANY_BYTES).decode()


def fields_in_utf_8(data: QueryDict) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in data.lists():
        found.setlist(in_utf_8(name), [in_utf_8(value) for value in values])
    return found


def files_in_utf_8(files: MultiValueDict[str, Any]) -> MultiValueDict[str, Any]:
    return MultiValueDict({in_utf_8(name): values for name, values in files.lists()})
