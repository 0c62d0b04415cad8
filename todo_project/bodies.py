"""How large the body of a request may be, known by its address before it is read."""

from __future__ import annotations

import copy
from typing import Any

from django.conf import settings
from waitress.parser import HTTPRequestParser


class Parser(HTTPRequestParser):
    """Lets the addresses that take the file of an account have a body of that size."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.path.removesuffix("/") in settings.IMPORT_PATHS:
            self.adj: Any = copy.copy(self.adj)
            self.adj.max_request_body_size += settings.LARGEST_IMPORT
