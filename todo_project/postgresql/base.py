"""Django's PostgreSQL, with a check of kept connections that asks the server nothing."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        """Close a connection that the server has left, before a request uses it.

        A server that ends a connection says so on it: whatever is to be read while nothing was
        asked calls for Django's own check, `SELECT 1`. That alone would be a tenth of a small
        request.
        """
        is_open = self.connection is not None
        if is_open and not self.health_check_done and is_silent(self.connection.fileno()):
            self.health_check_done = True
        super().close_if_health_check_failed()


def is_silent(descriptor: int) -> bool:
    """Whether nothing has come, and the other end has not hung up."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return not poll.poll(0)
