"""Who does something, through which session, and from where."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Actor:
    """A person, with the id of our session row they came through (None: shell or worker)."""

    user: User
    session: uuid.UUID | None = None


@dataclass(frozen=True)
class Caller:
    """The address and the program at the other end, as far as they can be known."""

    ip: str | None = None
    user_agent: str = ""
