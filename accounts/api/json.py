"""JSON as the API reads and writes it: strict coming in, fast going out."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, BinaryIO

import orjson
from django.utils.functional import Promise
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

DEEPEST = 20
OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
# Null characters, and halves of surrogate pairs.
UNKEPT = re.compile("[\x00\ud800-\udfff]")
NOT_UTF_8 = _("The body is not UTF-8.")


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None  # RFC 8259: JSON is UTF-8 and has no charset parameter.

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=plain, option=OPTIONS)


def plain(value: Any) -> Any:
    """Give `value`, of a type that orjson does not know, as one that it knows."""
    if isinstance(value, Promise | str):
        return str(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")


class JSONParser(BaseParser):
    """One JSON object in UTF-8, without anything that two programs could read in two ways.

    Duplicate keys, NaN, numbers beyond 64 bits, deep nesting, null characters and halves of
    surrogate pairs are refused (RFC 8259 sections 4, 6, 8 and 9 let us).
    """

    media_type = "application/json"

    def parse(
        self,
        stream: BinaryIO,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            data = json.loads(
                stream.read().decode("utf-8"),
                object_pairs_hook=members,
                parse_constant=refuse_constant,
                parse_float=finite,
                parse_int=bounded,
            )
            check_value(data, depth=1)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
        except UnicodeDecodeError:
            raise ParseError(NOT_UTF_8) from None
        except ValueError as problem:
            raise ParseError(_("This is not JSON: %(why)s.") % {"why": problem}) from None
        if not isinstance(data, dict):
            raise ParseError(_("The body must be one JSON object."))
        return data


def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def bounded(text: str) -> int:
    if len(text) > 20 or int(text).bit_length() > 63:
        raise ValueError("a number is too large")
    return int(text)


def check_value(value: Any, *, depth: int) -> None:
    """Raise ValueError where `value` nests too deeply or holds text that cannot be kept."""
    if isinstance(value, str):
        if UNKEPT.search(value):
            raise ValueError("a text has characters that cannot be kept")
    elif isinstance(value, dict | list):
        if depth > DEEPEST:
            raise ValueError("it is nested too deeply")
        parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        for part in parts:
            check_value(part, depth=depth + 1)


class Negotiation(DefaultContentNegotiation):
    """Choose a parser by content type, and refuse encodings that none of them reads."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser | None:
        charset = parse_header_parameters(request.content_type or "")[1].get("charset", "utf-8")
        encoding = request.headers.get("Content-Encoding", "identity")
        if charset.lower() not in {"utf-8", "utf8"} or encoding.lower() != "identity":
            raise UnsupportedMediaType(request.content_type)
        return super().select_parser(request, parsers)
