"""Several processes that live and die together."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

# Names the file descriptor that a parent holds open as long as it lives.
LIFELINE = "TODO_LIFELINE"
# So many seconds to end, once told to.
PATIENCE = 35
# So many ends of each process within a minute are a fault that starting again does not mend.
MOST_DEATHS = 5

# Set once this process was told to end: requests should be sent elsewhere.
ending = threading.Event()

logger = logging.getLogger(__name__)


def end_with_parent() -> None:
    """End this process, as Ctrl-C does, when the `supervise` that started it is gone."""
    descriptor = os.environ.get(LIFELINE)
    if descriptor is None:
        return

    def watch() -> None:
        os.read(int(descriptor), 1)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


def supervise(
    commands: Sequence[Sequence[str]],
    *,
    folder: Path,
    sockets: Sequence[socket.socket] = (),
    patience: float = 0,
) -> int:
    """Run `commands` side by side until told to end; one that ends by itself is started again.

    Those that name the descriptors of `sockets` inherit them: nobody else may hold one open when
    the servers have closed it. Here they are closed as soon as the end is asked for. All have
    `patience` seconds more than usual to end. Returns an exit code: 0 when it was told to end, by
    SIGINT or SIGTERM.
    """
    lifeline, held_open = os.pipe()
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: told.append(number))

    def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
        named = [each.fileno() for each in sockets if str(each.fileno()) in command]
        return subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env={**os.environ, LIFELINE: str(lifeline)},
            pass_fds=[lifeline, *named],
        )

    children = [start(command) for command in commands]
    deaths: deque[float] = deque(maxlen=MOST_DEATHS * len(commands))
    while not told and not is_hopeless(deaths):
        time.sleep(0.1)
        for index, child in enumerate(children):
            if child.poll() is not None and not told:
                deaths.append(time.monotonic())
                logger.error("%s ended: %s", " ".join(commands[index]), child.returncode)
                children[index] = start(commands[index])
    for each in sockets:
        each.close()
    end(children, within=PATIENCE + patience)
    os.close(lifeline)
    os.close(held_open)
    return 0 if told else 1


def is_hopeless(deaths: deque[float]) -> bool:
    """Whether processes end as fast as they are started."""
    return len(deaths) == deaths.maxlen and deaths[-1] - deaths[0] < 60


def end(children: Sequence[subprocess.Popen[bytes]], *, within: float) -> None:
    """Ask `children` to end, and insist when one has not after so many seconds."""
    deadline = time.monotonic() + within
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
