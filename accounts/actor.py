"""Who does something, through which session, and from where."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Actor:
    """A person, with the id of our session row they came through (None: shell or worker).

    `here` is the time zone that they are in, where it is known not to be that of the account.
    """

    user: User
    session: uuid.UUID | None = None
    here: ZoneInfo | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which their day begins."""
        return self.here or self.user.zone


@dataclass(frozen=True)
class Caller:
    """The address and the program at the other end, as far as they can be known."""

    ip: str | None = None
    user_agent: str = ""
