"""Which piece of work a line of the log belongs to: a request, or a background job."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

logger = logging.getLogger(__name__)

NOTHING: Mapping[str, str] = MappingProxyType({})
marks: ContextVar[Mapping[str, str]] = ContextVar("marks", default=NOTHING)


def start(**facts: str) -> None:
    """Mark what this thread logs from here on, until it starts on something else."""
    marks.set(facts)


@contextmanager
def within(**facts: str) -> Iterator[None]:
    """Mark what is logged inside of the block."""
    token = marks.set({**marks.get(), **facts})
    try:
        yield
    finally:
        marks.reset(token)


def request_id() -> str:
    """What a person can quote about the request under way; "" outside of one."""
    return marks.get().get("request", "")


def log_uncaught() -> None:
    """Have the log tell what ends this process or a thread, where Python would print all of it."""

    def tell(error: BaseException | None) -> None:
        logger.critical("An exception that nobody caught.", exc_info=error)

    sys.excepthook = lambda kind, error, traceback: tell(error)
    threading.excepthook = lambda arguments: tell(arguments.exc_value)
